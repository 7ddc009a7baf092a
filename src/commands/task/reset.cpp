#include "commands/task/reset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "plan/edits.hpp"
#include "session/claiming.hpp"
#include "session/done_refs.hpp"
#include "session/guard.hpp"
#include "session/held_branch.hpp"
#include "session/kept_refs.hpp"
#include "session/select.hpp"
#include "session/shared_reset.hpp"
#include "session/slot_check.hpp"
#include "session/take_back.hpp"
#include "session/taking_over.hpp"
#include "session/task_merge.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

void refuse_merged(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  refuse_cleaned(view.plan());
  if (!view.in_flow(index)) return;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("cannot reset task '{}': '{}' already has it",
                  text::printable(view.task(index).id), text::printable(view.plan().flow_branch)),
      how_to_take_back(workspace, view, index));
}

void refuse_checked_out(const Workspace& workspace, const PlanView& view, TaskIndex index,
                        const TaskBranch& branch) {
  const auto holder =
      git::worktree_of_branch(workspace.repository(), ref_names::branch_ref(branch.name));
  if (!holder || !holds_its_branch(*holder)) return;
  for (const Slot& slot : view.slots()) {
    const bool is_its_own = view.task_of(slot) == index || holder->missing;
    if (slot.absolute_path == holder->path && is_its_own) return;
  }
  refuse_held_branch(fmt::format("reset task '{}'", view.task(index).id), *holder);
}

std::string keep_attempt(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         const TaskBranch& branch) {
  const git::Ref ref{ref_names::branch_ref(branch.name), branch.tip};
  if (auto kept = keep_as_attempt(workspace.repository(), ref, view.session(), view.task(index).id))
    return *std::move(kept);
  throw Error(ErrorKind::lost_race,
              fmt::format("branch '{}' moved meanwhile", text::printable(branch.name)),
              Hint{fmt::format("to try again, run: git task reset {}", view.task(index).id)});
}

}  // namespace

