#include "commands/task/start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/plan/show.hpp"
#include "commands/task/prompt.hpp"
#include "git/refs.hpp"
#include "session/approval.hpp"
#include "session/base_branch.hpp"
#include "session/guard.hpp"
#include "session/missing_work.hpp"
#include "session/next_tasks.hpp"
#include "session/renamed_plan.hpp"
#include "session/select_tasks.hpp"
#include "session/slot_check.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

Claim claim_for(const PlanView& view, TaskIndex index, const std::string& branch) {
  Claim claim;
  claim.session = view.session();
  claim.task = view.task(index).id;
  claim.branch = branch;
  claim.since = now();
  return claim;
}

/// A branch that was made for nothing.
void take_back(const Workspace& workspace, const ReservedTask& reserved) {
  if (!reserved.made) return;
  git::delete_ref(workspace.repository(), ref_names::branch_ref(reserved.made->name),
                  reserved.made->commit);
}

/// Outside the lock. A slot that cannot be filled leaves the task as unstarted as it was.
Started fill(Workspace& workspace, const PlanView& view, const ReservedTask& reserved) {
  try {
    workspace.slots().fill(reserved.slot, workspace.settings().hooks);
  } catch (const Error&) {
    take_back(workspace, reserved);
    throw;
  }
  Started started;
  started.session = view.session();
  started.task = view.task(reserved.task).id;
  started.branch = reserved.slot.claim->branch;
  started.commit = reserved.commit;
  started.slot = workspace.slots().at(reserved.slot.number);
  started.prompt =
      prompt(workspace, view, reserved.task, started.branch, started.slot, Worker::by_itself);
  return started;
}

void refuse_held_back(const PlanView& view, const schedule::Next& next, TaskIndex index) {
  for (const auto& held : next.held_back) {
    if (held.task != index) continue;
    std::vector<std::string> files;
    for (const auto& file : held.files) files.push_back(fmt::format("'{}'", text::printable(file)));
    throw Error(ErrorKind::wrong_state,
                fmt::format("task '{}' is held back: task {} touches {} too",
                            text::printable(view.task(index).id), text::printable(held.by),
                            text::join(files, ", ")),
                Hint{fmt::format("to start it all the same, run: git task start {} --allow-overlap",
                                 view.task(index).id)})
        .with_code("held_back");
  }
}

void refuse_taken_slot(const Workspace& workspace, const PlanView& view, TaskIndex index,
                       int number) {
  const Slot slot = workspace.slots().at(number);
  if (slot.state == Slot::State::absent) return;
  if (const Slot* own = view.half_made_slot(index); own != nullptr && own->number == number) return;
  if (slot.state == Slot::State::half_made && !view.task_of(slot)) return;
  const std::string holds = slot.claim && !slot.claim->task.empty() ? "task " + slot.claim->task
                            : !slot.branch.empty() ? fmt::format("branch '{}'", slot.branch)
                                                   : "something else";
  throw Error(ErrorKind::wrong_state, fmt::format("worker {} is taken: it has {}", number, holds),
              Hint{fmt::format("to empty it, run: git wave worker remove {}", number)});
}

/// What may be asked for by name, judged as `task start` does.
void refuse_start(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const schedule::Next& next, const StartTaskRequest& request) {
  refuse_hold(view.plan());
  refuse_done(view, index);
  refuse_held(view, index);
  if (request.take == Take::free_ones) refuse_claimed(view, index);
  refuse_unstartable(view, index, request.unready);
  if (approval_required(workspace)) refuse_unapproved(approval_state(workspace, view), view, index);
  if (request.overlapping == schedule::Overlapping::hold_back) refuse_held_back(view, next, index);
  if (request.worker) refuse_taken_slot(workspace, view, index, *request.worker);
}

int tasks_with_slots(const PlanView& view) {
  int count = 0;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.status(i) == Status::in_progress && view.slot(i) != nullptr) ++count;
  }
  return count;
}

/// Though tasks could start: as many have a worker as may have one.
void say_all_taken(const Workspace& workspace, const PlanView& view, int limit) {
  std::vector<std::string> busy;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.status(i) == Status::in_progress && view.slot(i) != nullptr)
      busy.push_back(fmt::format("{} (worker {})", view.task(i).id, view.slot(i)->number));
  }
  workspace.note(fmt::format("nothing more can start with -j {}: {} {} in progress", limit,
                             text::join(busy, ", "), busy.size() == 1 ? "is" : "are"));
  workspace.hint(fmt::format("to start more at once, run: git wave start -j {}", busy.size() + 1));
}

