// A run without processes and repository: time is a number, and workers end when the script says
// so.
#pragma once

#include <fmt/format.h>

#include <deque>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::supervisor {

using Ending = WorkerRecord::Ending;
using Outcome = Landing::Outcome;
using Phase = WorkerRecord::Phase;

/// Processes take the milliseconds that their arguments say: {"work", task, "100"}.
class ScriptedRunner final : public ProcessRunner {
 public:
  int start(const ProcessSpec& spec, std::function<void(const ProcessEnd&)> ended) override {
    if (spec.arguments.front() == "missing") throw Error(ErrorKind::fatal, "cannot run 'missing'");
    const int pid = ++last_pid_;
    const int milliseconds = std::stoi(spec.arguments.at(2));
    timers_[{time_ + milliseconds, ++last_timer_}] = [this, pid, ended = std::move(ended)] {
      const auto killed = killed_.find(pid);
      inside_ = true;
      ended({killed == killed_.end() ? 0 : 128 + killed->second, ""});
      inside_ = false;
    };
    ends_[pid] = {time_ + milliseconds, last_timer_};
    return pid;
  }
  void watch(const ProcessIdentity& /*process*/, std::function<void()> ended) override {
    after(std::chrono::milliseconds(0), std::move(ended));
  }
  void signal(int pid, int number) override {
    signals.emplace_back(pid, number);
    killed_[pid] = number;
    // It ends at once.
    auto node = timers_.extract(ends_.at(pid));
    if (node.empty()) return;
    node.key() = {time_, node.key().second};
    timers_.insert(std::move(node));
  }
  TimerId after(std::chrono::milliseconds delay, std::function<void()> due) override {
    timers_[{time_ + delay.count(), ++last_timer_}] = std::move(due);
    return last_timer_;
  }
  void cancel(TimerId timer) override {
    std::erase_if(timers_, [&](const auto& one) { return one.first.second == timer; });
  }
  void on_signals(const std::vector<int>& /*numbers*/, std::function<void(int)> arrived) override {
    arrived_ = std::move(arrived);
  }
  void interrupt_at(long time, int number) {
    timers_[{time, ++last_timer_}] = [this, number] { arrived_(number); };
  }
  void run() override {
    stopped_ = false;
    while (!stopped_ && !timers_.empty()) {
      if (timers_.begin()->first.first > 3'600'000) throw std::runtime_error("it runs for ever");
      auto node = timers_.extract(timers_.begin());
      time_ = node.key().first;
      node.mapped()();
    }
  }
  void stop() override { stopped_ = true; }
  [[nodiscard]] long time() const { return time_; }
  [[nodiscard]] bool was_signalled(int pid) const { return killed_.contains(pid); }

  std::vector<std::pair<int, int>> signals;

 private:
  using Key = std::pair<long, TimerId>;
  std::map<Key, std::function<void()>> timers_;
  std::map<int, Key> ends_;
  std::map<int, int> killed_;
  std::function<void(int)> arrived_;
  long time_ = 0;
  int last_pid_ = 100;
  TimerId last_timer_ = 0;
  bool stopped_ = false;
  bool inside_ = false;
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
};

class ScriptedWork final : public Work {
 public:
  explicit ScriptedWork(ScriptedRunner& runner) : runner_(&runner) {}

  void task(const std::string& id, std::vector<std::string> needs = {},
            std::vector<Attempt> attempts = {{}}) {
    order_.push_back(id);
    needs_[id] = std::move(needs);
    attempts_[id] = std::move(attempts);
  }

  std::vector<WorkerRecord> adopt() override { return std::exchange(orphans, {}); }
  std::optional<WorkerRecord> claim_next(const Claimable& claimable) override {
    if (throw_in == "claim_next") throw Error(ErrorKind::lost_race, "locked");
    for (const auto& id : order_) {
      if (!is_ready(id) || claimable.but.contains(id)) continue;
      if (claimable.only && !claimable.only->contains(id)) continue;
      WorkerRecord record;
      record.worker = claimable.idle.empty() ? ++last_worker_ : *claimable.idle.begin();
      record.session = "s";
      record.task = id;
      claimed_.insert(id);
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
    const Attempt& attempt = next_attempt(record.task);
    ++starts_[record.task];
    said(fmt::format("start {}", record.task));
    ProcessSpec spec;
    spec.arguments = {"work", record.task, std::to_string(attempt.milliseconds)};
    return spec;
  }
  ProcessSpec landing_process(const WorkerRecord& record) override {
    landing_ = record.task;
    ++landings_;
    ProcessSpec spec;
    spec.arguments = {"land", record.task, "50"};
    return spec;
  }
  Landing landed(const ProcessEnd& end) override {
    if (throw_in == "landed") throw std::runtime_error("not JSON");
    Landing landing = last_attempt(landing_).landing;
    if (end.exit_status != 0) landing.outcome = Outcome::refused;
    const bool merged =
        landing.outcome == Outcome::merged || landing.outcome == Outcome::already_merged;
    if (merged) {
      said("land " + landing_);
      done.insert(landing_);
    }
    return landing;
  }
  WorkerRecord reread(const WorkerRecord& record) override {
    if (throw_in == "reread") throw Error(ErrorKind::fatal, "unreadable");
    const Attempt& attempt = last_attempt(record.task);
    WorkerRecord now = record;
    now.phase = attempt.vanishes ? Phase::working : Phase::ended;
    now.ending = interrupted ? Ending::interrupted : attempt.ending;
    now.exit_status = attempt.exit_status;
    if (attempt.says_done) now.told.emplace();
    return now;
  }
  void write(const WorkerRecord& record) override { written.push_back(record); }
  bool is_merged(const WorkerRecord& record) override { return last_attempt(record.task).merges; }
  std::optional<std::string> given_up(const WorkerRecord& record) override {
    const auto found = recorded.find(record.task);
    return found == recorded.end() ? std::nullopt : std::optional(found->second);
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
  void forget(const WorkerRecord& /*record*/) override {}
  void remove_slot(int worker) override { removed.insert(worker); }
  bool others_work() override { return others-- > 0; }

  std::string throw_in;
  std::vector<WorkerRecord> orphans;
  std::vector<WorkerRecord> written;
  std::map<std::string, std::string> recorded;
  std::set<std::string> done;
  std::set<int> removed;
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
  const Attempt& attempt_at(const std::string& id, int number) const {
    const auto& attempts = attempts_.at(id);
    return attempts.at(std::min(static_cast<std::size_t>(number), attempts.size() - 1));
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
  std::set<std::string> claimed_;
  std::string landing_;
  int landings_ = 0;
  int last_worker_ = 0;
};

struct Told final : Observer {
  void on_event(const Event& event) override { events.push_back(event); }
  void on_tick(const std::vector<WorkerRecord>& running) override {
    most = std::max(most, running.size());
  }
  [[nodiscard]] std::vector<std::string> of(Event::Kind kind) const {
    std::vector<std::string> tasks;
    for (const auto& event : events) {
      if (event.kind == kind) tasks.push_back(event.worker.task);
    }
    return tasks;
  }
  std::vector<Event> events;
  std::size_t most = 0;
};

}  // namespace gitplan::supervisor
