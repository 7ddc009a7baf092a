// How the scheduler's work grows with the plan: plans of 100 to 100,000 tasks with 4 predecessors
// each, named both as depends_on and as capabilities. Exits 1 if a task or an edge of the largest
// plan costs more than 12 times what it costs at 1,000 tasks: a ratio, so that the machine's speed
// does not matter.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

#include "plan/ids.hpp"
#include "schedule/critical_path.hpp"
#include "schedule/ready.hpp"

namespace {

using namespace gitplan;
using namespace gitplan::schedule;

constexpr std::size_t predecessors = 4;
constexpr double most_growth = 12;
constexpr int workers = 8;

Plan make_plan(std::size_t size) {
  std::mt19937 random(42);
  Plan plan;
  plan.tasks.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    Task& task = plan.tasks[i];
    task.id = format_task_id(static_cast<std::uint32_t>(i + 1));
    task.provides = {fmt::format("capability of module {}", i)};
    task.files = {fmt::format("src/module{}/file{}.cpp", i % 100, i),
                  fmt::format("tests/test{}.cpp", i)};
    task.estimated_time = fmt::format("{} minutes", 1 + random() % 10);
    task.priority = static_cast<Priority>(random() % 4);
    for (std::size_t k = 0; i > 0 && k < predecessors; ++k) {
      // From the last thousand: plans grow at their end.
      const std::size_t other = i - 1 - random() % std::min<std::size_t>(i, 1000);
      task.depends_on.push_back(plan.tasks[other].id);
      task.preconditions.push_back(plan.tasks[other].provides.front());
    }
  }
  return plan;
}

struct Times {
  double graph = 0;
  double waves = 0;
  double path = 0;
  double next = 0;
  double makespan = 0;
  double wide_next = 0;  ///< with every task ready

  /// What a command needs.
  [[nodiscard]] double total() const { return graph + waves + path + next + makespan; }
};

double milliseconds(const std::function<void()>& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  return taken.count();
}

Progress nothing_done(const Plan& plan) {
  Progress progress;
  progress.status.resize(plan.tasks.size(), Status::pending);
  progress.free.resize(plan.tasks.size());
  return progress;
}

Times measure(const Plan& plan) {
  Times times;
  std::optional<Graph> graph;
  times.graph = milliseconds([&] { graph.emplace(plan, plan.provides); });
  Waves waves;
  times.waves = milliseconds([&] { waves = compute_waves(*graph); });
  Estimates estimates;
  CriticalPath path;
  times.path = milliseconds([&] {
    estimates = read_estimates(plan);
    path = critical_path(*graph, waves, estimates);
  });
  const Progress progress = nothing_done(plan);
  Next next;
  times.next =
      milliseconds([&] { next = next_tasks(*graph, progress, path, {}, Overlapping::hold_back); });
  double minutes = 0;
  times.makespan =
      milliseconds([&] { minutes = makespan(*graph, waves, estimates, path, workers); });
  if (next.tasks.empty() || minutes < path.minutes) std::fputs("wrong answer\n", stderr);

  Plan flat = plan;
  for (Task& task : flat.tasks) {
    task.depends_on.clear();
    task.preconditions.clear();
  }
  const Graph flat_graph(flat, flat.provides);
  times.wide_next = milliseconds(
      [&] { next = next_tasks(flat_graph, progress, path, {}, Overlapping::hold_back); });
  return times;
}

/// The fastest of several runs: what the work costs when nothing disturbs it.
Times best_of(int runs, const Plan& plan) {
  Times best = measure(plan);
  for (int run = 1; run < runs; ++run) {
    const Times times = measure(plan);
    for (double Times::*phase : {&Times::graph, &Times::waves, &Times::path, &Times::next,
                                 &Times::makespan, &Times::wide_next}) {
      best.*phase = std::min(best.*phase, times.*phase);
    }
  }
  return best;
}

std::size_t count_edges(const Plan& plan) {
  std::size_t edges = 0;
  for (const Task& task : plan.tasks) edges += task.depends_on.size() + task.preconditions.size();
  return edges;
}

}  // namespace

int main() {
  fmt::print("{:>7}  {:>7}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>12}\n", "tasks",
             "edges", "graph", "waves", "path", "next", "makespan", "total ms", "all next",
             "ns/task+edge");
  double cost_at_1000 = 0;
  double cost_at_most = 0;
  for (const std::size_t size : {100UL, 1'000UL, 10'000UL, 100'000UL}) {
    const Plan plan = make_plan(size);
    const std::size_t edges = count_edges(plan);
    const Times times = best_of(size < 100'000 ? 20 : 3, plan);
    cost_at_most = times.total() * 1e6 / static_cast<double>(size + edges);
    if (size == 1'000) cost_at_1000 = cost_at_most;
    fmt::print(
        "{:>7}  {:>7}  {:>8.3f}  {:>8.3f}  {:>8.3f}  {:>8.3f}  {:>8.3f}  {:>8.3f}  {:>8.3f}  "
        "{:>12.1f}\n",
        size, edges, times.graph, times.waves, times.path, times.next, times.makespan,
        times.total(), times.wide_next, cost_at_most);
  }
  const double growth = cost_at_most / cost_at_1000;
  fmt::print(
      "a task or an edge costs {:.1f} times as much at 100,000 tasks as at 1,000 (at most {})\n",
      growth, most_growth);
  return growth > most_growth ? 1 : 0;
}
