// Facts in commit messages, where anybody may write: what is not ours forges nothing, what is ours
// comes back.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "session/merge_message.hpp"
#include "session/run_facts.hpp"

namespace gitplan::fuzz {
namespace {

// Whatever is found in any message: it can be written, and is the same then.
void rewritten(const std::string& message) {
  const std::vector<RunFacts> facts = parse_trailers(message);
  const std::string written = message_with_facts("subject", facts);
  const std::vector<RunFacts> again = parse_trailers(written);
  require(again.size() == facts.size(), "as many facts come back", {message, written});
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const std::string& reason = facts[i].reason;
    const bool plain = text::printable(text::fold_space(reason)) == reason &&
                       text::printable(text::fold_space(facts[i].task)) == facts[i].task;
    require(!plain || again[i] == facts[i], "a fact comes back", {message, written});
  }
}

// A task of a hostile plan, and a hostile body above it.
void merged(Input& input) {
  Task task;
  task.id = "001";
  task.description = input.piece();
  task.provides = {input.piece(), input.piece()};
  const std::string body = input.piece();
  RunFacts facts;
  facts.task = "001";
  facts.outcome = RunFacts::Outcome::done;
  facts.worker = 7;
  facts.reason = input.rest();
  const std::string message = merge_message(task, "s", body, facts);
  const std::vector<RunFacts> found = parse_trailers(message);
  require(found.size() == 1 && found[0].task == "001", "a message has the facts of one task",
          {message});
  require(found[0].worker == 7 && found[0].outcome == RunFacts::Outcome::done &&
              !found[0].exit_status && !found[0].timed_out,
          "no text of a plan makes facts", {message});
}

}  // namespace

void play(Input& input) {
  if (input.flag()) return merged(input);
  rewritten(input.rest());
}

}  // namespace gitplan::fuzz