namespace {

/// What is to be reset, as it stood before its slots were emptied.
struct Begun {
  std::string session;
  std::string task;
  std::vector<Slot> slots;
  std::optional<TaskBranch> branch;  ///< also one that only the slot's record names
  RunFacts facts;
};

Begun begin(Workspace& workspace, const std::optional<std::string>& word, const RunFacts& given) {
  const auto turn = workspace.slots().lock();
  const Selected selected = select_task(workspace, Access::write, word);
  const PlanView& view = *selected.view;
  refuse_merged(workspace, view, selected.task);
  Begun begun{view.session(), view.task(selected.task).id, {}, {}, {}};
  begun.facts = completed_by(given, known_facts(workspace, view, selected.task));
  if (!begun.facts.outcome) begun.facts.outcome = RunFacts::Outcome::reset;
  refuse_moved_slot(view, selected.task);
  refuse_claimed_reset(view, selected.task);
  begun.branch = find_branch(workspace, view, selected.task);
  if (begun.branch) refuse_checked_out(workspace, view, selected.task, *begun.branch);
  for (const Slot& slot : view.slots()) {
    if (view.task_of(slot) == selected.task) begun.slots.push_back(slot);
  }
  return begun;
}

std::optional<TaskBranch> still_there(const git::Repository& repository, TaskBranch branch) {
  const auto tip = git::read_ref(repository, ref_names::branch_ref(branch.name));
  if (!tip) return std::nullopt;
  branch.tip = *tip;
  return branch;
}

void refuse_started_again(const PlanView& view, TaskIndex index) {
  const Slot* slot = view.slot(index);
  if (slot == nullptr) return;
  throw Error(ErrorKind::lost_race,
              fmt::format("task '{}' was started again meanwhile, by worker {}",
                          view.task(index).id, slot->number),
              Hint{fmt::format("to reset it all the same, run: git task reset {}/{}",
                               view.session(), view.task(index).id)});
}

void add_attempt(std::optional<std::string> kept, ResetResult& result) {
  if (kept && std::ranges::find(result.attempts, *kept) == result.attempts.end())
    result.attempts.push_back(*std::move(kept));
}

/// The branch that is the task's now goes among the attempts; it is not done any more before that.
/// False: it has none left.
bool put_away_branch(Workspace& workspace, const Begun& begun, ResetResult& result) {
  const Selected selected =
      select_task(workspace, Access::read, fmt::format("{}/{}", begun.session, begun.task));
  const PlanView& view = *selected.view;
  refuse_merged(workspace, view, selected.task);
  refuse_started_again(view, selected.task);
  add_attempt(release_done(workspace.repository(), begun.session, begun.task, view.flow().commit),
              result);
  auto branch = find_branch(workspace, view, selected.task);
  if (!branch && begun.branch) branch = still_there(workspace.repository(), *begun.branch);
  if (!branch) return false;
  refuse_checked_out(workspace, view, selected.task, *branch);
  add_attempt(keep_attempt(workspace, view, selected.task, *branch), result);
  return true;
}

/// Its branch goes among the attempts, and the plan says that it is pending. A copy of the branch
/// is the task's once that is gone, and goes, too.
void settle(Workspace& workspace, const Begun& begun, const std::string& answer,
            ResetResult& result) {
  const auto turn = workspace.slots().lock();
  while (put_away_branch(workspace, begun, result)) continue;
  const auto write =
      write_plan(workspace, begun.session,
                 message_with_facts(fmt::format("Reset {}", begun.task), {begun.facts}),
                 [&](const EditContext& context) {
                   return edits::reset(context.current.plan, std::span(&begun.task, 1), answer);
                 });
  result.version = write.stored.plan.version;
}

/// Its claim becomes this clone's first, and ends with the rest.
std::optional<remote::StandingClaim> take(Workspace& workspace, const ResetRequest& request) {
  if (request.claimed == ClaimedTask::refuse) return std::nullopt;
  for (;;) {
    const Selected selected = select_task(workspace, Access::write, request.task);
    const PlanView& view = *selected.view;
    const SeenClaim* claim = view.claimed_elsewhere(selected.task);
    if (claim == nullptr) return std::nullopt;
    refuse_merged(workspace, view, selected.task);
    const std::string branch = claim->standing.claim ? claim->standing.claim->branch : "";
    if (auto taken = take_over(workspace, view, {selected.task, 0, branch})) return taken;
  }
}

/// Where machines share the plan.
void publish(Workspace& workspace, const Begun& begun, ResetResult& result) {
  if (workspace.shared_remote() == nullptr) return;
  const Selected selected =
      select_task(workspace, Access::read, fmt::format("{}/{}", begun.session, begun.task));
  result.attempts = publish_reset(workspace, *selected.view, selected.task,
                                  begun.branch ? begun.branch->name : "", result.attempts);
}

}  // namespace

ResetResult reset_task(Workspace& workspace, const ResetRequest& request) {
  workspace.begin_write();
  ResetResult result;
  result.taken_from = take(workspace, request);
  const Begun begun = begin(workspace, request.task, request.facts);
  result.session = begun.session;
  result.task = begun.task;
  for (const Slot& slot : begun.slots) {
    workspace.slots().remove(slot, workspace.settings().hooks);
    result.removed_worktrees.push_back(slot.path);
  }
  settle(workspace, begun, request.answer, result);
  publish(workspace, begun, result);
  return result;
}

Json to_json(const ResetResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["plan_branch"] = plan_branch_text(result.session);
  object["task_id"] = result.task;
  object["plan_version"] = version_text(result.version);
  object["attempts"] = result.attempts;
  object["removed_worktrees"] = result.removed_worktrees;
  if (result.taken_from) object["taken_from"] = claim_object(*result.taken_from);
  return object;
}

}  // namespace gitplan::commands
