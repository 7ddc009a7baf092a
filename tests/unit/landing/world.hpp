// A repository with workers, people and bad luck around a landing queue, out of a seeded generator.
// What it tells the queue comes in any order, late, and twice; it looks at everything that the
// queue does.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "landing/queue.hpp"

namespace gitplan::landing::tests {

struct Odds {  // in percent
  int bad = 20;
  int flaky = 0;
  int conflict = 10;
  int disturbance = 10;  ///< people, gates
  int foreign_bad = 20;
  int twice = 20;
};

class World {
 public:
  World(unsigned seed, const QueuePolicy& policy, const Odds& odds)
      : random_(seed), policy_(policy), odds_(odds), queue_(policy) {
    flow_ = make({}, {});
    tell(FlowMoved{flow_, FlowMoved::Trust::unasked});
  }

  /// Until nothing more happens. Requires at each step what must never be otherwise.
  void play(int tasks) {
    for (int number = 0; number < tasks; ++number)
      to_do_.push_back({"t" + std::to_string(number), 1});
    int steps = 0;
    while (step()) REQUIRE(++steps < 20000);
  }

  [[nodiscard]] std::set<std::string> in_flow() const { return contents_.at(flow_.commit.text); }
  [[nodiscard]] bool is_settled() const { return queue_.is_idle() && attempts_.empty(); }
  [[nodiscard]] bool has(int number) const {
    const std::string task = "t" + std::to_string(number);
    return has(in_flow(), task) || gone_.contains(task);
  }

 private:
  using Contents = std::set<std::string>;

  struct Attempt {
    int number = 1;
    bool is_bad = false;
    Contents conflicts;
  };
  struct ToDo {
    std::string task;
    int attempt = 1;
  };

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }

  /// A task's second attempt is written "t3'2", what others merged "x1"; what is bad has a "!"
  /// behind it, which "+x1" mends.
  [[nodiscard]] static bool is_good(const Contents& contents) {
    return std::ranges::none_of(contents, [&](const std::string& one) {
      return one.back() == '!' && !contents.contains("+" + without_mark(one));
    });
  }
  static std::string without_mark(const std::string& one) {
    return one.substr(0, one.find_first_of("'!"));
  }
  static bool has(const Contents& contents, const std::string& name) {
    return std::ranges::find(contents, name, without_mark) != contents.end();
  }

  Point make(const std::string& parent, const Contents& contents) {
    const std::string commit = parent + "." + std::to_string(++last_commit_);
    contents_[commit] = contents;
    return {Commit{commit}, tree_of(contents)};
  }
  static Tree tree_of(const Contents& contents) {
    return Tree{text::join(std::vector<std::string>(contents.begin(), contents.end()), " ")};
  }

  void tell(Event event) {
    if (chance(odds_.twice)) coming_.push_back(event);
    coming_.push_back(std::move(event));
  }

  bool step() {
    if (!coming_.empty() && chance(70)) {
      hear();
    } else if (!to_do_.empty() && chance(50)) {
      work();
    } else if (disturbances_ < 8 && !to_do_.empty() && chance(odds_.disturbance)) {
      disturb();
    } else if (!coming_.empty()) {
      hear();
    } else if (!held_.empty()) {
      const ToDo one = held_.back();
      held_.pop_back();
      tell(Resumed{Task{one.task}, one.attempt});
    } else if (to_do_.empty()) {
      return false;
    }
    if (chance(60) || coming_.empty()) carry_out();
    return true;
  }

  void hear() {
    const int place = below(static_cast<int>(coming_.size()));
    const Event event = coming_[static_cast<std::size_t>(place)];
    coming_.erase(coming_.begin() + place);
    if (const auto* verified = std::get_if<Verified>(&event)) note(*verified);
    queue_.on(event);
  }

  void note(const Verified& event) {
    const auto job = running_.find(event.job);
    if (job == running_.end()) return;
    if (event.verdict == Verdict::green) verified_.insert(job->second);
    running_.erase(job);
  }

  void work() {
    const ToDo one = to_do_.front();
    to_do_.erase(to_do_.begin());
    Attempt attempt{one.attempt, chance(one.attempt > 3 ? 0 : odds_.bad), {}};
    for (const auto& [other, number] : attempts_) {
      if (chance(odds_.conflict)) attempt.conflicts.insert(other);
    }
    for (const std::string& known : in_flow()) attempt.conflicts.erase(without_mark(known));
    attempts_[one.task] = attempt;
    tell(Done{Task{one.task}, one.attempt});
  }

  void disturb() {
    ++disturbances_;
    if (chance(50) && !attempts_.empty()) {
      const std::string task = attempts_.begin()->first;
      tell(Left{Task{task}, attempts_.at(task).number});
      gone_.insert(task);
      attempts_.erase(task);
      return;
    }
    Contents contents = in_flow();
    contents.insert("x" + std::to_string(disturbances_) + (chance(odds_.foreign_bad) ? "!" : ""));
    others_move_flow(contents);
  }

  void others_move_flow(const Contents& contents) {
    flow_ = make(flow_.commit.text, contents);
    const bool is_asked = chance(70);
    if (is_asked) foreign_.insert(flow_.commit);
    tell(FlowMoved{flow_, is_asked ? FlowMoved::Trust::verify_first : FlowMoved::Trust::unasked});
  }

  // --- what the queue decides ---

