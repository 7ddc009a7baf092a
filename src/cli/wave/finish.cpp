#include "commands/wave/finish.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"

namespace gitplan::cli {
namespace {

std::string text_of(const commands::FinishResult& result) {
  Table table;
  const auto add = [&](std::string_view name, const std::vector<std::string>& values) {
    if (!values.empty()) table.row({Cell::plain(name), Cell::plain(text::join(values, ", "))});
  };
  add("completed", result.completed);
  add("removed", result.removed_worktrees);
  add("unmerged", result.unmerged);
  add("next", result.next);
  table.row({Cell::plain("plan"),
             Cell::plain(fmt::format("{}, {}, {} of {} completed", version_text(result.version),
                                     schedule::to_string(result.state), result.completed_tasks,
                                     text::count(result.total_tasks, "task", "tasks")))});
  return table.text(Style{});
}

int run(Invocation& invocation) {
  commands::FinishRequest request;
  request.tasks = invocation.arguments().words;
  if (invocation.arguments().has("force")) request.force = commands::Force::yes;
  const auto result = commands::finish_wave(invocation.workspace(), request);
  if (!result.next.empty()) invocation.hint("to start them, run: git wave start");
  return invocation.answer([&](const Style&) { return text_of(result); },
                           [&] { return to_json(result); });
}

}  // namespace

const Verb wave_finish_verb{"finish",
                            "remove the worktrees of merged tasks, record them completed",
                            "[<task>...]",
                            0,
                            10000,
                            {{'f', "force", Takes::nothing, "",
                              "also remove the worktree of a named task that is not merged"}},
                            run};

}  // namespace gitplan::cli
