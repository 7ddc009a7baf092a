// A run without processes and repository: time is a number, and workers end when the script says
// so.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "supervisor/supervisor.hpp"
#include "unit/agents/memory_lot.hpp"

namespace gitplan::supervisor {

using Ending = WorkerRecord::Ending;
using Kind = Event::Kind;
using Names = std::vector<std::string>;
using Outcome = Landing::Outcome;
using Phase = WorkerRecord::Phase;

/// Processes take the milliseconds that their arguments say: {"work", task, "100"}. What a lander
/// does, {"land"}, is told from outside.
class ScriptedRunner final : public ProcessRunner {
 public:
  int start(const ProcessSpec& spec, std::function<void(const ProcessEnd&)> ended) override {
    if (spec.arguments.front() == "missing") throw Error(ErrorKind::fatal, "cannot run 'missing'");
    const int pid = ++last_pid_;
    processes_[pid] = {spec.said, std::move(ended)};
    if (spec.arguments.back() == "ignores TERM") stubborn_.insert(pid);
    if (spec.arguments.front() == "land") {
      landers_.insert(pid);
      after(std::chrono::milliseconds(0), [this, pid] { lander_started(pid); });
    } else {
      after(std::chrono::milliseconds(std::stoi(spec.arguments.at(2))), [this, pid] { end(pid); });
    }
    return pid;
  }
  void watch(const ProcessIdentity& /*process*/, std::function<void()> ended) override {
    after(std::chrono::milliseconds(0), std::move(ended));
  }
  /// A worker ends at once, if it does not ignore TERM.
  void signal(int pid, int number) override {
    signals.emplace_back(pid, number);
    killed_[pid] = number;
    after(std::chrono::milliseconds(0), [this, pid, number] {
      if (landers_.contains(pid)) return lander_signalled(pid, number);
      if (number == SIGTERM && stubborn_.contains(pid)) return;
      end(pid, 128 + number);
    });
  }
  TimerId after(std::chrono::milliseconds delay, std::function<void()> due) override {
    timers_[{time_ + delay.count(), ++last_timer_}] = std::move(due);
    return last_timer_;
  }
  void at(long time, std::function<void()> due) {
    after(std::chrono::milliseconds(time - time_), std::move(due));
  }
  void cancel(TimerId timer) override {
    std::erase_if(timers_, [&](const auto& one) { return one.first.second == timer; });
  }
  void on_signals(const std::vector<int>& /*numbers*/, std::function<void(int)> arrived) override {
    arrived_ = std::move(arrived);
  }
  void interrupt_at(long time, int number) {
    at(time, [this, number] { arrived_(number); });
  }
  void run() override {
    stopped_ = false;
    while (!stopped_ && !timers_.empty()) {
      if (timers_.begin()->first.first > longest) throw std::runtime_error("it runs for ever");
      auto node = timers_.extract(timers_.begin());
      time_ = node.key().first;
      node.mapped()();
    }
  }
  void stop() override { stopped_ = true; }
  [[nodiscard]] long time() const { return time_; }
  static constexpr Seconds begin = 1'700'000'000;
  /// What a clock on the wall shows.
  [[nodiscard]] Seconds clock() const { return begin + time_ / 1000; }
  [[nodiscard]] bool was_signalled(int pid) const { return killed_.contains(pid); }
  [[nodiscard]] bool has_processes() const { return !processes_.empty(); }

  void say(int pid, const std::string& line) {
    const auto said = processes_.at(pid).said;
    said(line);
  }
  void end(int pid, int exit_status = 0) {
    const auto process = processes_.extract(pid);
    if (!process.empty()) process.mapped().ended({exit_status});
  }

  std::vector<std::pair<int, int>> signals;
  long longest = 3'600'000;  ///< that a run may take
  std::function<void(int pid)> lander_started;
  std::function<void(int pid, int number)> lander_signalled;

