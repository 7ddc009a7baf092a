#include "commands/task/settle.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/wave/live_worker.hpp"
#include "session/here.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

/// A worker of a run may say it of its own task: the run sees to the worktree then.
void hint_at_worktree(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const Slot* slot = view.slot(index);
  if (slot == nullptr || stands_in(workspace, *slot) || live_worker(workspace, view, index)) return;
  workspace.hint(fmt::format("its worktree stays; to remove it, run: git wave worker remove {}",
                             slot->number));
}

}  // namespace

SettleResult settle_task(Workspace& workspace, const SettleRequest& request) {
  const Selected selected = select_task(workspace, Access::write, request.task);
  SettleResult result;
  result.task = selected.view->task(selected.task).id;
  UpdateRequest update;
  update.reason = request.reason;
  update.needs_decision = request.needs_decision;
  (request.as == SettleRequest::As::failed ? update.fail : update.cancel) = {result.task};
  result.update = update_plan(workspace, selected.view->session(), update);
  hint_at_worktree(workspace, *selected.view, selected.task);
  return result;
}

Json to_json(const SettleResult& result) {
  Json object = to_json(result.update);
  object["task_id"] = result.task;
  return object;
}

}  // namespace gitplan::commands