  void carry_out() {
    for (auto decided = queue_.decide(); !decided.empty(); decided = queue_.decide()) {
      for (const Decision& one : decided)
        std::visit([this](const auto& is) { carry_out(is); }, one);
      if (chance(50)) return;
    }
  }

  void carry_out(const Merge& merge) {
    Merged merged{merge.merge, {}, {}};
    Commit onto = merge.onto;
    for (const Task& task : merge.tasks) {
      const Contents before = contents_.at(onto.text);
      if (const auto conflict = conflict_of(task, before, contents_.at(merge.flow.text))) {
        merged.conflict = conflict;
        break;
      }
      Contents contents = before;
      if (!has(contents, task.text)) contents.insert(written(task.text));
      merged.points.push_back(make(onto.text, contents));
      onto = merged.points.back().commit;
    }
    tell(merged);
  }

  std::string written(const std::string& task) {
    const auto attempt = attempts_.find(task);
    if (attempt == attempts_.end()) return task;
    return task + "'" + std::to_string(attempt->second.number) +
           (attempt->second.is_bad ? "!" : "");
  }

  std::optional<Merged::Conflict> conflict_of(const Task& task, const Contents& onto,
                                              const Contents& flow) {
    const auto attempt = attempts_.find(task.text);
    if (attempt == attempts_.end()) return {};
    const auto stops = [&](const Contents& contents) {
      return std::ranges::any_of(attempt->second.conflicts,
                                 [&](const std::string& other) { return has(contents, other); });
    };
    if (!stops(onto)) return {};
    return stops(flow) ? Merged::Conflict::with_flow : Merged::Conflict::with_earlier_tasks;
  }

  void carry_out(const Verify& verify) {
    REQUIRE(running_.size() < static_cast<std::size_t>(policy_.jobs));
    REQUIRE_FALSE(verified_.contains(verify.point.tree));
    running_[verify.job] = verify.point.tree;
    const bool is_red = !is_good(contents_.at(verify.point.commit.text)) || chance(odds_.flaky);
    tell(Verified{verify.job, is_red ? Verdict::red : Verdict::green});
  }

  void carry_out(const Cancel& cancel) { REQUIRE(running_.erase(cancel.job) == 1); }

  void carry_out(const Land& land) {
    const Contents to = contents_.at(land.to.commit.text);
    if (policy_.verification == QueuePolicy::Verification::needed) {
      REQUIRE(is_good(to));
      REQUIRE(verified_.contains(land.to.tree));
      const bool is_foreign = foreign_.contains(land.from);
      REQUIRE((!is_foreign || verified_.contains(tree_of(contents_.at(land.from.text)))));
    }
    if (land.from != flow_.commit) return refuse(land);
    if (chance(odds_.disturbance) && disturbances_ < 8) return hold(land);
    check_steps(land);
    for (const auto& one : land.tasks) attempts_.erase(one.task.text);
    flow_ = land.to;
    tell(Landed{land.landing});
  }

  void refuse(const Land& land) {
    const bool is_foreign = foreign_.contains(flow_.commit);
    queue_.on(
        FlowMoved{flow_, is_foreign ? FlowMoved::Trust::verify_first : FlowMoved::Trust::unasked});
    tell(NotLanded{land.landing});
  }

  void hold(const Land& land) {
    ++disturbances_;
    const auto& one = land.tasks.back();
    queue_.on(Held{one.task, one.attempt});
    held_.push_back({one.task.text, one.attempt});
    tell(NotLanded{land.landing});
  }

  /// Of each `batch` merges in a row one was verified.
  void check_steps(const Land& land) {
    if (policy_.batch == 0 || policy_.verification == QueuePolicy::Verification::none) return;
    int unverified = 0;
    for (std::string commit = land.to.commit.text; commit != land.from.text;
         commit = commit.substr(0, commit.rfind('.'))) {
      unverified = verified_.contains(tree_of(contents_.at(commit))) ? 1 : unverified + 1;
      REQUIRE(unverified <= policy_.batch);
    }
  }

  void carry_out(const SendBack& back) {
    const std::string task = back.task.text;
    if (back.why == SendBack::Why::red && odds_.flaky == 0) {
      REQUIRE(is_good(contents_.at(back.base.commit.text)));
      REQUIRE_FALSE(is_good(contents_.at(back.red.commit.text)));
    }
    attempts_.erase(task);
    if (!gone_.contains(task)) to_do_.push_back({task, back.attempt + 1});
  }

  /// Somebody mends it; where it is not to blame, somebody touches it.
  void carry_out(const FlowRed& red) {
    if (odds_.flaky == 0) REQUIRE_FALSE(is_good(contents_.at(red.flow.commit.text)));
    Contents contents = in_flow();
    for (const std::string& one : in_flow()) {
      if (one.back() == '!') contents.insert("+" + without_mark(one));
    }
    contents.insert("z" + std::to_string(last_commit_));
    others_move_flow(contents);
  }

  std::mt19937 random_;
  QueuePolicy policy_;
  Odds odds_;
  Queue queue_;
  Point flow_;
  std::map<std::string, Contents> contents_;  ///< by commit
  std::map<std::string, Attempt> attempts_;   ///< that are done, by task
  std::vector<ToDo> to_do_;
  std::vector<ToDo> held_;
  std::set<std::string> gone_;
  std::set<Tree> verified_;
  std::set<Commit> foreign_;  ///< to be verified first
  std::map<int, Tree> running_;
  std::vector<Event> coming_;
  int last_commit_ = 0;
  int disturbances_ = 0;
};

}  // namespace gitplan::landing::tests
