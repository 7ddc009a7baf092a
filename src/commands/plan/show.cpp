#include "commands/plan/show.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/wave/blocked.hpp"
#include "git/objects.hpp"
#include "schedule/remaining.hpp"
#include "session/branch_work.hpp"
#include "session/next_tasks.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

std::vector<TaskIndex> all_tasks(const PlanView& view) {
  std::vector<TaskIndex> all(view.size());
  for (TaskIndex i = 0; i < view.size(); ++i) all[i] = i;
  return all;
}

/// Progress as workers report it: "- [x]" and "- [ ]" lines of the last commit message that has
/// any.
void count_todos(const git::Repository& repository, const std::vector<git::Oid>& commits,
                 TaskDetails& details) {
  for (const git::Oid& commit : commits) {
    const std::string message = git::read_commit(repository, commit).message;
    for (std::string_view line : text::split(message, '\n')) {
      line = text::trim(line);
      if (line.starts_with("- [ ]") || line.starts_with("* [ ]")) ++details.todo_total;
      if (line.starts_with("- [x]") || line.starts_with("- [X]") || line.starts_with("* [x]")) {
        ++details.todo_total;
        ++details.todo_done;
      }
    }
    if (details.todo_total > 0) return;
  }
}

template <class Value>
bool is_any_of(const std::vector<Value>& wanted, const Value& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool contains(std::string_view text, std::string_view words) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  };
  return std::search(text.begin(), text.end(), words.begin(), words.end(), same) != text.end();
}

bool mentions(const Task& task, std::string_view words) {
  const auto any = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const std::string& text) { return contains(text, words); });
  };
  return words.empty() || contains(task.id, words) || contains(task.description, words) ||
         any(task.preconditions) || any(task.provides) || any(task.files);
}

}  // namespace

Json unreachable_objects(const PlanView& view) {
  Json list = Json::array();
  for (const auto& one : view.waves().unreachable) {
    list.push_back(Json{{"id", view.task(one.task).id}, {"reason", one.reason}});
  }
  return list;
}

Json plan_object(const PlanView& view) { return plan_object(view, ApprovalState{}); }

Json plan_object(const PlanView& view, const ApprovalState& approval) {
  return plan_object(view, approval, all_tasks(view));
}

Json plan_object(const PlanView& view, const ApprovalState& approval,
                 const std::vector<TaskIndex>& tasks) {
  const Plan& plan = view.plan();
  Json updates = Json::array();
  for (const Update& update : plan.updates) {
    updates.push_back(Json{{"version", update.version}, {"at", update.at}, {"note", update.note}});
  }
  Json object = new_object();
  object["session_id"] = view.session();
  object["plan_branch"] = view.branch();
  object["plan_version"] = view.version();
  object["flow_branch"] = plan.flow_branch;
  object["created_at"] = plan.created_at;
  if (!plan.cleaned_at.empty()) object["cleaned_at"] = plan.cleaned_at;
  object["user_request"] = plan.user_request;
  object["architecture"] = plan.architecture;
  object["architecture_updates"] = std::move(updates);
  object["design_patterns"] = plan.design_patterns;
  object["technology_stack"] = plan.technology_stack;
  object["estimated_total_time"] = plan.estimated_total_time;
  object["dependency_graph"] = plan.dependency_graph;
  if (!plan.hold.empty()) object["hold"] = plan.hold;
  object["provides"] = plan.provides;
  object["total_tasks"] = view.size();
  object["completed_tasks"] = view.count(Status::completed);
  object["state"] = schedule::to_string(view.state());
  const std::string stuck = schedule::stuck_reason(view.graph(), view.progress());
  if (!stuck.empty()) object["reason"] = stuck;
  object["unreachable"] = unreachable_objects(view);
  object["unestimated"] = view.estimates().unestimated;
  object["tasks"] = task_objects(view, tasks);
  if (approval.required || approval.latest) object["approval"] = approval_object(approval, view);
  return object;
}

