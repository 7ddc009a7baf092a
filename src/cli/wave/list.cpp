#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/task_text.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/plan/show.hpp"
#include "plan/estimate.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

std::string join_ids(const PlanView& view, const std::vector<TaskIndex>& tasks,
                     std::string_view separator) {
  std::vector<std::string> ids;
  for (const TaskIndex task : tasks) ids.push_back(text::printable(view.task(task).id));
  return text::join(ids, separator);
}

std::string text_of(const PlanView& view, const commands::WaveList& list, const Style& style) {
  Table table;
  const auto& waves = view.waves().waves;
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const std::string name = fmt::format("Wave {}", i + 1);
    table.row({Cell::painted(name, style.bold(name)),
               Cell::plain(format_minutes(list.estimated_minutes[i])),
               Cell::plain(join_ids(view, waves[i], ", "))});
  }
  std::string text = table.text(style);
  for (const auto& one : view.waves().unreachable) {
    text +=
        fmt::format("unreachable: {}: {}\n", text::printable(view.task(one.task).id), one.reason);
  }
  if (view.size() == 0) return text;
  const int unestimated = view.estimates().unestimated;
  text +=
      fmt::format("\nmakespan with {}: {}{}\n", text::count(list.workers, "worker", "workers"),
                  format_minutes(list.makespan_minutes),
                  unestimated == 0 ? "" : fmt::format(" ({} without an estimate)", unestimated));
  return text + fmt::format("critical path: {} ({})\n",
                            join_ids(view, view.critical_path().path, " -> "),
                            format_minutes(view.critical_path().minutes));
}

int run(Invocation& invocation) {
  const auto& view = Invocation::keep(select_plan(invocation.workspace(), Access::read));
  const auto list =
      commands::list_waves(view, commands::max_parallel(invocation.workspace(), std::nullopt));
  return invocation.answer([&](const Style& style) { return text_of(view, list, style); },
                           [&] { return to_json(view, list); });
}

}  // namespace

const Verb wave_list_verb{"list", "list every wave, and how long the plan takes", "", 0, 0, {},
                          run};

}  // namespace gitplan::cli
