#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/wave/worker.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const int worker = commands::parse_worker(invocation.arguments().words.front());
  const auto path = commands::remove_worker(invocation.workspace(), worker);
  return invocation.answer(
      [&](const Style&) { return fmt::format("Removed worktree at {}\n", path); },
      [&] { return commands::removed_object(path); });
}

}  // namespace

const Verb wave_worker_remove_verb{
    "worker remove", "remove a slot's worktree; unsaved work is rescued", "<N>", 1, 1, {}, run};

}  // namespace gitplan::cli