std::vector<TaskIndex> list_tasks(const PlanView& view, const TaskFilter& filter) {
  const auto ready = schedule::ready_tasks(view.graph(), view.progress());
  std::vector<TaskIndex> tasks;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const bool fits = is_any_of(filter.statuses, view.status(i)) &&
                      is_any_of(filter.waves, view.waves().wave_of[i]) &&
                      is_any_of(filter.priorities, view.task(i).effective_priority()) &&
                      (!filter.ready_only || ready[i]) &&
                      (!filter.open_only || !schedule::is_over(view.status(i))) &&
                      mentions(view.task(i), filter.words);
    if (fits) tasks.push_back(i);
  }
  return tasks;
}

Json task_list_object(const PlanView& view, const std::vector<TaskIndex>& tasks) {
  Json object = new_object();
  object["plan_branch"] = view.branch();
  object["tasks"] = task_objects(view, tasks);
  return object;
}

TaskDetails task_details(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  TaskDetails details;
  const TaskBranch* branch = view.task_branch(index);
  if (branch == nullptr) return details;
  const git::Repository& repository = workspace.repository();
  const git::Commit tip = git::read_commit(repository, branch->tip);
  details.last_commit = tip.subject();
  details.last_commit_time = tip.committer_time;
  if (!view.flow().commit) return details;
  const auto commits = git::commits_between(repository, *view.flow().commit, branch->tip);
  details.commits_ahead = own_commits(workspace, view, index, *view.flow().commit, branch->tip);
  count_todos(repository,
              commits.empty() ? commits_since_start(workspace, view, index, branch->tip) : commits,
              details);
  return details;
}

Json task_show_object(const PlanView& view, TaskIndex index, const TaskDetails& details) {
  Json object = new_object();
  object.update(task_object(view, index));
  if (view.task_branch(index) != nullptr) {
    object["commits_ahead"] = details.commits_ahead;
    if (details.last_commit) object["last_commit"] = *details.last_commit;
    object["todo_done"] = details.todo_done;
    object["todo_total"] = details.todo_total;
  }
  object["plan_branch"] = view.branch();
  return object;
}

NextWave next_wave(const Workspace& workspace, const PlanView& view) {
  NextWave result;
  result.next = next_tasks(workspace, view, schedule::Overlapping::hold_back);
  if (approval_required(workspace))
    result.unapproved = waiting_for_approval(approval_state(workspace, view), view);
  const auto lower = [&](TaskIndex task) {
    const int wave = view.waves().wave_of[task];
    if (wave > 0 && (!result.wave || wave < *result.wave)) result.wave = wave;
  };
  for (const TaskIndex task : result.next.tasks) lower(task);
  if (result.wave) return result;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (view.status(i) != Status::completed && view.status(i) != Status::cancelled) lower(i);
  }
  return result;
}

Json to_json(const PlanView& view, const NextWave& next, Explain explain) {
  Json object = new_object();
  object["plan_branch"] = view.branch();
  object["plan_version"] = view.version();
  object["state"] = schedule::to_string(view.state());
  if (next.wave) object["wave"] = *next.wave;
  object["available"] = schedule::available(view.graph(), view.given(), view.progress());
  object["held_back"] = held_back_objects(view, next.next.held_back);
  if (!next.unapproved.empty()) object["unapproved"] = ids(view, next.unapproved);
  object["tasks"] = task_objects(view, next.next.tasks);
  if (explain == Explain::yes || next.next.tasks.empty())
    object["blocked"] = blocked_objects(blocked_tasks(view, next));
  return object;
}

int max_parallel(const Workspace& workspace, const std::optional<std::string>& option) {
  const auto parse = [](const std::string& word, std::string_view where, ErrorKind kind) {
    int value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value < 1) {
      throw Error(
          kind,
          fmt::format("bad number '{}' for {}: at least 1 is wanted", text::printable(word), where),
          Hint{"to use three workers where -j is not given, run: git config wave.maxParallel 3"});
    }
    return value;
  };
  if (option) return parse(*option, "-j", ErrorKind::usage);
  if (const char* value = std::getenv("GIT_WAVE_MAX_PARALLEL");
      value != nullptr && *value != '\0') {
    return parse(value, "$GIT_WAVE_MAX_PARALLEL", ErrorKind::fatal);
  }
  constexpr int default_workers = 3;
  const auto configured = workspace.config().integer("wave.maxParallel");
  return configured ? parse(std::to_string(*configured), "'wave.maxParallel'", ErrorKind::fatal)
                    : default_workers;
}

}  // namespace gitplan::commands
