// The landing queue of one flow branch as a value: events in, decisions out. No process, no clock,
// no repository: whoever carries it out merges, verifies, moves flow, and tells what came of it.
//
// Rules, and where they come from:
// - Tasks stand in the order in which they were done. What is verified is a prefix: the merges of
//   the first i on top of flow, one after the other. Flow only ever moves to a verified state (the
//   "not rocket science rule" of bors; the merge trains of GitLab).
// - Which prefixes, and how long: prefix_search.hpp.
// - A green prefix lands whole, also over a shorter one that was red, unless `batch` wants each
//   step verified by itself (speculation as in Zuul: one verified ahead counts once those before
//   it are).
// - One task that is left between green and red is suspected: its tree is verified again, then what
//   it stands on, and only then it goes back. Re-runs before blame are what CI does about flaky
//   tests; that the base may be what is broken is the lesson of queues that blame the newest
//   change. Those behind it are verified without it meanwhile, as after Zuul's removal of a failing
//   change.
// - A task that cannot be merged after those before it waits behind them (Zuul, too); one that
//   cannot be merged with flow goes back at once.
// - What no longer matters is cancelled: probes beyond a red prefix, and below a green one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "landing/ids.hpp"
#include "landing/prefix_search.hpp"
#include "landing/red_share.hpp"
#include "landing/verdicts.hpp"

namespace gitplan::landing {

struct QueuePolicy {
  enum class Verification { none, needed } verification = Verification::needed;
  int jobs = 1;     ///< verifications at once
  int batch = 0;    ///< how many tasks may land by one verification; 0: no bound
  int retries = 1;  ///< of a red verification, before anybody is blamed
};

// --- events: each may come late, twice, or after it has been overtaken ---

/// A task's attempt is done. Attempts of a task count up; one that has left, landed or gone back is
/// not taken again.
struct Done {
  Task task;
  int attempt = 1;
};
/// It is not to land any more: reset, cancelled, failed, or merged by somebody.
struct Left {
  Task task;
  int attempt = 1;
};
/// A gate holds it back; those behind it do not wait.
struct Held {
  Task task;
  int attempt = 1;
};
struct Resumed {
  Task task;
  int attempt = 1;
};
/// Flow is somewhere else than the queue left it, or is told for the first time.
struct FlowMoved {
  enum class Trust {
    unasked,      ///< what stands there is asked only before somebody is blamed
    verify_first  ///< before anything lands: others moved it while this run goes on
  };
  Point flow;
  Trust trust = Trust::unasked;
};
/// The answer to Merge: what each of the merges made, up to a conflict.
struct Merged {
  enum class Conflict { with_earlier_tasks, with_flow };
  int merge = 0;
  std::vector<Point> points;
  std::optional<Conflict> conflict;  ///< of the task after those
};
struct Verified {
  int job = 0;
  Verdict verdict = Verdict::green;
};
/// Verified before, by the same command.
struct Remembered {
  Tree tree;
};
/// The answers to Land. NotLanded: lost a race (FlowMoved says to whom) or a gate closed (Held,
/// Left): that event comes before.
struct Landed {
  int landing = 0;
};
struct NotLanded {
  int landing = 0;
};
using Event = std::variant<Done, Left, Held, Resumed, FlowMoved, Merged, Verified, Remembered,
                           Landed, NotLanded>;

// --- decisions: each is made once ---

/// Merge these onto a commit, one after the other. An earlier Merge that is still under way is
/// overtaken.
struct Merge {
  int merge = 0;
  Commit onto;
  Commit flow;  ///< which `onto` stands on
  std::vector<Task> tasks;
};
struct Verify {
  enum class Why { prefix, suspect, flow } why = Why::prefix;
  int job = 0;
  Point point;
};
struct Cancel {
  int job = 0;
};
/// Move flow from `from` to `to`, which has these tasks, by compare-and-swap.
struct Land {
  struct Landing {
    Task task;
    int attempt = 1;
    bool flaky = false;  ///< its tree was red before it was green
  };
  int landing = 0;
  Commit from;
  Point to;
  std::vector<Landing> tasks;
};
struct SendBack {
  enum class Why { red, conflict } why = Why::red;
  Task task;
  int attempt = 1;
  Point base;              ///< green, or in conflict with it
  Point red;               ///< of Why::red: base and the task
  std::vector<Task> with;  ///< what landed while it waited: what it had not seen
};
/// Flow is red by itself. Nothing lands, and nobody is blamed, until it has moved.
struct FlowRed {
  Point flow;
};
using Decision = std::variant<Merge, Verify, Cancel, Land, SendBack, FlowRed>;

class Queue {
 public:
  explicit Queue(const QueuePolicy& policy) : policy_(policy) {}

  void on(const Event& event);

  /// What is to be done now beside what was decided before. Asked after all events that have come.
  std::vector<Decision> decide();

