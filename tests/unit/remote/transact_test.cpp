#include "remote/transact.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "unit/remote/memory_hub.hpp"

using namespace gitplan;
using namespace gitplan::remote;
using namespace gitplan::remote::tests;
using Kind = PushOutcome::Kind;

namespace {

const Names names;
const std::string claim = names.claim("s", 1);
const std::string beat = names.beat("flow");

/// Answers as it is told, and moves what it takes.
class ScriptedHub : public Hub {
 public:
  std::variant<SeenRefs, NotReached> list(std::span<const std::string> patterns) override {
    return fetch(patterns);
  }
  std::variant<SeenRefs, NotReached> fetch(std::span<const std::string> patterns) override {
    ++reads;
    SeenRefs seen;
    for (const auto& ref : refs) {
      const auto asks = [&](const std::string& one) { return matches(one, ref.first); };
      if (std::ranges::any_of(patterns, asks)) seen.insert(ref);
    }
    return seen;
  }
  PushOutcome push(const Push& push) override {
    pushed.push_back(push);
    const Kind kind = answers.empty() ? Kind::pushed : answers.front();
    if (!answers.empty()) answers.erase(answers.begin());
    if (moves_beat_when_rejecting && kind != Kind::pushed) refs[beat] = oid_of(++last);
    return {kind, {}, {}, kind == Kind::pushed ? "" : "said the host"};
  }

  SeenRefs refs;
  std::vector<Kind> answers;
  bool moves_beat_when_rejecting = false;
  std::vector<Push> pushed;
  int reads = 0;
  int last = 1000;
};

struct World {
  ScriptedHub hub;
  MemoryNotebook notebook;
  int last = 0;
  int waits = 0;

  Ended run(const Request& request) {
    const Means means{hub,
                      notebook,
                      names,
                      [&](const auto&) { return oid_of(++last); },
                      [] { return 0.5; },
                      [&](auto) { ++waits; }};
    return transact(means, request, [&](const Seen& seen) -> std::optional<Transaction> {
      const git::Oid made = oid_of(++last);
      return Transaction{{{claim, seen.at(claim), made}}, {}, {Note{ClaimName{"s", 1}, made}}};
    });
  }
};

const Request usual{"origin", "flow", {names.claims("s")}};

std::string code_of(Ended::Kind kind) {
  Ended ended;
  ended.kind = kind;
  ended.words = "said the host";
  try {
    throw_unless_done(ended, "origin");
  } catch (const Error& error) {
    CHECK(error.exit_status() == 5);
    return error.code();
  }
  return "";
}

}  // namespace

TEST_CASE("a push that decides moves beat from what it was; a renewal does not") {
  World world;
  CHECK(world.run(usual).kind == Ended::Kind::pushed);
  REQUIRE(world.hub.pushed[0].moves.size() == 2);
  CHECK(world.hub.pushed[0].moves[0].ref == beat);
  CHECK(world.hub.reads == 2);
  Request renewal = usual;
  renewal.kind = Request::Kind::renews;
  CHECK(world.run(renewal).kind == Ended::Kind::pushed);
  CHECK(world.hub.pushed[1].moves.size() == 1);
  CHECK(world.hub.reads == 3);
}

TEST_CASE("after an own push that went through nothing is fetched") {
  World world;
  Request next = usual;
  next.known = world.run(usual).seen;
  world.hub.reads = 0;
  const Ended ended = world.run(next);
  CHECK(ended.kind == Ended::Kind::pushed);
  CHECK(world.hub.reads == 0);
  CHECK(world.hub.pushed[1].moves[0].from == world.hub.pushed[0].moves[0].to);
  CHECK(world.notebook.notes().size() == 1);
}

TEST_CASE("rejected though nothing has moved is refused, in the host's words, without a new try") {
  World world;
  world.hub.answers = {Kind::rejected};
  const Ended ended = world.run(usual);
  CHECK(ended.kind == Ended::Kind::refused);
  CHECK(ended.words == "said the host");
  CHECK(ended.pushes == 1);
  CHECK(world.notebook.notes().empty());
}