void say_why_nothing(const Workspace& workspace, const PlanView& view,
                     const StartWaveRequest& request, const schedule::Next& next,
                     StartWaveResult& result) {
  const NextWave wave = next_wave(workspace, view);
  result.blocked = blocked_tasks(view, wave);
  if (!request.tasks.empty()) return;  // what was said of each is enough
  if (next.tasks.empty()) return say_why_nothing(workspace, view, wave);
  say_all_taken(workspace, view, max_parallel(workspace, request.jobs));
}

void warn_not_started(Workspace& workspace, const std::string& task, const Error& error) {
  workspace.warn({Severity::warning, "not_started",
                  fmt::format("task '{}' was not started: {}", text::printable(task), error.what()),
                  task, std::nullopt});
}

/// Who is to start: the named ones that may, or the best ones. The first refusal is kept in
/// `refusal`.
std::vector<TaskIndex> candidates(Workspace& workspace, const PlanView& view,
                                  const StartWaveRequest& request, const schedule::Next& next,
                                  std::optional<Error>& refusal) {
  if (request.tasks.empty()) return next.tasks;
  std::vector<TaskIndex> chosen;
  for (const auto& word : request.tasks) {
    try {
      const TaskIndex index = require_named_task(view, word);
      StartTaskRequest one;
      one.overlapping = request.overlapping;
      refuse_start(workspace, view, index, next, one);
      if (std::find(chosen.begin(), chosen.end(), index) == chosen.end()) chosen.push_back(index);
    } catch (const Error& error) {
      if (!refusal) refusal = error;
      if (request.tasks.size() > 1) warn_not_started(workspace, word, error);
    }
  }
  return chosen;
}

}  // namespace

Wanted place_task(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  std::optional<int> worker, const std::set<int>& taken) {
  const TaskBranch* known = view.task_branch(index);
  const Slot* half_made = view.half_made_slot(index);
  if (!worker && half_made != nullptr) worker = half_made->number;
  if (!worker) worker = workspace.slots().lowest_free(taken);
  return {index, *worker,
          known != nullptr ? known->name
                           : ref_names::task_branch(view.task(index).id, slug_of(view, index))};
}

ReservedTask reserve_task(Workspace& workspace, const PlanView& view, TaskIndex index,
                          std::optional<int> worker) {
  ReservedTask reserved;
  reserved.task = index;
  std::string branch;
  if (const TaskBranch* known = view.task_branch(index)) {
    branch = known->name;
    reserved.commit = known->tip;
  } else {
    reserved.made = make_task_branch(workspace, view, index, std::nullopt);
    branch = reserved.made->name;
    reserved.commit = reserved.made->commit;
  }
  if (!worker) {
    const Slot* half_made = view.half_made_slot(index);
    worker = half_made != nullptr ? half_made->number : workspace.slots().lowest_free();
  }
  try {
    reserved.slot = workspace.slots().reserve(*worker, claim_for(view, index, branch));
  } catch (const Error&) {
    take_back(workspace, reserved);
    throw;
  }
  return reserved;
}

