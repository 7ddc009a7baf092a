// The remote through git itself: a bare repository beside two clones.
#include "remote/git_hub.hpp"

#include <catch2/catch.hpp>
#include <chrono>

#include "base/error.hpp"
#include "git/config.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "remote/claim.hpp"
#include "remote/transact.hpp"
#include "unit/git/scratch_repository.hpp"

using namespace gitplan;
using namespace gitplan::remote;
using testing::ScratchRepository;

namespace {

const Names names;
constexpr const char* flow = "refs/heads/flow";
const std::string claim = names.claim("s", 1);
const std::string beat = names.beat("flow");

/// HOME/hub.git with a flow branch of one commit, the scratch repository and "other" clones of it.
class Shared {
 public:
  Shared() {
    scratch.commit_file("f", "1");
    scratch.git({"branch", "flow"});
    scratch.git({"clone", "-q", "--bare", scratch.folder(), hub()});
    scratch.git({"remote", "add", "origin", hub()});
    scratch.git({"clone", "-q", hub(), other()});
  }
  [[nodiscard]] std::string hub() const { return scratch.root() + "/hub.git"; }
  [[nodiscard]] std::string other() const { return scratch.root() + "/other"; }
  [[nodiscard]] std::string at_hub(const std::string& ref) const {
    return ScratchRepository::try_git_in(hub(), {"rev-parse", "-q", "--verify", ref}).output;
  }
  void hub_hook(const std::string& name, const std::string& script) const {
    scratch.write(hub() + "/hooks/" + name, "#!/bin/sh\n" + script);
    std::filesystem::permissions(hub() + "/hooks/" + name, std::filesystem::perms::owner_all);
  }

  ScratchRepository scratch;
};

Claim claim_by(const std::string& machine) {
  Claim made;
  made.machine = machine;
  return made;
}

SeenRefs seen_in(const std::variant<SeenRefs, NotReached>& answer) {
  if (const auto* not_reached = std::get_if<NotReached>(&answer)) FAIL(not_reached->words);
  return std::get<SeenRefs>(answer);
}

const std::vector<std::string> all{flow, "refs/heads/plan/s", names.claims("s"), beat,
                                   names.landing("flow")};

}  // namespace

TEST_CASE("what is pushed is seen by another clone, with its object, and when it is gone") {
  const Shared shared;
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  const auto theirs = git::Repository::open(shared.other() + "/.git");
  HubOverGit hub(mine, "origin", names);
  HubOverGit other(theirs, "origin", names);
  CHECK(seen_in(hub.fetch(all)).size() == 1);

  const git::Oid made = write_claim(mine, claim_by("a"), "Claim", {});
  const git::Oid first = write_beat(mine, {}, "a");
  const auto outcome = hub.push({{{beat, {}, first}, {claim, {}, made}}});
  REQUIRE(to_string(outcome.kind) == "pushed");
  CHECK(git::read_ref(mine, *names.kept("origin", claim)) == made);

  CHECK(seen_in(other.list(std::vector{beat})) == SeenRefs{{beat, first}});
  CHECK(last_seen(theirs, "origin", names, all).count(claim) == 0);
  CHECK(seen_in(other.fetch(all)).at(claim) == made);
  CHECK(last_seen(theirs, "origin", names, all).at(claim) == made);
  CHECK(standing_claim(theirs, made).claim->machine == "a");

  const git::Oid next = write_beat(theirs, first, "b");
  CHECK(other.push({{{beat, first, next}, {claim, made, {}}}}).kind == PushOutcome::Kind::pushed);
  CHECK(last_seen(theirs, "origin", names, all).count(claim) == 0);
  CHECK(seen_in(hub.fetch(all)).count(claim) == 0);
  CHECK_FALSE(git::read_ref(mine, *names.kept("origin", claim)));
}