TEST_CASE("rejected because something moved is tried again, twenty times") {
  World world;
  world.hub.moves_beat_when_rejecting = true;
  world.hub.answers = std::vector<Kind>(19, Kind::rejected);
  CHECK(world.run(usual).kind == Ended::Kind::pushed);
  world.hub.answers = std::vector<Kind>(20, Kind::rejected);
  const Ended ended = world.run(usual);
  CHECK(ended.kind == Ended::Kind::lost);
  CHECK(ended.pushes == 20);
  Request patient = usual;
  patient.tries.reset();
  world.hub.answers = std::vector<Kind>(200, Kind::rejected);
  CHECK(world.run(patient).kind == Ended::Kind::pushed);
}

TEST_CASE("a lock on the host may be another push; one that stays is said") {
  World world;
  world.hub.answers = {Kind::locked, Kind::locked};
  CHECK(world.run(usual).kind == Ended::Kind::pushed);
  world.hub.answers = std::vector<Kind>(100, Kind::locked);
  const Ended ended = world.run(usual);
  CHECK(ended.kind == Ended::Kind::locked);
  CHECK(ended.pushes == 4);
}

TEST_CASE("only what may have been carried out stays noted") {
  World world;
  world.hub.answers = {Kind::unknown};
  CHECK(world.run(usual).kind == Ended::Kind::unknown);
  CHECK(world.notebook.notes().size() == 1);
  for (const Kind kind : {Kind::unreachable, Kind::refused, Kind::unsupported}) {
    world.hub.answers = {kind};
    CHECK(world.run(usual).kind != Ended::Kind::pushed);
    CHECK(world.notebook.notes().size() == 1);
  }
  CHECK(world.run(usual).kind == Ended::Kind::pushed);
  CHECK(world.notebook.notes().size() == 1);
}

TEST_CASE("a noted push is judged by what the remote shows") {
  const git::Oid mine = oid_of(1);
  const Note note{ClaimName{"s", 1}, mine, "origin", false, {}, oid_of(9)};
  CHECK(judge(note, {mine, oid_of(10), true, true}) == Fate::stands);
  CHECK(judge(note, {{}, oid_of(9), true, false}) == Fate::may_come);
  CHECK(judge(note, {{}, {}, false, false}) == Fate::may_come);
  CHECK(judge(note, {{}, oid_of(10), true, false}) == Fate::lost);
  CHECK(judge(note, {{}, oid_of(10), true, true}) == Fate::landed);
  CHECK(judge(note, {oid_of(2), oid_of(10), true, true}) == Fate::lost);
  const Note renewal{ClaimName{"s", 1}, mine, "origin", true, oid_of(3)};
  CHECK(judge(renewal, {oid_of(3), oid_of(10), true, false}) == Fate::may_come);
  CHECK(judge(renewal, {{}, oid_of(10), true, true}) == Fate::landed);
}

TEST_CASE("each end has its code, and exit status 5") {
  CHECK(code_of(Ended::Kind::pushed) == "");
  CHECK(code_of(Ended::Kind::nothing) == "");
  CHECK(code_of(Ended::Kind::lost) == "lost_race");
  CHECK(code_of(Ended::Kind::refused) == "remote_refused");
  CHECK(code_of(Ended::Kind::locked) == "remote_locked");
  CHECK(code_of(Ended::Kind::unreachable) == "remote_unreachable");
  CHECK(code_of(Ended::Kind::unknown) == "remote_unknown");
}

TEST_CASE("waits grow, and stay within seconds") {
  CHECK(wait_before(1, 0.99).count() < 100);
  CHECK(wait_before(10, 0.99) > wait_before(2, 0.99));
  CHECK(wait_before(1000000, 0.999).count() <= 3000);
  CHECK(wait_before(5, 0).count() == 0);
}