namespace {

/// The task that was asked for, which may start; where machines share the plan it is claimed.
Selected claim_task(Workspace& workspace, const StartTaskRequest& request) {
  for (;;) {
    Selected selected = select_task(workspace, Access::write, request.task);
    const PlanView& view = *selected.view;
    refuse_renamed(workspace, view);
    warn_of_missing_work(workspace, view);
    refuse_start(workspace, view, selected.task, next_tasks(workspace, view, request.overlapping),
                 request);
    if (workspace.shared_remote() == nullptr) return selected;
    const Wanted wanted = place_task(workspace, view, selected.task, request.worker);
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
  {
    const auto turn = workspace.slots().lock();
    selected = claim_task(workspace, request);
    reserved = reserve_claimed(workspace, selected, request.worker);
  }
  return fill(workspace, *selected.view, reserved);
}

namespace {

/// One start of a wave under way.
class WaveStart {
 public:
  WaveStart(Workspace& workspace, const StartWaveRequest& request)
      : workspace_(&workspace), request_(&request) {}

  StartWaveResult run() {
    reserve();
    fill_reserved();
    if (result_.started.empty() && refusal_) throw *refusal_;
    say_base_ahead(*workspace_, view_->plan().flow_branch, view_->session());
    result_.state = view_->state();
    if (result_.started.empty()) say_why_nothing(*workspace_, *view_, *request_, next_, result_);
    return std::move(result_);
  }

 private:
  /// Slots and branches, while nobody else takes any.
  void reserve() {
    const auto turn = workspace_->slots().lock();
    look();
    for (auto wanted = next_batch(); !wanted.empty(); wanted = next_batch()) {
      if (claim_tasks(*workspace_, *view_, wanted).is_stale) {
        look();
        continue;
      }
      for (const Wanted& one : wanted) reserve_one(one);
    }
    say_who_waits();
  }

  void look() {
    result_ = {};
    refusal_.reset();
    view_ = select_plan_of_tasks(*workspace_, Access::write, request_->tasks);
    result_.session = view_->session();
    refuse_renamed(*workspace_, *view_);
    refuse_hold(view_->plan());
    warn_of_missing_work(*workspace_, *view_);
    next_ = next_tasks(*workspace_, *view_, request_->overlapping);
    result_.held_back = next_.held_back;
    for (const auto& held : next_.held_back)
      result_.held_back_ids.push_back(view_->task(held.task).id);
    leave_out_unapproved();
    candidates_ = candidates(*workspace_, *view_, *request_, next_, refusal_);
    limit_ = max_parallel(*workspace_, request_->jobs);
    running_ = tasks_with_slots(*view_);
  }

  void leave_out_unapproved() {
    if (!approval_required(*workspace_)) return;
    const auto state = approval_state(*workspace_, *view_);
    const auto waiting = waiting_for_approval(state, *view_);
    // Where only approval keeps it from starting anything.
    if (request_->tasks.empty() && next_.tasks.empty() && !waiting.empty())
      refuse_unapproved(state, *view_, waiting.front());
    for (const TaskIndex task : waiting) result_.unapproved.push_back(view_->task(task).id);
  }

  /// As many as there is room for, and where; none twice.
  std::vector<Wanted> next_batch() {
    std::vector<Wanted> batch;
    std::set<int> taken;
    for (const TaskIndex index : candidates_) {
      if (running_ + static_cast<int>(batch.size()) >= limit_) break;
      if (tried_.contains(view_->task(index).id)) continue;
      batch.push_back(place_task(*workspace_, *view_, index, std::nullopt, taken));
      taken.insert(batch.back().worker);
    }
    return batch;
  }

  void reserve_one(const Wanted& one) {
    const std::string& id = view_->task(one.task).id;
    tried_.insert(id);
    try {
      reserved_.push_back(reserve_task(*workspace_, *view_, one.task, one.worker));
      ++running_;
    } catch (const Error& error) {
      if (!refusal_) refusal_ = error;
      warn_not_started(*workspace_, id, error);
      give_back(*workspace_, *view_, std::span(&one.task, 1));
    }
  }

  /// Of those that were named.
  void say_who_waits() {
    if (request_->tasks.empty()) return;
    for (const TaskIndex index : candidates_) {
      if (tried_.contains(view_->task(index).id)) continue;
      workspace_->note(fmt::format("task '{}' waits: {} a worker (-j {})",
                                   text::printable(view_->task(index).id),
                                   text::count(running_, "task has", "tasks have"), limit_));
    }
  }

  void fill_reserved() {
    for (const ReservedTask& one : reserved_) {
      try {
        result_.started.push_back(fill(*workspace_, *view_, one));
      } catch (const Error& error) {
        if (!refusal_) refusal_ = error;
        if (reserved_.size() > 1) warn_not_started(*workspace_, view_->task(one.task).id, error);
      }
    }
  }

  Workspace* workspace_;
  const StartWaveRequest* request_;
  StartWaveResult result_;
  std::optional<Error> refusal_;  ///< the first one
  std::vector<TaskIndex> candidates_;
  std::set<std::string> tried_;
  int limit_ = 0;
  int running_ = 0;  ///< tasks that have a slot
  std::vector<ReservedTask> reserved_;
  std::unique_ptr<PlanView> view_;
  schedule::Next next_;
};

}  // namespace

StartWaveResult start_wave(Workspace& workspace, const StartWaveRequest& request) {
  workspace.begin_write();
  return WaveStart(workspace, request).run();
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
  return object;
}

Json to_json(const StartWaveResult& result) {
  Json list = Json::array();
  for (const Started& started : result.started) {
    list.push_back(Json{{"task", started.task},
                        {"branch", started.branch},
                        {"worker", std::to_string(started.slot.number)},
                        {"worktree_path", started.slot.path},
                        {"absolute_path", started.slot.absolute_path},
                        {"prompt", started.prompt}});
  }
  Json held = Json::array();
  for (std::size_t i = 0; i < result.held_back.size(); ++i) {
    held.push_back(Json{{"id", result.held_back_ids[i]},
                        {"task", result.held_back[i].by},
                        {"files", result.held_back[i].files}});
  }
  Json object = new_object();
  object["plan_branch"] = plan_branch_text(result.session);
  object["started"] = std::move(list);
  object["held_back"] = std::move(held);
  if (!result.unapproved.empty()) object["unapproved"] = result.unapproved;
  if (result.started.empty()) {
    object["state"] = schedule::to_string(result.state);
    object["blocked"] = blocked_objects(result.blocked);
  }
  return object;
}

}  // namespace gitplan::commands
