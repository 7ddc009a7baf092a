#include "schedule/graph.hpp"

#include <limits>
#include <utility>

#include "schedule/task_ids.hpp"

namespace gitplan::schedule {

namespace {

constexpr TaskIndex nobody = std::numeric_limits<TaskIndex>::max();

/// Says of each number whether a task names it for the first time.
class OncePerTask {
 public:
  explicit OncePerTask(std::size_t numbers) : last_(numbers, nobody) {}
  bool first(std::uint32_t number, TaskIndex task) {
    if (number >= last_.size()) last_.resize(number + 1, nobody);
    return std::exchange(last_[number], task) != task;
  }

 private:
  std::vector<TaskIndex> last_;
};

}  // namespace

Graph::Graph(const Plan& plan, std::span<const std::string> given)
    : plan_(&plan), id_ranks_(schedule::id_ranks(plan)) {
  capabilities_.reserve(given.size() + plan.tasks.size());
  std::string buffer;
  for (const std::string& name : given) capabilities_.intern(folded(name, buffer));
  given_.assign(capabilities_.size(), true);
  std::vector<Edge> provided = read_provides();
  read_needs();
  given_.resize(capabilities_.size(), false);
  for (Edge& edge : provided) std::swap(edge.from, edge.to);
  providers_ = Rows(capabilities_.size(), provided);
}

std::vector<Edge> Graph::read_provides() {
  std::vector<Edge> edges;
  edges.reserve(plan_->tasks.size());
  OncePerTask seen(capabilities_.size());
  std::string buffer;
  for (TaskIndex task = 0; task < plan_->tasks.size(); ++task) {
    for (const std::string& name : plan_->tasks[task].provides) {
      const CapabilityIndex capability = capabilities_.intern(folded(name, buffer));
      if (seen.first(capability, task)) edges.push_back({task, capability});
    }
  }
  provides_ = Rows(plan_->tasks.size(), edges);
  return edges;
}

void Graph::read_needs() {
  const TaskIds ids(*plan_);
  OncePerTask seen_capability(capabilities_.size());
  OncePerTask seen_task(plan_->tasks.size());
  std::string buffer;
  std::size_t most = 0;
  for (const Task& task : plan_->tasks) most += task.preconditions.size() + task.depends_on.size();
  needs_.reserve(most);
  need_starts_.reserve(plan_->tasks.size() + 1);
  need_starts_.push_back(0);
  for (TaskIndex task = 0; task < plan_->tasks.size(); ++task) {
    const Task& wanting = plan_->tasks[task];
    for (std::uint32_t i = 0; i < wanting.preconditions.size(); ++i) {
      const CapabilityIndex need = capabilities_.intern(folded(wanting.preconditions[i], buffer));
      const bool met = need < given_.size() && given_[need];
      if (!met && seen_capability.first(need, task)) {
        needs_.push_back({Need::Kind::capability, need, i});
      }
    }
    for (std::uint32_t i = 0; i < wanting.depends_on.size(); ++i) {
      const auto need = ids.find(wanting.depends_on[i]);
      if (!need) {
        needs_.push_back({Need::Kind::unknown_task, i, i});
      } else if (seen_task.first(*need, task)) {
        needs_.push_back({Need::Kind::task, *need, i});
      }
    }
    need_starts_.push_back(needs_.size());
  }
}

}  // namespace gitplan::schedule