 private:
  struct Process {
    std::function<void(std::string_view)> said;
    std::function<void(const ProcessEnd&)> ended;
  };
  std::map<std::pair<long, TimerId>, std::function<void()>> timers_;
  std::map<int, Process> processes_;
  std::set<int> landers_;
  std::set<int> stubborn_;
  std::map<int, int> killed_;
  std::function<void(int)> arrived_;
  long time_ = 0;
  int last_pid_ = 100;
  TimerId last_timer_ = 0;
  bool stopped_ = false;
};

/// Takes what was handed in by batches, in the order in which that was done, and says of each task
/// what the script says.
class ScriptedLander {
 public:
  using Verdict = std::function<Landing(const std::string& task)>;
  ScriptedLander(ScriptedRunner& runner, Verdict verdict)
      : runner_(&runner), verdict_(std::move(verdict)) {
    runner.lander_started = [this](int pid) { begin(pid); };
    runner.lander_signalled = [this](int pid, int number) { end_by(pid, number); };
  }

  int milliseconds = 50;  ///< that a batch takes
  std::size_t batch = 1;  ///< at most
  bool queues = false;    ///< says so of each task at once
  bool lingers = false;   ///< does not end by itself
  bool keeps = false;     ///< lands nothing
  bool ignores_term = false;
  bool finishes = false;  ///< what it has begun, when it is told to end
  int deaths = 0;         ///< how often it ends without a word
  int started = 0;
  std::vector<std::string> handed_in;
  std::vector<std::string> given_back;  ///< settled

  void offer(const std::string& task) {
    if (std::ranges::find(handed_in, task) == handed_in.end()) handed_in.push_back(task);
    wake();
  }
  /// All that waits, under it.
  void deleted_at(long time) {
    runner_->at(time, [this] {
      handed_in.clear();
      begun_.clear();
      look();
    });
  }
  void settled(const std::string& task) {
    std::erase(handed_in, task);
    given_back.push_back(task);
    told_.erase(task);
    queued_.erase(task);
    put_off_.erase(task);
  }
  [[nodiscard]] int pid() const { return pid_; }
  /// Somebody merged, or opened the gate of, a task that was put off.
  void say_at(long time, const std::string& task, Landing landing) {
    runner_->at(time, [this, task, landing = std::move(landing)] {
      if (landing.outcome != Outcome::held && landing.outcome != Outcome::offered)
        put_off_.erase(task);
      say(TaskLanding{task, landing});
      look();
    });
  }
  void say(LanderNews news) {
    news_.push_back(std::move(news));
    runner_->say(pid_, std::to_string(news_.size() - 1));
  }
  std::optional<LanderNews> read(std::string_view line) const {
    if (line.empty() || line.front() < '0' || line.front() > '9') return std::nullopt;
    return news_.at(static_cast<std::size_t>(std::stoi(std::string(line))));
  }

 private:
  void begin(int pid) {
    pid_ = pid;
    ++started;
    told_.clear();
    put_off_.clear();
    begun_.clear();
    queued_.clear();
    runner_->say(pid, "no news");
    if (queues || keeps) say_queued();
    if (keeps) return end(0);
    if (deaths > 0) {
      --deaths;
      return end(7);
    }
    look();
  }
  void wake() {
    if (pid_ != 0) runner_->after(std::chrono::milliseconds(0), [this] { look(); });
  }
  void look() {
    if (pid_ == 0) return;
    if (queues) say_queued();
    if (!begun_.empty()) return;
    for (const auto& task : handed_in) {
      if (!told_.contains(task) && begun_.size() < batch) begun_.push_back(task);
    }
    if (begun_.empty()) {
      if (put_off_.empty() && !lingers) end(0);
      return;
    }
    runner_->after(std::chrono::milliseconds(milliseconds), [this, pid = pid_] {
      if (pid != pid_) return;
      finish();
      look();
    });
  }
  void say_queued() {
    Landing landing;
    landing.outcome = Outcome::queued;
    const auto tasks = handed_in;  // which may change with each word
    for (const auto& task : tasks) {
      if (queued_.insert(task).second) say(TaskLanding{task, landing});
    }
  }
  void finish() {
    for (const auto& task : std::exchange(begun_, {})) {
      const Landing landing = verdict_(task);
      told_.insert(task);
      if (landing.outcome == Outcome::held || landing.outcome == Outcome::offered)
        put_off_.insert(task);
      say(TaskLanding{task, landing});
    }
  }
  void end(int exit_status) { runner_->end(std::exchange(pid_, 0), exit_status); }
  void end_by(int pid, int number) {
    if (pid != pid_ || (ignores_term && number == SIGTERM)) return;
    if (finishes) finish();
    end(128 + number);
  }

