#include "commands/task/start.hpp"

#include <nlohmann/json.hpp>
#include <span>

#include "base/error.hpp"
#include "session/missing_work.hpp"
#include "session/next_tasks.hpp"
#include "session/overtaken.hpp"
#include "session/renamed_plan.hpp"
#include "session/select.hpp"
#include "session/taking_over.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

/// The task that was asked for, which may start; where machines share the plan it is claimed.
/// `taken` is the claim that another machine had.
Selected claim_task(Workspace& workspace, const StartTaskRequest& request,
                    std::optional<remote::StandingClaim>& taken) {
  for (Overtaken overtaken;; overtaken.once_more(workspace.shared_remote()->remote())) {
    Selected selected = select_task(workspace, Access::write, request.task);
    const PlanView& view = *selected.view;
    refuse_renamed(workspace, view);
    warn_of_missing_work(workspace, view);
    refuse_start(workspace, view, selected.task, next_tasks(workspace, view, request.overlapping),
                 request);
    if (workspace.shared_remote() == nullptr) return selected;
    const Wanted wanted = place_task(workspace, view, selected.task, request.worker);
    if (request.take == Take::held_ones && view.claimed_elsewhere(selected.task) != nullptr) {
      if (auto had = take_over(workspace, view, wanted)) taken = std::move(had);
      continue;
    }
    if (!claim_tasks(workspace, view, std::span(&wanted, 1), request.take).is_stale)
      return selected;
  }
}

ReservedTask reserve_claimed(Workspace& workspace, const Selected& selected,
                             std::optional<int> worker) {
  try {
    return reserve_task(workspace, *selected.view, selected.task, worker);
  } catch (const Error&) {
    give_back(workspace, *selected.view, std::span(&selected.task, 1));
    throw;
  }
}

}  // namespace

Started start_task(Workspace& workspace, const StartTaskRequest& request) {
  workspace.begin_write();
  Selected selected;
  ReservedTask reserved;
  std::optional<remote::StandingClaim> taken;
  {
    const auto turn = workspace.slots().lock();
    selected = claim_task(workspace, request, taken);
    reserved = reserve_claimed(workspace, selected, request.worker);
  }
  Started started = fill_reserved(workspace, *selected.view, reserved);
  started.taken_from = std::move(taken);
  return started;
}

Json to_json(const Started& started) {
  Json object = new_object();
  object["success"] = true;
  object["plan_branch"] = plan_branch_text(started.session);
  object["task_id"] = started.task;
  object["branch"] = started.branch;
  object["commit"] = started.commit.hex();
  object["worker"] = std::to_string(started.slot.number);
  object["worktree_path"] = started.slot.path;
  object["absolute_path"] = started.slot.absolute_path;
  object["prompt"] = started.prompt;
  if (started.taken_from) object["taken_from"] = claim_object(*started.taken_from);
  return object;
}

}  // namespace gitplan::commands
