// Texts as git 2.39 writes them, each taken from a run (FIRST and SECOND stand for refs of it).
#include <catch2/catch.hpp>

#include "remote/push.hpp"

using namespace gitplan;
using namespace gitplan::remote;
using Kind = PushOutcome::Kind;

namespace {

const git::Oid one = *git::Oid::parse("9b1aa68d13105099f6da5ced37ddc65254646504");
const git::Oid two = *git::Oid::parse("0d4716c411e0a2b5fc62fdf3a23e453c7cb97477");
constexpr const char* flow = "refs/heads/flow";
constexpr const char* claim = "refs/git-plan/claims/s/001";

const Push push{{{flow, one, two}, {claim, std::nullopt, one}}};

constexpr const char* progress =
    "Enumerating objects: 1, done.\n"
    "Counting objects: 100% (1/1)\rCounting objects: 100% (1/1), done.\n"
    "Writing objects: 100% (1/1)\rWriting objects: 100% (1/1), 160 bytes | 80.00 KiB/s, done.\n"
    "Total 1 (delta 0), reused 0 (delta 0), pack-reused 0\n";

/// Porcelain lines of both refs, `FLOW` and `CLAIM` their summaries.
std::string lines(const std::string& flow_line, const std::string& claim_line) {
  std::string text = "To ../hub.git\n";
  text +=
      flow_line.substr(0, 1) + "\t" + two.hex() + ":" + flow + "\t" + flow_line.substr(1) + "\n";
  text +=
      claim_line.substr(0, 1) + "\t" + one.hex() + ":" + claim + "\t" + claim_line.substr(1) + "\n";
  return text + "Done\n";
}

PushOutcome read(int status, const std::string& output, const std::string& errors) {
  return read_report({status, output, progress + errors, false}, push);
}

using Refs = std::vector<std::string>;

}  // namespace

TEST_CASE("what moves is leased, named in full, and nothing of the user's goes with it") {
  const auto words = push_arguments(
      {{{flow, one, two}, {"refs/heads/plan/s", one, one}, {claim, one, std::nullopt}}}, "origin");
  const auto has = [&](const std::string& word) {
    return std::ranges::find(words, word) != words.end();
  };
  for (const auto* option : {"--atomic", "--porcelain", "--no-follow-tags", "--no-signed",
                             "--recurse-submodules=no", "--no-verify", "push.pushOption="}) {
    CHECK(has(option));
  }
  CHECK(has("--force-with-lease=refs/heads/flow:" + one.hex()));
  CHECK(has(two.hex() + ":refs/heads/flow"));
  CHECK(has("--force-with-lease=refs/git-plan/claims/s/001:" + one.hex()));
  CHECK(has(":refs/git-plan/claims/s/001"));
  CHECK(std::ranges::none_of(words, [](const std::string& word) {
    return word.find("plan/s:") != std::string::npos || word.ends_with("refs/heads/plan/s");
  }));
  const auto creates = push_arguments({{{claim, {}, one}}, Push::PrePush::run}, "origin");
  CHECK(std::ranges::find(creates, "--force-with-lease=refs/git-plan/claims/s/001:") !=
        creates.end());
  CHECK(std::ranges::find(creates, "--verify") != creates.end());
}

TEST_CASE("pushed is what git says of each ref") {
  CHECK(read(0, lines(" 9b1aa68..0d4716c", "*[new reference]"), "").kind == Kind::pushed);
  CHECK(read(0, lines("+1c0ac2f...0d4716c (forced update)", "-[deleted]"), "").kind ==
        Kind::pushed);
  CHECK(read(0, lines("=[up to date]", "*[new reference]"), "").kind == Kind::pushed);
  CHECK(read(0, "To ../hub.git\n \tx:refs/heads/flow\t9b1aa68..0d4716c\nDone\n", "").kind ==
        Kind::unknown);
  CHECK(read(0, "", "").kind == Kind::unknown);
  CHECK(read(1, lines(" 9b1aa68..0d4716c", "*[new reference]"), "").kind == Kind::unknown);
}

TEST_CASE("a lease that is stale here names what moved, and is no broken connection") {
  const auto outcome =
      read(1, lines("![rejected] (stale info)", "![rejected] (atomic push failed)"),
           "error: atomic push failed for ref refs/heads/flow. status: 7\n\n"
           "fatal: the remote end hung up unexpectedly\n"
           "error: failed to push some refs to '../hub.git'\n");
  CHECK(outcome.kind == Kind::rejected);
  CHECK(outcome.rejected == Refs{flow});
  const auto deletion = read_report(
      {1,
       "To ../hub.git\n"
       "!\t0d4716c411e0a2b5fc62fdf3a23e453c7cb97477:refs/heads/flow\t[rejected] (atomic "
       "push failed)\n"
       "!\t(delete):refs/git-plan/claims/s/001\t[rejected] (stale info)\nDone\n",
       "fatal: the remote end hung up unexpectedly\n", false},
      push);
  CHECK(deletion.kind == Kind::rejected);
  CHECK(deletion.rejected == Refs{claim});
}