  ScriptedRunner* runner_;
  Verdict verdict_;
  int pid_ = 0;
  std::vector<LanderNews> news_;
  std::vector<std::string> begun_;
  std::set<std::string> told_;  ///< by this process
  std::set<std::string> put_off_;
  std::set<std::string> queued_;
};

/// What each attempt of a task does; the last one is done again if there are more.
struct Attempt {
  int exit_status = 0;
  int milliseconds = 100;
  Landing landing = {};
  Ending ending = Ending::exited;
  bool vanishes = false;
  bool merges = false;     ///< by itself
  bool says_done = false;  ///< before it ends
  bool ignores_term = false;
  std::map<std::string, double> uses = {};
};

/// Agents on the runner's clock. Which one is limited until when is told from outside; one that is
/// ends with 75 after a second and names that time, if it does.
class ScriptedLimits final : public Limits {
 public:
  explicit ScriptedLimits(ScriptedRunner& runner) : runner_(&runner) { agent("default"); }
  agents::Agent& agent(const std::string& name) {
    agents[name].name = name;
    return agents[name];
  }
  agents::Crew& crew() override {
    if (!crew_) crew_.emplace(agents, usual, most_parked, lot, [this] { return runner_->clock(); });
    return *crew_;
  }
  std::optional<agents::NotNow> not_now(const WorkerRecord& record) override {
    if (record.exit_status != exit_not_now) return std::nullopt;
    const auto found = says.find(record.agent);
    return found == says.end() ? agents::NotNow{} : found->second;
  }
  std::optional<agents::Reached> reached_cap() override { return agents::reached(used, caps); }
  bool bears_another() override { return bears; }
  void began() override { ++started; }
  /// Another run.
  void forget() { crew_.reset(); }

  agents::Agents agents;
  std::string usual = "default";
  Seconds most_parked = 24 * 3600;
  agents::MemoryLot lot;
  std::map<std::string, agents::NotNow> says;
  agents::Usage used;
  std::vector<agents::Cap> caps;
  bool bears = true;
  int started = 0;

 private:
  ScriptedRunner* runner_;
  std::optional<agents::Crew> crew_;
};

class ScriptedWork final : public Work {
 public:
  explicit ScriptedWork(ScriptedRunner& runner)
      : lander(runner, [this](const std::string& task) { return verdict(task); }),
        runner_(&runner) {}

  void task(const std::string& id, std::vector<std::string> needs = {},
            std::vector<Attempt> does = {{}}) {
    if (!needs_.contains(id)) order_.push_back(id);
    needs_[id] = std::move(needs);
    attempts_[id] = std::move(does);
  }
  void is_merged_now(const std::string& task) {
    said("land " + task);
    done.insert(task);
  }

