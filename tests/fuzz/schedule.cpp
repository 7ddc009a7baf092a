// Waves, cycles, what is ready, critical path and makespan of small plans, against the same worked
// out the slow way (unit/schedule/oracle.hpp).
#include <algorithm>
#include <array>

#include "fuzz/fuzz.hpp"
#include "plan/toml.hpp"
#include "schedule/check_graph.hpp"
#include "schedule/overlap.hpp"
#include "schedule/ready.hpp"
#include "schedule/reduction.hpp"
#include "unit/schedule/oracle.hpp"

namespace gitplan::fuzz {
namespace {

using namespace schedule;
using namespace schedule::tests;

// As the unit tests' generator asks for them.
class Choices {
 public:
  explicit Choices(Input& input) : input_(&input) {}
  std::size_t below(std::size_t limit) { return input_->below(limit); }
  bool chance(std::size_t one_in) { return below(one_in) == 1; }

 private:
  Input* input_;
};

// As require() of the plan that is played, which a failure shows.
class Judge {
 public:
  explicit Judge(const tests::RandomPlan& made) : made_(&made) {}
  void operator()(bool holds, std::string_view property) const {
    if (holds) return;
    Plan shown = made_->plan;
    shown.provides = made_->given;
    broken(property, {toml_io::render_plan(shown)});
  }

 private:
  const tests::RandomPlan* made_;
};

std::set<TaskIndex> completed_tasks(const Progress& progress) {
  std::set<TaskIndex> done;
  for (TaskIndex task = 0; task < progress.status.size(); ++task) {
    if (progress.status[task] == Status::completed) done.insert(task);
  }
  return done;
}

void check_waves(const tests::RandomPlan& made, const Scheduled& all) {
  const Judge judge(made);
  judge(all.waves.wave_of == waves_by_running(made), "waves are found by running the plan");
  const auto lost = std::ranges::count(all.waves.wave_of, 0);
  judge(static_cast<std::ptrdiff_t>(all.waves.unreachable.size()) == lost,
        "what is in no wave has a reason");
  for (const auto& one : all.waves.unreachable) require_printable(one.reason);
}

void check_cycles(const tests::RandomPlan& made, const Scheduled& all) {
  const Judge judge(made);
  const auto cycles = find_cycles(all.graph, all.waves);
  const tests::RandomPlan helped = with_outside_help(made);
  const std::vector<int> wave_of = waves_by_running(helped);
  const bool blocked = std::ranges::find(wave_of, 0) != wave_of.end();
  judge(cycles.empty() != blocked, "a cycle is what no help from outside would free");
  for (const Tasks& cycle : cycles) {
    judge(cycle.size() >= 2 && cycle.front() == cycle.back(), "a cycle ends where it begins");
    for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
      judge(waits_for(helped, cycle[i], cycle[i + 1]), "each of a cycle waits for the next");
    }
  }
}

void check_chains(const tests::RandomPlan& made, const Scheduled& all) {
  const Judge judge(made);
  const Lists predecessors = chosen_predecessors(all.graph, all.waves);
  double longest = 0;
  for (TaskIndex task = 0; task < all.graph.size(); ++task) {
    const std::set<TaskIndex> found(predecessors[task].begin(), predecessors[task].end());
    judge(found == predecessors_by_definition(made, task), "predecessors are by definition");
    judge(all.path.remaining[task] == longest_chain_from(predecessors, all.estimates, task),
          "what remains is the longest chain");
    if (all.waves.wave_of[task] > 0) longest = std::max(longest, all.path.remaining[task]);
  }
  judge(all.path.minutes == longest, "the critical path is the longest chain");
}

void check_makespan(const tests::RandomPlan& made, const Scheduled& all, int workers) {
  const Judge judge(made);
  const double minutes = all.makespan(workers);
  judge(minutes == makespan_by_the_minute(made, all, workers),
        "the makespan is that of a simulation");
  judge(minutes >= all.path.minutes, "no number of workers beats the critical path");
}

void check_ready(const tests::RandomPlan& made, const Scheduled& all, const Progress& progress) {
  const Judge judge(made);
  const std::set<TaskIndex> done = completed_tasks(progress);
  const std::vector<bool> ready = ready_tasks(all.graph, progress);
  for (TaskIndex task = 0; task < all.graph.size(); ++task) {
    const bool free = can_start(made, done, task);
    judge(blocked_by(all.graph, progress, task).empty() == free, "what blocks is by definition");
    judge(ready[task] == (free && progress.status[task] == Status::pending),
          "ready is what is pending and not blocked");
    judge(ready[task] == is_ready(all.graph, progress, task), "one is as all of them");
  }
  const bool stuck = plan_state(all.graph, progress) == State::stuck;
  const std::string reason = stuck_reason(all.graph, progress);
  require_printable(reason);
  judge(stuck || reason.empty(), "what is not stuck has no reason to be");
}

void check_next(const tests::RandomPlan& made, const Scheduled& all, const Progress& progress,
                const std::vector<Busy>& busy) {
  const Judge judge(made);
  const Next next = next_tasks(all.graph, progress, all.path, busy, Overlapping::hold_back);
  const Next any = next_tasks(all.graph, progress, all.path, busy, Overlapping::allow);
  judge(any.tasks.size() == next.tasks.size() + next.held_back.size(),
        "a candidate is next, or held back");
  const auto files = [&](TaskIndex task) -> const Names& { return made.plan.tasks[task].files; };
  for (std::size_t i = 0; i < next.tasks.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      judge(overlapping(files(next.tasks[i]), files(next.tasks[j])).empty(),
            "what may start together touches no file twice");
    }
  }
}

Names some_files(Input& input) {
  static constexpr std::array<const char*, 8> kFiles = {"a",      "a/b.c", "a/*.c", "b",
                                                        "**/b.c", "c.h",   "*.h",   "d/"};
  Names files;
  for (std::size_t left = input.below(3); left > 0; --left)
    files.emplace_back(input.one_of(kFiles));
  return files;
}

}  // namespace

void play(Input& input) {
  Choices choices(input);
  tests::RandomPlan made = random_plan(choices);
  for (Task& task : made.plan.tasks) task.files = some_files(input);
  const Scheduled all(made.plan, made.given);
  check_waves(made, all);
  check_cycles(made, all);
  check_chains(made, all);
  for (const int workers : {1, 2, 3}) check_makespan(made, all, workers);
  const Progress progress = random_progress(choices, all.graph.size());
  check_ready(made, all, progress);
  check_next(made, all, progress, {{"x/001", some_files(input)}});
  require_printable(check_graph(all.graph, all.waves, {}));
  drawing_of(all.graph, all.waves);
}

}  // namespace gitplan::fuzz
