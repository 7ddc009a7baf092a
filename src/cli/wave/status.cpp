#include "commands/wave/status.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/wave/live.hpp"
#include "cli/wave/verbs.hpp"
#include "cli/workers_text.hpp"
#include "commands/wave/run.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

struct Seen {
  std::string session;  ///< empty: there is no plan
  std::vector<commands::WorkerStatus> workers;
  std::vector<supervisor::WorkerRecord> running;  ///< those that a run looks after
  bool completed = false;                         ///< the plan, with nobody at work any more
};

Seen look(Workspace& workspace) {
  const auto view = has_no_plans(workspace) && !workspace.settings().plan
                        ? nullptr
                        : select_plan(workspace, Access::read);
  Seen seen;
  if (view != nullptr) seen.session = view->session();
  seen.workers = commands::worker_status(workspace, view.get());
  seen.running = commands::running_workers(workspace);
  seen.completed = view != nullptr && view->is_finished() && seen.running.empty();
  return seen;
}

Json to_json(const Seen& seen) {
  Json object = to_json(seen.workers);
  if (!seen.session.empty()) object["plan_branch"] = plan_branch_text(seen.session);
  return object;
}

std::vector<std::string> lines_of(const Seen& seen, const Style& style) {
  std::vector<std::string> lines;
  const std::string table = workers_text(seen.workers, style);
  for (const std::string_view line : text::split(table, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  const auto running = worker_lines(seen.running, style.columns);
  if (!running.empty() && !lines.empty()) lines.emplace_back();
  lines.insert(lines.end(), running.begin(), running.end());
  return lines;
}

/// Shows what changes until the plan is completed, or it is interrupted. Redrawn on a terminal;
/// else each state that differs from the one before, with a blank line (in JSON: a line) between.
int watch(Invocation& invocation) {
  constexpr auto pause = std::chrono::milliseconds(500);
  LiveLines live(STDOUT_FILENO);
  const Settings settings = invocation.workspace().settings();
  const bool json = invocation.format() == Format::json;
  std::string before;
  for (;;) {
    Workspace workspace(settings, [](const Notice&) {});
    const Seen seen = look(workspace);
    if (live.is_live() && !json) {
      Style style = invocation.style();
      style.columns = live.columns() - 1;  // erasing behind a full line would eat its end
      live.draw(lines_of(seen, style));
    } else {
      const std::string state = dump(to_json(seen), -1) + "\n";
      if (state != before) {
        const std::string table = json ? state : workers_text(seen.workers, invocation.style());
        write_output(before.empty() || json ? table : "\n" + table);
      }
      before = state;
    }
    if (seen.completed) return live.keep(), 0;
    std::this_thread::sleep_for(pause);
  }
}

int run(Invocation& invocation) {
  if (invocation.arguments().has("watch")) return watch(invocation);
  const Seen seen = look(invocation.workspace());
  if (seen.workers.empty())
    invocation.hint("no worker has a task; to start some, run: git wave start");
  return invocation.answer([&](const Style& style) { return workers_text(seen.workers, style); },
                           [&] { return to_json(seen); });
}

}  // namespace

const Verb wave_status_verb{
    "status", "show the workers, their tasks and how far they are",
    "",       0,
    0,        {{0, "watch", Takes::nothing, "", "go on showing it until the plan is completed"}},
    run};

}  // namespace gitplan::cli