  std::vector<WorkerRecord> adopt() override {
    for (const auto& record : orphans) {
      if (record.phase == Phase::done) {
        lander.offer(record.task);
      } else {
        slots_[record.worker] = record.task;
      }
    }
    return std::exchange(orphans, {});
  }
  std::optional<WorkerRecord> claim_next(const Claimable& claimable) override {
    if (throw_in == "claim_next") throw Error(ErrorKind::lost_race, "locked");
    for (const auto& id : order_) {
      if (!is_ready(id) || claimable.but.contains(id)) continue;
      if (claimable.only && !claimable.only->contains(id)) continue;
      const auto agent = claimable.taker(wants[id]);
      if (!agent) continue;
      WorkerRecord record;
      record.session = "s";
      record.task = id;
      record.wanted_agent = wants[id];
      record.agent = *agent;
      claimed_.insert(id);
      take_slot(record, claimable);
      return record;
    }
    return std::nullopt;
  }
  std::set<std::string> startable() override {
    std::set<std::string> ids;
    for (const auto& id : order_) {
      if (is_ready(id)) ids.insert(id);
    }
    return ids;
  }
  ProcessSpec worker_process(WorkerRecord& record) override {
    if (throw_in == "worker_process") throw Error(ErrorKind::fatal, "no space left");
    has_slot(record);
    const Attempt& attempt = next_attempt(record.task);
    record.attempt_started = runner_->clock();
    ++starts_[record.task];
    working_.insert(record.task);
    most_working = std::max(most_working, working_.size());
    attempts.push_back(record);
    said(fmt::format("start {}", record.task));
    const bool is_limited = limited && limited(record.agent);
    limited_[record.task] = is_limited;
    ProcessSpec spec;
    spec.arguments = {"work", record.task,
                      std::to_string(is_limited ? 1000 : attempt.milliseconds)};
    if (attempt.ignores_term) spec.arguments.emplace_back("ignores TERM");
    return spec;
  }
  void offer(const WorkerRecord& record) override {
    if (throw_in == "offer") throw Error(ErrorKind::fatal, "no space left");
    if (record.phase != Phase::done) has_slot(record);
    lander.offer(record.task);
  }
  ProcessSpec lander_process(Lands what) override {
    lander.keeps = what == Lands::keep;
    ProcessSpec spec;
    spec.arguments = {throw_in == "lander_process" ? "missing" : "land"};
    return spec;
  }
  std::optional<LanderNews> lander_said(std::string_view line) override {
    if (throw_in == "lander_said") throw std::runtime_error("not JSON");
    return lander.read(line);
  }
  void free_slot(const WorkerRecord& record) override {
    if (throw_in == "free_slot") throw Error(ErrorKind::fatal, "no space left");
    has_slot(record);
    if (record.phase != Phase::done) wrong.push_back(record.task + " is not done");
    slots_.erase(record.worker);
  }
  void settled(const WorkerRecord& record) override { lander.settled(record.task); }
  std::optional<WorkerRecord> claim_back(const WorkerRecord& record,
                                         const Claimable& claimable) override {
    if (throw_in == "claim_back") throw Error(ErrorKind::fatal, "no space left");
    if (runner_->time() < no_slot_before) return std::nullopt;
    WorkerRecord given = record;
    if (is_unpreparable) {
      given.phase = Phase::ended;
      given.reason = "its branch is gone";
    } else {
      take_slot(given, claimable);
    }
    return given;
  }
  WorkerRecord reread(const WorkerRecord& record) override {
    if (throw_in == "reread") throw Error(ErrorKind::fatal, "unreadable");
    working_.erase(record.task);
    const Attempt& attempt = last_attempt(record.task);
    WorkerRecord now = record;
    now.phase = attempt.vanishes ? Phase::working : Phase::ended;
    now.ending = interrupted ? Ending::interrupted : attempt.ending;
    now.exit_status = attempt.exit_status;
    if (attempt.says_done) now.told = WorkerRecord::Word{};
    if (limited_[record.task]) {
      --starts_[record.task];  // it does the same again
      now.phase = Phase::ended;
      now.exit_status = exit_not_now;
    } else if (limits != nullptr) {
      agents::add(limits->used, attempt.uses);
    }
    return now;
  }
  void write(const WorkerRecord& record) override {
    has_slot(record);
    written.push_back(record);
  }
  bool is_merged(const WorkerRecord& record) override {
    if (starts_[record.task] == 0 || !last_attempt(record.task).merges) return false;
    is_merged_now(record.task);
    return true;
  }
  bool still_stands(const WorkerRecord& record) override {
    return !taken_back.contains(record.task);
  }
  std::optional<Landing> given_up(const WorkerRecord& record) override {
    Landing landing;
    if (reset.erase(record.task) > 0 || takes_back_always == record.task) {
      claimed_.erase(record.task);
      landing.outcome = Outcome::taken_back;
      return landing;
    }
    const auto found = recorded.find(record.task);
    if (found == recorded.end()) return std::nullopt;
    landing.outcome = found->second == "cancelled" ? Outcome::cancelled : Outcome::given_up;
    landing.reason = found->second;
    return landing;
  }
  Living living(const WorkerRecord& record) override {
    return is_alive(record.mind)      ? Living::mind
           : is_alive(record.command) ? Living::command
                                      : Living::none;
  }
  void ask_to_stop(const WorkerRecord& record) override { said("ask to stop " + record.task); }
  void end_strays(const WorkerRecord& record) override { said("end strays of " + record.task); }
  void record_merged() override { ++recordings; }
  void fail(const WorkerRecord& record, const std::string& reason) override {
    if (throw_in == "fail") throw Error(ErrorKind::lost_race, "the plan moved");
    said(fmt::format("fail {}: {}", record.task, reason));
    recorded[record.task] = reason;
  }
  void skip(const WorkerRecord& record) override {
    said("skip " + record.task);
    claimed_.erase(record.task);
  }
  void forget(const WorkerRecord& record) override {
    has_slot(record);
    slots_.erase(record.worker);
  }
  std::optional<int> remove_slot(int worker) override {
    removed.insert(worker);
    return signal_in_removal;
  }
  bool others_work() override { return others-- > 0; }

