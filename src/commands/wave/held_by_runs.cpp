#include "commands/wave/held_by_runs.hpp"

#include <algorithm>
#include <set>

#include "commands/wave/run.hpp"
#include "git/presence.hpp"
#include "lander/hand_in.hpp"
#include "session/next_tasks.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

/// "session-x/003", as HeldBack::by has it.
std::set<std::string> tasks_of_other_runs(const Workspace& workspace, const std::string& session) {
  std::set<std::string> tasks;
  const auto add = [&](const supervisor::WorkerRecord& record) {
    if (record.session != session) tasks.insert(record.session + "/" + record.task);
  };
  for (const auto& record : running_workers(workspace)) add(record);
  for (const auto& one : lander::HandIns(workspace.repository()).all()) {
    if (!one.outcome && git::may_be_alive(workspace.repository(), one.record.run)) add(one.record);
  }
  return tasks;
}

}  // namespace

bool is_held_by_other_run(const Workspace& workspace, const std::string& session) {
  const auto busy = tasks_of_other_runs(workspace, session);
  if (busy.empty()) return false;
  const PlanView view(workspace, workspace.store().load(session));
  const auto next = next_tasks(workspace, view, schedule::Overlapping::hold_back);
  return std::ranges::any_of(next.held_back,
                             [&](const auto& held) { return busy.contains(held.by); });
}

}  // namespace gitplan::commands
