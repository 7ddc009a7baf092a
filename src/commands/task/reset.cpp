#include "commands/task/reset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "plan/edits.hpp"
#include "session/guard.hpp"
#include "session/held_branch.hpp"
#include "session/select.hpp"
#include "session/slot_check.hpp"
#include "session/take_back.hpp"
#include "session/task_merge.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

void refuse_merged(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  refuse_cleaned(view.plan());
  if (!view.in_flow(index)) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("cannot reset task '{}': '{}' already has it", view.task(index).id,
                          view.plan().flow_branch),
              how_to_take_back(workspace, view, index));
}

void refuse_checked_out(const Workspace& workspace, const PlanView& view, TaskIndex index,
                        const TaskBranch& branch) {
  const auto holder =
      git::worktree_of_branch(workspace.repository(), ref_names::branch_ref(branch.name));
  if (!holder || holder->missing) return;
  for (const Slot& slot : view.slots()) {
    if (slot.absolute_path == holder->path && view.task_of(slot) == index) return;
  }
  refuse_held_branch(fmt::format("reset task '{}'", view.task(index).id), holder->path);
}

/// The attempt that has this tip already: a reset that was killed kept it, and did not come to
/// delete the branch.
std::optional<std::string> kept_before(const git::Repository& repository, const git::Oid& tip) {
  for (const auto& ref : git::list_refs(repository, std::string(ref_names::attempt_prefix))) {
    if (ref.target == tip) return ref.name;
  }
  return std::nullopt;
}

std::string keep_attempt(const Workspace& workspace, const PlanView& view, TaskIndex index,
                         const TaskBranch& branch) {
  const git::Repository& repository = workspace.repository();
  const std::string from = ref_names::branch_ref(branch.name);
  if (auto kept = kept_before(repository, branch.tip)) {
    if (git::delete_ref(repository, from, branch.tip) == git::SwapResult::swapped)
      return std::move(*kept);
  } else {
    constexpr int most_names = 1000;
    const Seconds time = now();
    for (int count = 1; count < most_names; ++count) {
      std::string ref = ref_names::attempt_ref(view.session(), view.task(index).id, time, count);
      if (git::read_ref(repository, ref)) continue;
      if (git::move_ref(repository, from, ref, branch.tip, "task reset") ==
          git::SwapResult::swapped)
        return ref;
      break;
    }
  }
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

/// The branch that is the task's now, which goes among the attempts. Nothing: it has none left.
std::optional<std::string> put_away_branch(Workspace& workspace, const Begun& begun) {
  const Selected selected =
      select_task(workspace, Access::read, fmt::format("{}/{}", begun.session, begun.task));
  const PlanView& view = *selected.view;
  refuse_merged(workspace, view, selected.task);
  refuse_started_again(view, selected.task);
  auto branch = find_branch(workspace, view, selected.task);
  if (!branch && begun.branch) branch = still_there(workspace.repository(), *begun.branch);
  if (!branch) return std::nullopt;
  refuse_checked_out(workspace, view, selected.task, *branch);
  return keep_attempt(workspace, view, selected.task, *branch);
}

/// Its branch goes among the attempts, and the plan says that it is pending. A copy of the branch
/// is the task's once that is gone, and goes, too.
void settle(Workspace& workspace, const Begun& begun, const std::string& answer,
            ResetResult& result) {
  const auto turn = workspace.slots().lock();
  while (auto kept = put_away_branch(workspace, begun)) {
    if (std::ranges::find(result.attempts, *kept) == result.attempts.end())
      result.attempts.push_back(*std::move(kept));
  }
  const auto write =
      write_plan(workspace, begun.session,
                 message_with_facts(fmt::format("Reset {}", begun.task), {begun.facts}),
                 [&](const EditContext& context) {
                   return edits::reset(context.current.plan, std::span(&begun.task, 1), answer);
                 });
  result.version = write.stored.plan.version;
}

}  // namespace

ResetResult reset_task(Workspace& workspace, const ResetRequest& request) {
  workspace.begin_write();
  const Begun begun = begin(workspace, request.task, request.facts);
  ResetResult result;
  result.session = begun.session;
  result.task = begun.task;
  for (const Slot& slot : begun.slots) {
    workspace.slots().remove(slot, workspace.settings().hooks);
    result.removed_worktrees.push_back(slot.path);
  }
  settle(workspace, begun, request.answer, result);
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
  return object;
}

}  // namespace gitplan::commands
