#include "cli/workers_text.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"

namespace gitplan::cli {
namespace {

using State = commands::WorkerStatus::State;

std::string painted(State state, const Style& style) {
  const std::string_view word = commands::to_string(state);
  switch (state) {
    case State::working:
      return style.cyan(word);
    case State::merged:
      return style.green(word);
    case State::failed:
    case State::broken:
      return style.red(word);
    case State::idle:
      break;
  }
  return std::string(word);
}

}  // namespace

std::string workers_text(const std::vector<commands::WorkerStatus>& workers, const Style& style) {
  Table table;
  const Seconds time = now();
  for (const auto& worker : workers) {
    const std::string last =
        worker.last_commit.empty()
            ? ""
            : fmt::format("{} ({})", worker.last_commit, ago(worker.last_commit_time, time));
    table.row({Cell::plain(fmt::format("worker-{}", worker.slot.number)),
               Cell::painted(commands::to_string(worker.state), painted(worker.state, style)),
               Cell::plain(worker.task.empty() ? worker.slot.branch : worker.task),
               Cell::plain(fmt::format("+{}", worker.commits_ahead)),
               Cell::plain(worker.dirty ? "dirty" : ""), Cell::plain(last)});
  }
  return table.text(style);
}

}  // namespace gitplan::cli