  ScriptedLander lander;
  std::map<std::string, std::string> wants;  ///< agents, by task
  std::function<bool(const std::string& agent)> limited;
  ScriptedLimits* limits = nullptr;
  std::set<std::string> taken_back;  ///< while they were parked
  std::string throw_in;
  std::vector<WorkerRecord> orphans;
  std::vector<WorkerRecord> attempts;  ///< as they were started
  std::vector<std::string> wrong;      ///< done to slots that were another task's
  std::size_t most_working = 0;
  long no_slot_before = 0;  ///< for a task that was sent back
  bool is_unpreparable = false;
  std::vector<WorkerRecord> written;
  std::map<std::string, std::string> recorded;
  std::set<std::string> reset;
  std::string takes_back_always;
  std::set<std::string> done;
  std::set<int> removed;
  std::optional<int> signal_in_removal;
  std::vector<std::string> story;
  int recordings = 0;
  int others = 0;
  bool interrupted = false;

 private:
  [[nodiscard]] bool is_ready(const std::string& id) const {
    if (claimed_.contains(id) || recorded.contains(id)) return false;
    for (const auto& need : needs_.at(id)) {
      if (!done.contains(need)) return false;
    }
    return true;
  }
  void take_slot(WorkerRecord& record, const Claimable& claimable) {
    record.worker = claimable.idle.empty() ? ++last_worker_ : *claimable.idle.begin();
    slots_[record.worker] = record.task;
  }
  void has_slot(const WorkerRecord& record) {
    const auto found = slots_.find(record.worker);
    if (found == slots_.end() || found->second != record.task)
      wrong.push_back(fmt::format("{} is not in slot {}", record.task, record.worker));
  }
  Landing verdict(const std::string& task) {
    Landing landing = last_attempt(task).landing;
    if (landing.outcome == Outcome::merged || landing.outcome == Outcome::already_merged)
      is_merged_now(task);
    return landing;
  }
  const Attempt& attempt_at(const std::string& id, int number) const {
    const auto& all = attempts_.at(id);
    return all.at(std::min(static_cast<std::size_t>(number), all.size() - 1));
  }
  const Attempt& next_attempt(const std::string& id) { return attempt_at(id, starts_[id]); }
  const Attempt& last_attempt(const std::string& id) { return attempt_at(id, starts_[id] - 1); }
  void said(const std::string& what) {
    story.push_back(fmt::format("{} {}", runner_->time(), what));
  }

