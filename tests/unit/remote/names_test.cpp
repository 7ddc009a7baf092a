#include "remote/names.hpp"

#include <catch2/catch.hpp>

#include "store/ref_names.hpp"

using namespace gitplan;
using namespace gitplan::remote;

namespace {

const git::Oid oid = *git::Oid::parse("0123456789abcdef0123456789abcdef01234567");
constexpr std::string_view session = "session-20250112-143000";

}  // namespace

TEST_CASE("a ref of the remote is made and parsed alike, below either prefix") {
  const auto prefix = GENERATE(usual_prefix, branch_prefix);
  const Names names = *Names::below(prefix);
  CHECK(names.beat("flow/a") == std::string(prefix) + "beat/flow/a");
  CHECK(names.parse(names.beat("flow/a")) == SharedName(BeatName{"flow/a"}));
  CHECK(names.claim(session, 2) == std::string(prefix) + "claims/session-20250112-143000/002");
  CHECK(names.parse(names.claim(session, 12345)) ==
        SharedName(ClaimName{std::string(session), 12345}));
  CHECK(names.parse(names.landing("flow")) == SharedName(LandingName{"flow"}));
  CHECK(names.parse(names.done(session, 7)) == SharedName(DoneName{std::string(session), 7}));
}

TEST_CASE("only two prefixes are accepted") {
  for (const auto* other : {"", "refs/", "refs/heads/", "refs/git-plan", "refs/heads/git-plan",
                            "refs/git-plan/x/", "--upload-pack=x", "refs/tags/git-plan/"}) {
    CHECK_FALSE(Names::below(other));
  }
}

TEST_CASE("what a remote lists beside our grammar is nobody's") {
  const Names names;
  for (const auto* ref : {"",
                          "refs/git-plan/",
                          "refs/git-plan/claims",
                          "refs/git-plan/claims/",
                          "refs/heads/flow",
                          "refs/git-plan/claims/s/1",
                          "refs/git-plan/claims/s/0001",
                          "refs/git-plan/claims/S/001",
                          "refs/git-plan/claims/s/001-slug",
                          "refs/git-plan/claims/s/001/x",
                          "refs/git-plan/beat/",
                          "refs/git-plan/beat/-x",
                          "refs/git-plan/beat/a..b",
                          "refs/git-plan/beat/a\x1b[m",
                          "refs/git-plan/seen/origin/beat/flow",
                          "refs/git-plan/mine/claims/s/001/x",
                          "refs/git-plan/rescue/worker-1/20250112T143000Z",
                          "refs/git-plan/rescue/m/worker-0/20250112T143000Z",
                          "refs/git-plan/rescue/m/worker-1/20250112T143000Z-1",
                          "refs/git-plan/rescue/m/worker-99999999999/20250112T143000Z",
                          "refs/git-plan/attempts/s/001/yesterday",
                          "refs/heads/git-plan/claims/s/001"}) {
    INFO(ref);
    CHECK_FALSE(names.parse(ref));
  }
}

TEST_CASE("rescue refs name the machine, done and attempt refs are called as here") {
  const Names names = *Names::below(branch_prefix);
  const std::string rescue = ref_names::rescue_ref(2, 1736692200, 3);
  CHECK(names.shared(rescue, "build-1a2b") ==
        "refs/heads/git-plan/rescue/build-1a2b/worker-2/20250112T143000Z-3");
  CHECK(names.parse(*names.shared(rescue, "m")) ==
        SharedName(RescueName{"m", 2, "20250112T143000Z-3"}));
  CHECK(names.shared(ref_names::attempt_ref(session, "001", 1736692200, 1), "m") ==
        "refs/heads/git-plan/attempts/session-20250112-143000/001/20250112T143000Z");
  CHECK(names.shared(ref_names::done_ref(session, 1), "m") == names.done(session, 1));
  CHECK_FALSE(names.shared("refs/git-plan/mine/claims/s/001/x", "m"));
  CHECK_FALSE(names.shared("refs/heads/flow", "m"));
}

TEST_CASE("what was seen of a remote is kept where the prefix does not matter") {
  const Names usual;
  const Names branches = *Names::below(branch_prefix);
  CHECK(usual.kept("origin", "refs/heads/plan/x") == "refs/remotes/origin/plan/x");
  CHECK(branches.kept("up/stream", "refs/heads/flow") == "refs/remotes/up/stream/flow");
  CHECK(usual.kept("origin", usual.beat("flow")) == "refs/git-plan/seen/origin/beat/flow");
  CHECK(branches.kept("origin", branches.beat("flow")) == usual.kept("origin", usual.beat("flow")));
  CHECK_FALSE(usual.kept("origin", "refs/tags/v1"));
  for (const auto* ref : {"refs/heads/flow", "refs/git-plan/claims/s/001"}) {
    CHECK(usual.of_kept("origin", *usual.kept("origin", ref)) == ref);
  }
  CHECK_FALSE(usual.of_kept("origin", "refs/remotes/other/flow"));
}

TEST_CASE("a star stands for what follows, and for something") {
  CHECK(matches("refs/heads/flow", "refs/heads/flow"));
  CHECK_FALSE(matches("refs/heads/flow", "refs/heads/flow2"));
  CHECK(matches("refs/git-plan/claims/s/*", "refs/git-plan/claims/s/001"));
  CHECK_FALSE(matches("refs/git-plan/claims/s/*", "refs/git-plan/claims/s/"));
  CHECK(matches("refs/heads/task/001-*", "refs/heads/task/001-x"));
}

TEST_CASE("notes of one's own are named by what they note") {
  const ClaimName claim{std::string(session), 3};
  const auto note = parse_mine(mine_claim(claim, oid));
  REQUIRE(note);
  CHECK(std::get<ClaimName>(note->of) == claim);
  CHECK(note->object == oid);
  CHECK(mine_claim(claim, oid).starts_with(mine_claims(claim)));
  const auto landing = parse_mine(mine_landing({"team/flow"}, oid));
  REQUIRE(landing);
  CHECK(std::get<LandingName>(landing->of).flow == "team/flow");
  for (const auto* ref : {"refs/git-plan/mine/", "refs/git-plan/mine", "refs/git-plan/mine/claims/",
                          "refs/git-plan/mine/claims/s/001/short", "refs/x", ""}) {
    CHECK_FALSE(parse_mine(ref));
  }
}

TEST_CASE("machines are called what a ref can hold") {
  for (const auto* name : {"a", "build-1a2b", "A.b_c-9"}) CHECK(is_machine(name));
  CHECK(is_machine(std::string(64, 'x')));
  CHECK_FALSE(is_machine(std::string(65, 'x')));
  for (const auto* name : {"", "-x", ".x", "a b", "a/b", "a..b", "a.lock", "\xc3\xa9", "a\n"})
    CHECK_FALSE(is_machine(name));
}

TEST_CASE("a clone without a name is called after its host and itself") {
  const auto name = default_machine("build.example.org", "/home/a/x/.git", 4711);
  CHECK(name.starts_with("build.example.org-"));
  CHECK(name.size() == std::string("build.example.org-1a2b").size());
  CHECK(name == default_machine("build.example.org", "/home/a/x/.git", 4711));
  CHECK(name != default_machine("build.example.org", "/home/a/x/.git", 4712));
  CHECK(name != default_machine("build.example.org", "/home/a/y/.git", 4711));
  const std::string long_host(200, 'a');
  for (const auto host : {std::string_view(""), std::string_view("-x"), std::string_view("a..b"),
                          std::string_view("\xff\x1b["), std::string_view(long_host)}) {
    CHECK(is_machine(default_machine(host, "/x", 1)));
  }
}
