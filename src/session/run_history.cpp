#include "session/run_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/diff_stat.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "session/flow_walk.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::optional<Seconds> time_of(const std::optional<std::string>& text) {
  return text ? parse_rfc3339(*text) : std::nullopt;
}

/// What stands between the subject and the trailers.
std::string body_of(const std::string& message) {
  std::string_view rest = message;
  rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
  if (!parse_trailers(message).empty()) {
    while (rest.ends_with('\n')) rest.remove_suffix(1);
    rest = rest.substr(0, std::min(rest.rfind("\n\n"), rest.size()));
  }
  return std::string(text::trim(rest));
}

/// When the task's branch was made, as its metadata file says.
std::optional<Seconds> created(const git::Repository& repository, const git::Oid& file) {
  try {
    constexpr std::size_t most_bytes = 1U << 20U;
    const std::string text = git::read_blob(repository, file, "metadata file", most_bytes);
    return parse_rfc3339(toml_io::parse_task_file(text, "metadata file").created_at);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Counts each commit's changes once, however many tasks it brought.
class Counter {
 public:
  explicit Counter(const git::Repository& repository) : repository_(&repository) {}

  void count(const Arrival& arrival, Landing& landing, RunHistory& history) {
    const auto known = counted_.find(arrival.last.id);
    if (known != counted_.end()) {
      landing.changes = known->second.changes;
      landing.files = known->second.files;
      return;
    }
    const auto changes = changes_of(arrival);
    if (!changes) {
      history.incomplete = true;
    } else {
      count(*changes, landing, history.total);
    }
    counted_.emplace(arrival.last.id, landing);
  }

 private:
  [[nodiscard]] std::optional<std::vector<git::FileChange>> changes_of(
      const Arrival& arrival) const {
    try {
      std::optional<git::Oid> before;
      if (!arrival.first.parents.empty())
        before = git::tree_of(*repository_, arrival.first.parents.front());
      return git::changes_between(*repository_, before, arrival.last.tree,
                                  ref_names::metadata_folder);
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  void count(const std::vector<git::FileChange>& changes, Landing& landing,
             Landing::Changes& total) {
    Landing::Changes sum;
    for (const auto& change : changes) {
      ++sum.files;
      sum.added += change.added;
      sum.removed += change.removed;
      if (landing.files.size() < most_files) landing.files.push_back(change.path);
      if (paths_.insert(change.path).second) ++total.files;
    }
    total.added += sum.added;
    total.removed += sum.removed;
    landing.changes = sum;
  }

  const git::Repository* repository_;
  std::map<git::Oid, Landing> counted_;
  std::set<std::string> paths_;
};

Landing land(const PlanView& view, TaskIndex index, const Arrival& arrival) {
  Landing landing;
  landing.commit = arrival.last.id;
  landing.by = arrival.last.author_name;
  landing.message = body_of(arrival.first.message);
  landing.time = arrival.last.committer_time;
  for (RunFacts& facts : parse_trailers(arrival.first.message)) {
    if (task_number(facts.task) == task_number(view.task(index).id)) landing.facts = facts;
  }
  return landing;
}

void note_facts(TaskRun& run, const RunFacts& facts) {
  if (const auto time = time_of(facts.started_at)) run.started = time;
  if (const auto time = time_of(facts.finished_at)) run.finished = time;
  if (facts.worker) run.worker = facts.worker;
  if (!facts.machine.empty()) run.machine = facts.machine;
  if (facts.attempts) run.attempts = facts.attempts;
  run.flaky = run.flaky || facts.flaky;
  if (facts.exit_status) run.exit_status = facts.exit_status;
}

void take_landings(const Workspace& workspace, const PlanView& view, RunHistory& history) {
  const git::Repository& repository = workspace.repository();
  Counter counter(repository);
  auto found = arrivals(repository, view);
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto number = task_number(view.task(i).id);
    const auto arrival = number ? found.find(*number) : found.end();
    if (arrival == found.end()) continue;
    TaskRun& run = history.tasks[i];
    run.landing = land(view, i, arrival->second);
    counter.count(arrival->second, *run.landing, history);
    run.finished = run.landing->time;
    note_facts(run, run.landing->facts);
    if (!run.started) run.started = created(repository, arrival->second.file);
  }
}

/// Attempts that a reset kept: told of by the plan already, or only by their ref.
void add_kept_attempts(const git::Repository& repository, const PlanView& view,
                       std::vector<Setback>& setbacks) {
  constexpr Seconds while_resetting = 5;
  const std::string prefix = fmt::format("{}{}/", ref_names::attempt_prefix, view.session());
  for (const git::Ref& ref : git::list_refs(repository, prefix)) {
    const std::string task =
        ref.name.substr(prefix.size(), ref.name.find('/', prefix.size()) - prefix.size());
    const Seconds time = ref_names::kept_since(ref.name).value_or(0);
    const auto told = std::find_if(setbacks.begin(), setbacks.end(), [&](const Setback& setback) {
      return setback.task == task && setback.kept.empty() &&
             setback.facts.outcome != RunFacts::Outcome::failed &&
             std::abs(setback.time - time) <= while_resetting;
    });
    if (told != setbacks.end()) {
      told->kept = ref.name;
      continue;
    }
    Setback setback{task, {}, time, ref.name};
    setback.facts.task = task;
    setback.facts.outcome = RunFacts::Outcome::reset;
    setbacks.push_back(std::move(setback));
  }
}

/// A failure that only plan.toml tells of, written by hand.
void add_untold_failures(const PlanView& view, std::vector<Setback>& setbacks) {
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const Task& task = view.task(i);
    const bool told = std::any_of(setbacks.begin(), setbacks.end(), [&](const Setback& setback) {
      return setback.task == task.id && setback.facts.outcome == RunFacts::Outcome::failed;
    });
    if (view.status(i) != Status::failed || told) continue;
    Setback setback{task.id, {}, 0, ""};
    setback.facts.task = task.id;
    setback.facts.outcome = RunFacts::Outcome::failed;
    setback.facts.reason = task.reason.value_or("");
    setbacks.push_back(std::move(setback));
  }
}

/// Attempts that a run has seen fail before the one that was merged: its merge tells why.
void add_retries(const PlanView& view, RunHistory& history) {
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto& landing = history.tasks[i].landing;
    if (!landing || landing->facts.attempts.value_or(1) < 2 || landing->facts.reason.empty())
      continue;
    RunFacts facts = landing->facts;
    facts.outcome = RunFacts::Outcome::done;
    facts.exit_status.reset();  // of the attempt that was merged
    const Seconds time = time_of(facts.finished_at).value_or(landing->time);
    history.setbacks.push_back({view.task(i).id, std::move(facts), time, ""});
  }
}

void sort_by_time(std::vector<Setback>& setbacks) {
  std::stable_sort(setbacks.begin(), setbacks.end(),
                   [](const Setback& a, const Setback& b) { return a.time < b.time; });
}

/// Tasks that are not in flow: who works on them since when, or how they ended.
void take_unlanded(const Workspace& workspace, const PlanView& view, RunHistory& history) {
  for (TaskIndex i = 0; i < view.size(); ++i) {
    TaskRun& run = history.tasks[i];
    const Status status = view.status(i);
    if (run.landing) continue;
    if (status == Status::in_progress) note_facts(run, known_facts(workspace, view, i));
    if (status != Status::failed && status != Status::cancelled) continue;
    for (const Setback& setback : history.setbacks) {
      if (setback.task != view.task(i).id) continue;
      run = {};
      note_facts(run, setback.facts);
      if (!run.finished && setback.time > 0) run.finished = setback.time;
    }
  }
}

void count_attempts(const PlanView& view, RunHistory& history) {
  for (TaskIndex i = 0; i < view.size(); ++i) {
    TaskRun& run = history.tasks[i];
    if (run.started && run.finished && *run.started > *run.finished) run.started.reset();
    if (run.attempts || !(run.started || run.landing)) continue;
    run.attempts =
        1 + static_cast<int>(std::count_if(
                history.setbacks.begin(), history.setbacks.end(), [&](const Setback& setback) {
                  return setback.task == view.task(i).id && !setback.kept.empty();
                }));
  }
}

}  // namespace

