#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/wave/worker.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const auto age = invocation.arguments().value("expire");
  const auto result = commands::prune_workers(
      invocation.workspace(), age ? std::optional(commands::parse_age(*age)) : std::nullopt);
  return invocation.answer(
      [&](const Style&) {
        std::string text;
        for (const auto& path : result.removed_worktrees) text += fmt::format("removed {}\n", path);
        for (const auto& one : result.dropped_refs)
          text += fmt::format("dropped {} (was {})\n", one.name, one.target.hex());
        return text;
      },
      [&] { return to_json(result); });
}

}  // namespace

const Verb wave_worker_prune_verb{"worker prune",
                                  "forget slots whose folder is gone",
                                  "",
                                  0,
                                  0,
                                  {{0, "expire", Takes::value, "<age>",
                                    "also drop older rescue and attempt refs, such as 2.weeks"}},
                                  run};

}  // namespace gitplan::cli
