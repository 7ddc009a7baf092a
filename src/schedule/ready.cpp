#include "schedule/ready.hpp"

#include <algorithm>
#include <limits>

#include "schedule/interner.hpp"

namespace gitplan::schedule {

namespace {

bool is_completed(const Progress& progress, TaskIndex task) {
  return progress.status[task] == Status::completed;
}

bool is_provided(const Graph& graph, const Progress& progress, CapabilityIndex capability) {
  const auto providers = graph.providers(capability);
  return std::any_of(providers.begin(), providers.end(),
                     [&](TaskIndex provider) { return is_completed(progress, provider); });
}

bool is_met(const Graph& graph, const Progress& progress, const Need& need) {
  switch (need.kind) {
    case Need::Kind::task:
      return is_completed(progress, need.index);
    case Need::Kind::capability:
      return is_provided(graph, progress, need.index);
    case Need::Kind::unknown_task:
      break;
  }
  return false;
}

Blocker make_blocker(const Graph& graph, TaskIndex task, const Need& need) {
  const std::vector<Task>& tasks = graph.plan().tasks;
  if (need.kind == Need::Kind::capability) {
    const auto providers = graph.providers(need.index);
    Blocker blocker{Blocker::Kind::precondition,
                    tasks[task].preconditions[need.position],
                    {providers.begin(), providers.end()}};
    if (providers.size() > 1) std::erase(blocker.provided_by, task);  // nobody waits for himself
    return blocker;
  }
  if (need.kind == Need::Kind::task) {
    return {Blocker::Kind::task, tasks[need.index].id, {need.index}};
  }
  return {Blocker::Kind::task, tasks[task].depends_on[need.position], {}};
}

}  // namespace

std::vector<std::string> available(const Graph& graph, std::span<const std::string> given,
                                   const Progress& progress) {
  std::vector<std::string> list;
  Interner seen;
  std::string buffer;
  const auto add = [&](const std::string& name) {
    if (seen.intern(folded(name, buffer)) == list.size()) list.push_back(name);
  };
  for (const std::string& name : given) add(name);
  for (TaskIndex task = 0; task < graph.size(); ++task) {
    if (!is_completed(progress, task)) continue;
    for (const std::string& name : graph.plan().tasks[task].provides) add(name);
  }
  return list;
}

std::vector<Blocker> blocked_by(const Graph& graph, const Progress& progress, TaskIndex task) {
  std::vector<Blocker> blockers;
  for (const Need& need : graph.needs(task)) {
    if (!is_met(graph, progress, need)) blockers.push_back(make_blocker(graph, task, need));
  }
  return blockers;
}

bool is_ready(const Graph& graph, const Progress& progress, TaskIndex task) {
  const auto needs = graph.needs(task);
  return progress.status[task] == Status::pending &&
         std::all_of(needs.begin(), needs.end(),
                     [&](const Need& need) { return is_met(graph, progress, need); });
}

std::vector<bool> ready_tasks(const Graph& graph, const Progress& progress) {
  std::vector<bool> provided(graph.capability_count());
  for (TaskIndex task = 0; task < graph.size(); ++task) {
    if (!is_completed(progress, task)) continue;
    for (const CapabilityIndex capability : graph.provides(task)) provided[capability] = true;
  }
  const auto is_met_now = [&](const Need& need) {
    return need.kind == Need::Kind::capability ? provided[need.index]
                                               : is_met(graph, progress, need);
  };
  std::vector<bool> ready(graph.size());
  for (TaskIndex task = 0; task < graph.size(); ++task) {
    const auto needs = graph.needs(task);
    ready[task] = progress.status[task] == Status::pending &&
                  std::all_of(needs.begin(), needs.end(), is_met_now);
  }
  return ready;
}

}  // namespace gitplan::schedule