TEST_CASE("why the host's transaction failed stands on standard error only") {
  const std::string both = lines("![remote rejected] (atomic transaction failed)",
                                 "![remote rejected] (atomic transaction failed)");
  CHECK(read(1, both,
             "remote: error: cannot lock ref 'refs/heads/flow': is at "
             "1c0ac2f95483df529aadf1fb2e7369e02691ccb2 but expected "
             "9b1aa68d13105099f6da5ced37ddc65254646504        \n")
            .kind == Kind::rejected);
  CHECK(read(1, both,
             "remote: error: cannot lock ref 'refs/git-plan/claims/s/001': reference already "
             "exists        \n")
            .kind == Kind::rejected);
  const auto locked =
      read(1, both,
           "remote: error: cannot lock ref 'refs/heads/flow': Unable to create "
           "'/srv/hub.git/./refs/heads/flow.lock': File exists.        \nremote: \n"
           "remote: Another git process seems to be running in this repository, e.g.        \n");
  CHECK(locked.kind == Kind::locked);
  CHECK(locked.words.find("flow.lock") != std::string::npos);
  CHECK(
      read(1, both,
           "remote: error: Unable to create '/srv/hub.git/./packed-refs.lock': File exists.    \n")
          .kind == Kind::locked);
  const auto in_the_way =
      read(1, both,
           "remote: error: cannot lock ref 'refs/heads/flow': 'refs/heads/flow/x' exists; cannot "
           "create 'refs/heads/flow'        \n");
  CHECK(in_the_way.kind == Kind::refused);
  CHECK(read(1, both, "").kind == Kind::rejected);
}

TEST_CASE("what the host does not want is refused in its words, fit for a terminal") {
  const auto hook = read(1,
                         lines("![remote rejected] (pre-receive hook declined)",
                               "![remote rejected] (pre-receive hook declined)"),
                         "remote: no claims here: \x1b[31m        \n"
                         "error: failed to push some refs to '../hub.git'\n");
  CHECK(hook.kind == Kind::refused);
  CHECK(hook.words == "remote: no claims here: \\x1b[31m");
  const auto one_ref = read(
      1, lines("![remote rejected] (hook declined)", "![remote rejected] (atomic push failure)"),
      "remote: not flow        \nremote: error: hook declined to update refs/heads/flow        \n");
  CHECK(one_ref.kind == Kind::refused);
  CHECK(one_ref.rejected == Refs{flow});
  CHECK(read(1,
             lines("![remote rejected] (branch is currently checked out)",
                   "![remote rejected] (atomic push failure)"),
             "")
            .kind == Kind::refused);
  CHECK(read(1,
             lines("![remote rejected] (non-fast-forward)",
                   "![remote rejected] (atomic push failure)"),
             "")
            .kind == Kind::refused);
  CHECK(read(1, lines("![remote rejected] (unpacker error)", "![remote rejected] (unpacker error)"),
             "remote: fatal: pack exceeds maximum allowed size        \n"
             "error: remote unpack failed: unpack-objects abnormal exit\n")
            .words ==
        "remote: fatal: pack exceeds maximum allowed size; error: remote unpack "
        "failed: unpack-objects abnormal exit");
  CHECK(read(1, "\n", "no\nerror: failed to push some refs to '../hub.git'\n").words == "no");
  CHECK(read(128, "", "fatal: --mirror can't be combined with refspecs\n").kind == Kind::refused);
}

TEST_CASE("a host that hides refs does a part of an atomic push") {
  const auto outcome = read(1,
                            lines("+1c0ac2f...0d4716c (forced update)",
                                  "![remote rejected] (deny updating a hidden ref)"),
                            "");
  CHECK(outcome.kind == Kind::refused);
  CHECK(outcome.moved == Refs{flow});
  CHECK(outcome.rejected == Refs{claim});
}

TEST_CASE("of several push URLs the first may have moved") {
  const auto outcome =
      read_report({1,
                   "To ../hub.git\n \tx:refs/heads/flow\tdfe03e2..0178141\nDone\n"
                   "To ../hub2.git\n!\tx:refs/heads/flow\t[rejected] (stale info)\nDone\n",
                   "fatal: the remote end hung up unexpectedly\n", false},
                  push);
  CHECK(outcome.kind == Kind::rejected);
  CHECK(outcome.moved == Refs{flow});
}

TEST_CASE("a host without atomic pushes is told from one that hung up") {
  CHECK(read(128, "",
             "fatal: the receiving end does not support --atomic push\n"
             "fatal: the remote end hung up unexpectedly\n")
            .kind == Kind::unsupported);
}

TEST_CASE("not reached is what ended before anything was sent") {
  for (const auto* errors :
       {"fatal: '../nope.git' does not appear to be a git repository\n"
        "fatal: Could not read from remote repository.\n\n"
        "Please make sure you have the correct access rights\nand the repository exists.\n",
        "fatal: unable to access 'http://127.0.0.1:9/x.git/': Failed to connect to 127.0.0.1 port "
        "9 after 0 ms: Couldn't connect to server\n",
        "fatal: could not read Username for 'https://host': terminal prompts disabled\n"}) {
    CHECK(read(128, "", errors).kind == Kind::unreachable);
  }
}

TEST_CASE("no answer is unknown, never a refusal") {
  CHECK(read(128, "",
             "send-pack: unexpected disconnect while reading sideband packet\n"
             "fatal: the remote end hung up unexpectedly\n")
            .kind == Kind::unknown);
  CHECK(read(128, "", "Killed\nfatal: the remote end hung up unexpectedly\n").kind ==
        Kind::unknown);
  CHECK(read(1,
             lines("![remote failure] (remote failed to report status)",
                   "![remote failure] (remote failed to report status)"),
             "")
            .kind == Kind::unknown);
  CHECK(read(137, "", "").kind == Kind::unknown);
  CHECK(
      read_report({128, "", "fatal: Could not read from remote repository.\n", true}, push).kind ==
      Kind::unknown);
}

TEST_CASE("words are bounded") {
  CHECK(host_words(std::string(100000, 'x')).size() <= 410);
  CHECK(host_words("") == "");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "remote: line\n";
  CHECK(host_words(many).size() < 100);
}