TEST_CASE("a claim that is there already is not made, and nothing moves with it") {
  const Shared shared;
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  HubOverGit hub(mine, "origin", names);
  const git::Oid theirs = write_claim(mine, claim_by("b"), "Claim", {});
  REQUIRE(hub.push({{{claim, {}, theirs}}}).kind == PushOutcome::Kind::pushed);
  const git::Oid ours = write_claim(mine, claim_by("a"), "Claim", {});
  const auto outcome = hub.push({{{beat, {}, write_beat(mine, {}, "a")}, {claim, {}, ours}}});
  CHECK(outcome.kind == PushOutcome::Kind::rejected);
  CHECK(outcome.rejected == std::vector{claim});
  CHECK(shared.at_hub(beat).empty());
  CHECK(git::read_ref(mine, *names.kept("origin", claim)) == theirs);
}

TEST_CASE("branches that are not there are no failure, and their copies go") {
  const Shared shared;
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  HubOverGit hub(mine, "origin", names);
  shared.scratch.git({"update-ref", "refs/remotes/origin/plan/s", "HEAD"});
  CHECK(seen_in(hub.fetch(std::vector<std::string>{"refs/heads/plan/s", flow})).size() == 1);
  CHECK_FALSE(git::read_ref(mine, "refs/remotes/origin/plan/s"));
}

TEST_CASE("a fetch takes what it was told, whatever the configuration says") {
  const Shared shared;
  ScratchRepository::git_in(shared.hub(), {"tag", "v1", "flow"});
  ScratchRepository::git_in(shared.hub(), {"branch", "aside", "flow"});
  shared.scratch.git({"config", "fetch.prune", "true"});
  shared.scratch.git({"config", "remote.origin.tagOpt", "--tags"});
  shared.scratch.git({"update-ref", "refs/remotes/origin/keep", "HEAD"});
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  HubOverGit(mine, "origin", names).fetch(all);
  CHECK(shared.scratch.git({"for-each-ref", "--format=%(refname)", "refs/tags", "refs/remotes"}) ==
        "refs/remotes/origin/flow\nrefs/remotes/origin/keep");
}

TEST_CASE("a host that refuses, and one that is not there, say why") {
  const Shared shared;
  shared.hub_hook("pre-receive", "echo closed on Sundays; exit 1\n");
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  HubOverGit hub(mine, "origin", names);
  const auto refused = hub.push({{{beat, {}, write_beat(mine, {}, "a")}}});
  CHECK(refused.kind == PushOutcome::Kind::refused);
  CHECK(refused.words == "remote: closed on Sundays");
  shared.scratch.git({"remote", "set-url", "origin", shared.scratch.root() + "/nowhere"});
  CHECK(hub.push({{{beat, {}, write_beat(mine, {}, "a")}}}).kind == PushOutcome::Kind::unreachable);
  CHECK(std::holds_alternative<NotReached>(hub.fetch(all)));
  CHECK(std::holds_alternative<NotReached>(hub.list(all)));
}

TEST_CASE("a host that hides what we write, and one without atomic pushes") {
  const Shared shared;
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  HubOverGit hub(mine, "origin", names);
  const Push push{{{beat, {}, write_beat(mine, {}, "a")}}};
  ScratchRepository::git_in(shared.hub(), {"config", "receive.hideRefs", "refs/git-plan"});
  CHECK(hub.push(push).kind == PushOutcome::Kind::refused);
  ScratchRepository::git_in(shared.hub(), {"config", "receive.advertiseAtomic", "false"});
  CHECK(hub.push(push).kind == PushOutcome::Kind::unsupported);
}

TEST_CASE("a host that says nothing is waited for as long as was said") {
  Shared shared;
  shared.scratch.git({"config", "plan.remoteTimeout", "1"});
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  const auto begun = std::chrono::steady_clock::now();
  {
    shared.hub_hook("pre-receive", "sleep 600\n");
    HubOverGit hub(mine, "origin", names);
    CHECK(hub.push({{{beat, {}, write_beat(mine, {}, "a")}}}).kind == PushOutcome::Kind::unknown);
  }
  shared.scratch.set_environment("GIT_SSH_COMMAND", "sleep 600; :");
  shared.scratch.git({"remote", "set-url", "origin", "ssh://host/hub.git"});
  HubOverGit hub(mine, "origin", names);
  CHECK(std::get<NotReached>(hub.list(all)).words == "no answer for too long");
  CHECK(std::get<NotReached>(hub.fetch(all)).words == "no answer for too long");
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(60));
}

