#include "session/run_facts.hpp"

#include <catch2/catch.hpp>

#include "session/merge_message.hpp"

namespace gitplan {
namespace {

RunFacts full_facts() {
  RunFacts facts;
  facts.task = "003";
  facts.outcome = RunFacts::Outcome::failed;
  facts.worker = 2;
  facts.attempts = 3;
  facts.started_at = "2025-01-12T14:30:00Z";
  facts.finished_at = "2025-01-12T14:38:10Z";
  facts.exit_status = 124;
  facts.timed_out = true;
  facts.reason = "the tests do not pass";
  return facts;
}

TEST_CASE("facts come back from the message that they went into") {
  RunFacts other;
  other.task = "004";
  other.outcome = RunFacts::Outcome::skipped;
  const std::vector<RunFacts> facts{full_facts(), other};
  CHECK(parse_trailers(message_with_facts("Fail 003, 004 (v7)", facts)) == facts);
}

TEST_CASE("facts come back from a merge message") {
  Task task;
  task.id = "003";
  task.provides = {"User: model", "Worker: 9"};
  const std::string message = merge_message(task, "s1", "Worker: 5\n\nWhy.", full_facts());
  REQUIRE(parse_trailers(message).size() == 1);
  CHECK(parse_trailers(message).front() == full_facts());
}

TEST_CASE("a message without facts has none") {
  CHECK(message_with_facts("Complete 001", {}) == "Complete 001");
  CHECK(parse_trailers("Complete 001 (v2)\n").empty());
  CHECK(parse_trailers("").empty());
  CHECK(parse_trailers("Task: 001\nWorker: 1\n").empty());  // a subject, no trailers
}

TEST_CASE("a reason makes no trailer of its own") {
  RunFacts facts;
  facts.task = "001";
  facts.reason = "no\n\nTask: 002\nOutcome: done\x1b[31m";
  const auto parsed = parse_trailers(message_with_facts("Fail 001", {facts}));
  REQUIRE(parsed.size() == 1);
  CHECK(parsed.front().task == "001");
  CHECK_FALSE(parsed.front().outcome);
  CHECK(parsed.front().reason.find('\x1b') == std::string::npos);
}

TEST_CASE("nonsense in a trailer is as good as none") {
  const auto parsed = parse_trailers(
      "Fail 001\n\nTask: 001\nWorker: -1\nAttempts: many\nStarted-At: yesterday\n"
      "Finished-At: 2025-02-30T00:00:00Z\nExit-Status: 99999999999\nOutcome: great\n");
  REQUIRE(parsed.size() == 1);
  RunFacts nothing;
  nothing.task = "001";
  CHECK(parsed.front() == nothing);
}

TEST_CASE("what a run does not say of itself is taken from what is known") {
  RunFacts said;
  said.worker = 4;
  RunFacts known = full_facts();
  const RunFacts both = completed_by(said, known);
  CHECK(both.task == "003");
  CHECK(both.worker == 4);
  CHECK(both.started_at == known.started_at);
}

}  // namespace
}  // namespace gitplan
