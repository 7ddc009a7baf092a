// How a plan stands as a whole: see ready.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "schedule/ready.hpp"
#include "schedule/task_names.hpp"

namespace gitplan::schedule {

namespace {

constexpr std::size_t most_named = 5;

/// Edges from each task, and from each capability, to the pending tasks that wait for it; tasks
/// first.
Rows waiting_rows(const Graph& graph, const Progress& progress) {
  const auto tasks = static_cast<std::uint32_t>(graph.size());
  std::vector<Edge> edges;
  for (TaskIndex task = 0; task < tasks; ++task) {
    if (progress.status[task] != Status::pending) continue;
    for (const Need& need : graph.needs(task)) {
      if (need.kind == Need::Kind::task) edges.push_back({need.index, task});
      if (need.kind == Need::Kind::capability) edges.push_back({tasks + need.index, task});
    }
  }
  return {tasks + graph.capability_count(), edges};
}

/// Who waits for whom among what is not done.
class Waiting {
 public:
  Waiting(const Graph& graph, const Progress& progress)
      : graph_(graph), rows_(waiting_rows(graph, progress)), passed_(rows_.size()) {
    for (TaskIndex task = 0; task < graph.size(); ++task) {
      if (progress.status[task] != Status::completed) continue;
      for (const CapabilityIndex capability : graph.provides(task)) {
        passed_[node(capability)] = true;  // available by this provider: nobody waits for it
      }
    }
  }

  [[nodiscard]] bool is_needed(TaskIndex task) const {
    const auto provides = graph_.provides(task);
    return !rows_[task].empty() ||
           std::any_of(provides.begin(), provides.end(), [this](CapabilityIndex capability) {
             return !passed_[node(capability)] && !rows_[node(capability)].empty();
           });
  }

  /// Pending tasks that wait for one of `roots`, or for a task that does; in plan order.
  [[nodiscard]] std::vector<TaskIndex> on(const std::vector<TaskIndex>& roots) && {
    std::vector<bool> found(graph_.size());
    std::vector<TaskIndex> queue = roots;
    const auto visit = [&](std::uint32_t at) {
      if (passed_[at]) return;
      passed_[at] = true;
      for (const TaskIndex task : rows_[at]) {
        if (!found[task]) queue.push_back(task);
        found[task] = true;
      }
    };
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const TaskIndex task = queue[at];
      visit(task);
      for (const CapabilityIndex capability : graph_.provides(task)) visit(node(capability));
    }
    std::vector<TaskIndex> list;
    for (TaskIndex task = 0; task < found.size(); ++task) {
      if (found[task]) list.push_back(task);
    }
    return list;
  }

 private:
  [[nodiscard]] std::uint32_t node(CapabilityIndex capability) const {
    return static_cast<std::uint32_t>(graph_.size()) + capability;
  }

  const Graph& graph_;
  Rows rows_;
  std::vector<bool> passed_;
};

std::vector<TaskIndex> tasks_with(const Progress& progress, Status status) {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task = 0; task < progress.status.size(); ++task) {
    if (progress.status[task] == status) tasks.push_back(task);
  }
  return tasks;
}

/// "task 002 failed and 003, 004 wait for it"
std::string ended_reason(const Plan& plan, const std::vector<TaskIndex>& ended,
                         const std::vector<TaskIndex>& waiting, std::string_view failed) {
  const bool one = ended.size() == 1;
  const std::string start =
      fmt::format("{} {} {}", one ? "task" : "tasks", list_of(plan, ended, most_named), failed);
  if (waiting.empty()) return start;
  return fmt::format("{} and {} {} for {}", start, list_of(plan, waiting, most_named),
                     waiting.size() == 1 ? "waits" : "wait", one ? "it" : "them");
}

/// A need of a pending task that nothing in the plan can meet.
std::optional<std::string> unprovided_reason(const Graph& graph, const Progress& progress) {
  const Plan& plan = graph.plan();
  for (const TaskIndex task : tasks_with(progress, Status::pending)) {
    for (const Need& need : graph.needs(task)) {
      if (need.kind == Need::Kind::unknown_task) {
        return fmt::format("task {} depends on '{}', which is not in the plan", name_of(plan, task),
                           text::printable(plan.tasks[task].depends_on[need.position]));
      }
      if (need.kind == Need::Kind::capability && graph.providers(need.index).empty()) {
        return fmt::format("task {} waits for '{}', which no task provides", name_of(plan, task),
                           text::printable(graph.capability(need.index)));
      }
    }
  }
  return {};
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::ready:
      return "ready";
    case State::running:
      return "running";
    case State::stuck:
      return "stuck";
    case State::completed:
      return "completed";
  }
  return "stuck";
}

State plan_state(const Graph& graph, const Progress& progress) {
  const auto is_ended = [](Status status) {
    return status == Status::completed || status == Status::cancelled;
  };
  const std::vector<Status>& status = progress.status;
  if (status.empty()) return State::stuck;
  if (std::all_of(status.begin(), status.end(), is_ended)) return State::completed;
  const std::vector<bool> ready = ready_tasks(graph, progress);
  if (std::find(ready.begin(), ready.end(), true) != ready.end()) return State::ready;
  const bool running = std::find(status.begin(), status.end(), Status::in_progress) != status.end();
  return running ? State::running : State::stuck;
}

std::string stuck_reason(const Graph& graph, const Progress& progress) {
  if (plan_state(graph, progress) != State::stuck) return {};
  if (graph.size() == 0) return "the plan has no tasks";
  Waiting waiting(graph, progress);
  const std::vector<TaskIndex> failed = tasks_with(progress, Status::failed);
  if (!failed.empty()) {
    return ended_reason(graph.plan(), failed, std::move(waiting).on(failed), "failed");
  }
  std::vector<TaskIndex> cancelled = tasks_with(progress, Status::cancelled);
  std::erase_if(cancelled, [&](TaskIndex task) { return !waiting.is_needed(task); });
  if (!cancelled.empty()) {
    const std::string_view was = cancelled.size() == 1 ? "was cancelled" : "were cancelled";
    return ended_reason(graph.plan(), cancelled, std::move(waiting).on(cancelled), was);
  }
  if (auto reason = unprovided_reason(graph, progress)) return *reason;
  const auto cycles = find_cycles(graph, compute_waves(graph));
  if (cycles.empty()) return "no task can start";
  return cycle_message(graph, cycles.front(), most_named);
}

}  // namespace gitplan::schedule
