#include "commands/wave/list.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/plan/show.hpp"
#include "plan/estimate.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

using commands::WaveState;

std::string join_ids(const PlanView& view, const std::vector<TaskIndex>& tasks,
                     std::string_view separator) {
  std::vector<std::string> ids;
  for (const TaskIndex task : tasks) ids.push_back(text::printable(view.task(task).id));
  return text::join(ids, separator);
}

Cell state_cell(WaveState state, const Style& style) {
  switch (state) {
    case WaveState::completed:
      return Cell::painted("completed", style.green("completed"));
    case WaveState::failed:
      return Cell::painted("failed", style.red("failed"));
    case WaveState::in_progress:
      return Cell::painted("in progress", style.cyan("in progress"));
    case WaveState::ready:
      return Cell::painted("ready", style.yellow("ready"));
    case WaveState::pending:
      break;
  }
  return Cell::plain("pending");
}

std::string minutes_or_nothing(double minutes) {
  return minutes > 0 ? format_minutes(minutes) : "";
}

std::string time_text(const PlanView& view, const TimeLeft& left) {
  if (left.open == 0) return "";
  const std::string workers = text::count(left.workers, "worker", "workers");
  if (!left.is_known())
    return fmt::format("\nmakespan with {}: unknown, no task has an estimate\n", workers);
  std::string text =
      fmt::format("\nmakespan with {}: {}", workers, format_minutes(left.makespan_minutes));
  if (left.unestimated > 0) text += fmt::format(" ({} without an estimate)", left.unestimated);
  return text + fmt::format("\ncritical path: {} ({})\n", join_ids(view, left.path.path, " -> "),
                            format_minutes(left.path.minutes));
}

std::string text_of(const PlanView& view, const commands::WaveList& list, const Style& style) {
  Table table;
  const auto& waves = view.waves().waves;
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const std::string name = fmt::format("Wave {}", i + 1);
    const auto& wave = list.waves[i];
    table.row({Cell::painted(name, style.bold(name)), state_cell(wave.state, style),
               Cell::plain(fmt::format("{} of {}", wave.completed, waves[i].size())),
               Cell::plain(minutes_or_nothing(wave.minutes_left)),
               Cell::plain(join_ids(view, waves[i], ", "))});
  }
  std::string text = table.text(style);
  for (const auto& one : view.waves().unreachable) {
    text +=
        fmt::format("unreachable: {}: {}\n", text::printable(view.task(one.task).id), one.reason);
  }
  return text + time_text(view, list.left);
}

int run(Invocation& invocation) {
  const auto& view = Invocation::keep(select_plan(invocation.workspace(), Access::read));
  const auto list =
      commands::list_waves(view, commands::max_parallel(invocation.workspace(), std::nullopt));
  return invocation.answer([&](const Style& style) { return text_of(view, list, style); },
                           [&] { return to_json(view, list); });
}

}  // namespace

const Verb wave_list_verb{
    "list", "list every wave, how far it is, and how long the rest takes", "", 0, 0, {}, run};

}  // namespace gitplan::cli