TEST_CASE("nobody is asked, and an ssh that the user chose is left alone") {
  Shared shared;
  const auto has = [&](const std::string& name) {
    const auto repository = git::Repository::open(shared.scratch.git_dir());
    const auto variables = unattended(git::Config(repository));
    return std::ranges::any_of(variables, [&](const auto& one) { return one.first == name; });
  };
  shared.scratch.set_environment("GIT_SSH_COMMAND", std::nullopt);
  shared.scratch.set_environment("GIT_SSH", std::nullopt);
  CHECK(has("GIT_TERMINAL_PROMPT"));
  CHECK(has("GIT_SSH_COMMAND"));
  shared.scratch.git({"config", "core.sshCommand", "myssh"});
  CHECK_FALSE(has("GIT_SSH_COMMAND"));
}

TEST_CASE("how long is waited is a duration") {
  const ScratchRepository scratch;
  const auto timeout = [&](const std::string& text) {
    scratch.git({"config", "plan.remoteTimeout", text});
    const auto repository = git::Repository::open(scratch.git_dir());
    return remote_timeout(git::Config(repository)).count();
  };
  CHECK(timeout("90") == 90000);
  CHECK(timeout("2 minutes") == 120000);
  for (const auto* bad : {"", "soon", "-1", "0"}) CHECK_THROWS_AS(timeout(bad), Error);
}

TEST_CASE("notes are this clone's, and not those of a copy of it") {
  const ScratchRepository scratch;
  const auto repository = git::Repository::open(scratch.git_dir());
  const git::Oid made = write_claim(repository, claim_by("a"), "Claim", {});
  const Note note{ClaimName{"s", 1}, made, "origin", false, {}, made, made};
  const Note landing{LandingName{"team/flow"}, made, "origin", true, made};
  GitNotebook notebook(repository);
  notebook.write(std::vector{note, landing});
  CHECK(notebook.notes() == std::vector{note, landing});
  scratch.git({"update-ref", mine_claim({"s", 2}, made), made.hex()});

  std::filesystem::copy(scratch.git_dir(), scratch.root() + "/copy.git",
                        std::filesystem::copy_options::recursive);
  const auto copy = git::Repository::open(scratch.root() + "/copy.git");
  CHECK(GitNotebook(copy).notes().empty());

  notebook.forget(std::vector{note});
  CHECK(notebook.notes() == std::vector{landing});
}

TEST_CASE("what another pushed meanwhile is decided on again") {
  const Shared shared;
  const auto mine = git::Repository::open(shared.scratch.git_dir());
  const auto theirs = git::Repository::open(shared.other() + "/.git");
  HubOverGit hub(mine, "origin", names);
  HubOverGit other(theirs, "origin", names);
  GitNotebook notebook(mine);
  Means means = real_means(hub, notebook, mine, names, "a");
  means.sleep = [](auto) {};
  int decided = 0;
  const Ended ended =
      transact(means, {"origin", "flow", all}, [&](const Seen& seen) -> std::optional<Transaction> {
        if (++decided == 1) {
          other.push({{{beat, {}, write_beat(theirs, {}, "b")},
                       {claim, {}, write_claim(theirs, claim_by("b"), "Claim", {})}}});
        }
        const std::string free = seen.at(claim) ? names.claim("s", 2) : claim;
        const git::Oid made = write_claim(mine, claim_by("a"), "Claim", {});
        return Transaction{
            {{free, {}, made}}, Push::PrePush::skip, {Note{*claim_of(names, free), made}}};
      });
  CHECK(ended.kind == Ended::Kind::pushed);
  CHECK(decided == 2);
  CHECK(ended.seen.at(names.claim("s", 2)).has_value());
  const auto notes = notebook.notes();
  REQUIRE(notes.size() == 1);
  CHECK(judge(notes[0], facts_of(notes[0], ended.seen, names, false)) == Fate::stands);
}