  ScriptedRunner* runner_;
  std::vector<std::string> order_;
  std::map<std::string, std::vector<std::string>> needs_;
  std::map<std::string, std::vector<Attempt>> attempts_;
  std::map<std::string, int> starts_;
  std::map<std::string, bool> limited_;
  std::set<std::string> claimed_;
  std::set<std::string> working_;
  std::map<int, std::string> slots_;
  int last_worker_ = 0;
};

struct Told final : Observer {
  void on_event(const Event& event) override { events.push_back(event); }
  void on_tick(const std::vector<WorkerRecord>& running) override {
    most = std::max(most, running.size());
  }
  /// "done 1", in the order in which it was told.
  [[nodiscard]] Names of(const std::set<Kind>& kinds) const {
    static const std::map<Kind, std::string> names = {
        {Kind::started, "started"},     {Kind::retried, "retried"},
        {Kind::done, "done"},           {Kind::held, "held"},
        {Kind::offered, "offered"},     {Kind::sent_back, "sent back"},
        {Kind::flaky, "flaky"},         {Kind::merged, "merged"},
        {Kind::failed, "failed"},       {Kind::not_merged, "not merged"},
        {Kind::flow_red, "flow red"},   {Kind::interrupted, "interrupted"},
        {Kind::verified, "verified"},   {Kind::skipped, "skipped"},
        {Kind::needs_decision, "asks"}, {Kind::parked, "parked"},
        {Kind::woken, "woken"},         {Kind::stalled, "stalled"},
        {Kind::capped, "capped"}};
    Names told;
    for (const auto& event : events) {
      if (kinds.contains(event.kind))
        told.push_back(fmt::format("{} {}", names.at(event.kind), event.worker.task));
    }
    return told;
  }
  [[nodiscard]] const Event& first(Kind kind) const {
    return *std::ranges::find(events, kind, &Event::kind);
  }
  [[nodiscard]] Names of(Kind kind) const {
    std::vector<std::string> tasks;
    for (const auto& event : events) {
      if (event.kind == kind) tasks.push_back(event.worker.task);
    }
    return tasks;
  }
  std::vector<Event> events;
  std::size_t most = 0;
};

struct Scene {
  ScriptedRunner runner;
  ScriptedWork work{runner};
  ScriptedLimits limits{runner};
  Told told;
  RunPolicy policy;
  RunOutcome play() {
    const LeavesNothing checks{*this};
    work.limits = &limits;
    limits.agent("default").retries = policy.retries;
    return supervise(runner, work, limits, told, policy);
  }

 private:
  struct LeavesNothing {
    explicit LeavesNothing(const Scene& played) : scene(played) {}
    LeavesNothing(const LeavesNothing&) = delete;
    LeavesNothing& operator=(const LeavesNothing&) = delete;
    ~LeavesNothing() {
      CHECK(scene.work.wrong == std::vector<std::string>{});
      CHECK_FALSE(scene.runner.has_processes());
    }
    const Scene& scene;
  };
};

inline Landing landing(Outcome outcome, const std::string& reason = "") {
  Landing made;
  made.outcome = outcome;
  made.reason = reason;
  if (outcome == Outcome::conflicts) made.conflicts = {"a.txt"};
  return made;
}

}  // namespace gitplan::supervisor
