#include "commands/wave/start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "base/error.hpp"
#include "base/text.hpp"
#include "session/approval.hpp"
#include "session/base_branch.hpp"
#include "session/guard.hpp"
#include "session/missing_work.hpp"
#include "session/next_tasks.hpp"
#include "session/overtaken.hpp"
#include "session/renamed_plan.hpp"
#include "session/select_tasks.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

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

/// One start of a wave under way.
class WaveStart {
 public:
  WaveStart(Workspace& workspace, const StartWaveRequest& request)
      : workspace_(&workspace), request_(&request) {}

  StartWaveResult run() {
    reserve();
    fill_all();
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
        overtaken_.once_more(workspace_->shared_remote()->remote());
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
      // Claimed for this worker; else the lowest that is free by now: an earlier one may have
      // failed.
      const auto worker =
          workspace_->shared_remote() != nullptr ? std::optional(one.worker) : std::nullopt;
      reserved_.push_back(reserve_task(*workspace_, *view_, one.task, worker));
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

  void fill_all() {
    for (const ReservedTask& one : reserved_) {
      try {
        result_.started.push_back(fill_reserved(*workspace_, *view_, one));
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
  Overtaken overtaken_;
  std::unique_ptr<PlanView> view_;
  schedule::Next next_;
};

}  // namespace

StartWaveResult start_wave(Workspace& workspace, const StartWaveRequest& request) {
  workspace.begin_write();
  return WaveStart(workspace, request).run();
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