  /// Nobody waits, and nothing is under way.
  [[nodiscard]] bool is_idle() const;
  /// In the order in which they would land: those in line, suspected, in conflict, held back.
  [[nodiscard]] std::vector<Task> waiting() const;
  [[nodiscard]] double red_share() const { return red_share_.value(); }

 private:
  struct Entry {
    Task task;
    int attempt = 1;
    bool flaky = false;
    std::size_t landed_before = 0;              ///< of `landed_`, when it was done
    std::optional<Tree> red_on = std::nullopt;  ///< while it was suspected last, without a proof
  };
  using Line = std::vector<Entry>;
  /// Red on top of what is green, or is flow.
  struct Suspect {
    Entry entry;
    Point base;
    Point point;
  };
  enum class Proof { open, guilty, innocent };
  struct LandingUnderWay {
    int landing = 0;
    Point to;
    Line entries;
    bool overtaken = false;  ///< flow moved before it was answered
  };
  struct MergeUnderWay {
    int merge = 0;
    Commit onto;
    std::vector<Task> tasks;
  };
  struct Job {
    Verify::Why why = Verify::Why::prefix;
    Point point;
  };

  void take(const Done& event);
  void take(const Left& event);
  void take(const Held& event);
  void take(const Resumed& event);
  void take(const FlowMoved& event);
  void take(const Merged& event);
  void take(const Verified& event);
  void take(const Remembered& event) { verdicts_.add(event.tree, Verdict::green); }
  void take(const Landed& event);
  void take(const NotLanded& event);

  // --- who waits ---

  [[nodiscard]] bool waits(const Task& task) const;
  /// Takes it out of wherever it waits, with no later attempt than this one.
  std::optional<Entry> take_out(const Task& task, int attempt);
  Entry take_from_line(int position);
  /// Those behind are to be merged anew.
  void put_into_line(int position, Entry entry);
  void unblock();
  void set_aside_conflict(Merged::Conflict conflict);
  void settle(const Task& task, int attempt);
  void note_landed(const LandingUnderWay& landing);

  // --- prefixes of the line, by length; 0 is flow ---

  [[nodiscard]] int merged_length() const { return static_cast<int>(chain_.size()); }
  [[nodiscard]] const Point& prefix(int length) const;
  void cut_chain(int length);
  void expect_same_trees();
  void recall_suspects();
  [[nodiscard]] bool is_green(const Point& point) const;
  [[nodiscard]] bool is_settled(const Point& point) const;
  [[nodiscard]] int landing_length() const;
  [[nodiscard]] int green_length() const;
  [[nodiscard]] std::optional<int> red_length(int green) const;
  [[nodiscard]] bool is_next_in_line(const MergeUnderWay& merge) const;

  // --- decisions ---

  [[nodiscard]] bool is_flaky(const Entry& entry) const {
    return entry.flaky || (entry.red_on && verdicts_.is_green(*entry.red_on));
  }
  [[nodiscard]] bool is_flow_trusted() const;
  [[nodiscard]] bool is_flow_red() const;
  void tell_flow_red();
  void judge_suspects();
  [[nodiscard]] Proof proof_of(const Suspect& suspect) const;
  void send_back(SendBack::Why why, const Entry& entry, const Point& base, const Point& red);
  void let_in_again(Suspect suspect);
  bool suspect_next();
  void land();
  void merge(int length);
  void verify();
  void verify_prefixes();
  [[nodiscard]] std::vector<Job> proofs() const;
  [[nodiscard]] Search search() const;
  [[nodiscard]] bool is_running(const Tree& tree) const;
  [[nodiscard]] int free_jobs() const { return policy_.jobs - static_cast<int>(jobs_.size()); }
  void start(const Job& job);
  void cancel_useless(const std::vector<Job>& needed);

  QueuePolicy policy_;
  std::optional<Point> flow_;
  FlowMoved::Trust trust_ = FlowMoved::Trust::unasked;
  Line line_;                   ///< in the order in which they are merged
  std::vector<Point> chain_;    ///< the prefixes that are merged, from length 1 on
  std::vector<Tree> expected_;  ///< of prefixes that are to be merged anew
  Line blocked_;                ///< in conflict with those before them
  Line held_;                   ///< by a gate
  std::vector<Suspect> suspects_;
  std::vector<Task> landed_;
  std::map<Task, int> over_;  ///< the last attempt that landed, left or went back
  std::map<int, Job> jobs_;
  std::optional<MergeUnderWay> merging_;
  std::optional<LandingUnderWay> landing_;
  Verdicts verdicts_;
  RedShare red_share_;
  bool told_flow_red_ = false;
  std::vector<Decision> decided_;
  int last_id_ = 0;  ///< of merges, jobs and landings
};

}  // namespace gitplan::landing