std::vector<Setback> told_by_plan(const git::Repository& repository, const git::Oid& tip) {
  std::vector<Setback> setbacks;
  std::optional<git::Oid> next = tip;
  while (next) {
    const git::Commit commit = git::read_commit(repository, *next);
    next = commit.parents.empty() ? std::nullopt : std::optional(commit.parents.front());
    if (commit.message.find("\nOutcome: ") == std::string::npos) continue;
    for (RunFacts& facts : parse_trailers(commit.message)) {
      if (!facts.outcome || *facts.outcome == RunFacts::Outcome::done) continue;
      const Seconds time = time_of(facts.finished_at).value_or(commit.committer_time);
      const std::string task = facts.task;
      setbacks.push_back({task, std::move(facts), time, ""});
    }
  }
  std::reverse(setbacks.begin(), setbacks.end());
  return setbacks;
}

RunHistory run_history(const Workspace& workspace, const PlanView& view) {
  RunHistory history;
  history.tasks.resize(view.size());
  history.setbacks = told_by_plan(workspace.repository(), view.stored().commit);
  add_kept_attempts(workspace.repository(), view, history.setbacks);
  add_untold_failures(view, history.setbacks);
  take_landings(workspace, view, history);
  add_retries(view, history);
  sort_by_time(history.setbacks);
  take_unlanded(workspace, view, history);
  count_attempts(view, history);
  return history;
}

std::vector<RealWave> real_waves(const std::vector<TaskRun>& tasks, Seconds now) {
  std::vector<TaskIndex> order;
  for (TaskIndex i = 0; i < tasks.size(); ++i) {
    if (tasks[i].started) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](TaskIndex a, TaskIndex b) { return *tasks[a].started < *tasks[b].started; });
  std::vector<RealWave> waves;
  Seconds first_end = 0;
  for (const TaskIndex task : order) {
    const Seconds started = *tasks[task].started;
    const Seconds finished = std::max(tasks[task].finished.value_or(now), started);
    if (waves.empty() || started >= first_end) {
      // Whoever takes no time at all ends after those that start at the same moment.
      waves.push_back({{}, started, finished});
      first_end = std::max(finished, started + 1);
    }
    RealWave& wave = waves.back();
    wave.tasks.push_back(task);
    wave.finished = std::max(wave.finished, finished);
    first_end = std::min(first_end, std::max(finished, started + 1));
  }
  return waves;
}

}  // namespace gitplan
