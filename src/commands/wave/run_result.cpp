#include "commands/wave/run_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "session/approval.hpp"
#include "session/claiming.hpp"
#include "session/missing_work.hpp"
#include "session/next_tasks.hpp"
#include "session/task_object.hpp"

namespace gitplan::commands {
namespace {

/// What keeps tasks that are not over from starting.
struct Waiting {
  ApprovalState approval;
  std::vector<schedule::HeldBack> held_back;
};

Waiting waiting_of(const Workspace& workspace, const PlanView& view) {
  return {approval_required(workspace) ? approval_state(workspace, view) : ApprovalState{},
          next_tasks(workspace, view, schedule::Overlapping::hold_back).held_back};
}

std::string why_pending(const PlanView& view, const Waiting& waiting, TaskIndex index) {
  const std::string blockers = describe_blockers(view, index);
  if (!blockers.empty()) return "waiting for " + blockers;
  if (!view.plan().hold.empty()) return "on hold: " + view.plan().hold;
  if (waiting.approval.holds_back(index)) return "waiting for approval";
  const auto held = std::ranges::find(waiting.held_back, index, &schedule::HeldBack::task);
  return held == waiting.held_back.end() ? "it could start" : "held back: " + describe(*held);
}

std::string why_not(const PlanView& view, const Waiting& waiting, TaskIndex index) {
  const Task& task = view.task(index);
  switch (view.status(index)) {
    case Status::failed:
    case Status::cancelled:
      return task.reason.value_or("");
    case Status::in_progress:
      if (const SeenClaim* claim = view.claimed_elsewhere(index))
        return "claimed by " + gitplan::describe(*claim);
      if (const Slot* slot = view.slot(index))
        return fmt::format("with worker {}, in '{}'", slot->number, slot->path);
      return view.done_at(index) ? "done, not merged yet"
                                 : "its branch is there, and nobody works on it";
    default:
      return why_pending(view, waiting, index);
  }
}

/// What the run has to say of a task goes before what the plan shows of it.
std::string last_word(const PlanView& view, const Waiting& waiting, TaskIndex index,
                      const supervisor::RunOutcome& outcome) {
  const auto left = outcome.left.find(view.task(index).id);
  const Status status = view.status(index);
  const bool is_open = status == Status::pending || status == Status::in_progress;
  return is_open && left != outcome.left.end() ? left->second : why_not(view, waiting, index);
}

}  // namespace

RunResult result_of(const Workspace& workspace, const PlanView& view,
                    const supervisor::RunOutcome& outcome) {
  const Waiting waiting = waiting_of(workspace, view);
  RunResult result;
  result.session = view.session();
  result.version = view.plan().version;
  result.state = view.state();
  const auto missing = missing_work(workspace, view);
  result.missing = static_cast<int>(missing.size());
  result.completed = view.count(Status::completed) - result.missing;
  result.total = static_cast<int>(view.size());
  for (const MissingWork& one : missing) {
    result.remaining.push_back(
        {view.task(one.task).id, Status::completed,
         fmt::format("'{}' does not have it", text::printable(view.plan().flow_branch))});
  }
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.status(i) == Status::completed) continue;
    result.remaining.push_back(
        {view.task(i).id, view.status(i), last_word(view, waiting, i, outcome)});
    if (view.done_at(i) && !result.unmerged) result.unmerged = view.task(i).id;
  }
  result.signal = outcome.signal;
  result.red = outcome.red;
  result.capped = outcome.capped;
  result.flow_branch = view.plan().flow_branch;
  return result;
}

Json to_json(const RunResult& result) {
  Json remaining = Json::array();
  for (const auto& one : result.remaining) {
    remaining.push_back(
        Json{{"id", one.task}, {"status", to_string(one.status)}, {"reason", one.reason}});
  }
  Json object = new_object();
  object["success"] = result.success();
  object["plan_branch"] = plan_branch_text(result.session);
  object["plan_version"] = version_text(result.version);
  object["state"] = schedule::to_string(result.state);
  object["total_tasks"] = result.total;
  object["completed_tasks"] = result.completed;
  object["remaining"] = std::move(remaining);
  if (result.red) {
    object["flow_red"] = Json{{"flow_branch", result.flow_branch},
                              {"commit", result.red->commit},
                              {"command", result.red->command},
                              {"exit_status", result.red->exit_status}};
  }
  if (result.capped) {
    object["capped"] = Json{{"unit", result.capped->cap.unit},
                            {"cap", result.capped->cap.most},
                            {"used", result.capped->used}};
  }
  return object;
}

Json finished_event(const RunResult& result) {
  Json object = new_object();
  object["event"] = "finished";
  object["at"] = rfc3339(now());
  Json rest = to_json(result);
  rest.erase("schema");
  object.update(rest);
  return object;
}

}  // namespace gitplan::commands
