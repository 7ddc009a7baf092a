// One lander at work: see lander.hpp. What becomes of its owner's hand-ins stands in lander.cpp;
// the queue while it is ours in lander_queue.cpp, what it decides in lander_decisions.cpp, what
// lands in lander_landing.cpp; wave.land=wait in lander_offers.cpp. Private to this room.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "git/lock.hpp"
#include "git/merge.hpp"
#include "lander/gate.hpp"
#include "lander/ground.hpp"
#include "lander/hand_in.hpp"
#include "lander/lander.hpp"
#include "lander/merger.hpp"
#include "lander/verifier.hpp"
#include "landing/queue.hpp"
#include "session/flow_trust.hpp"
#include "session/landing_lease.hpp"
#include "session/shared_landing.hpp"

namespace gitplan::lander {

class Lander {
 public:
  explicit Lander(const LanderSetup& setup);
  Lander(const Lander&) = delete;
  Lander& operator=(const Lander&) = delete;
  ~Lander();

  std::optional<int> run();

 private:
  using Landing = supervisor::Landing;
  using Outcome = Landing::Outcome;
  /// A verification.
  struct Running {
    landing::Verify what;
    std::vector<landing::Task> tasks;
    int lost = 0;  ///< how often its process was killed
  };

  void listen();
  /// What became of a look; false: it is to end.
  void look_again_later(const Error& error);
  void came_through();

  // --- what its owner has handed in ---

  /// Looks at all that may have changed, where it may have.
  void look();
  [[nodiscard]] bool is_to_look();
  [[nodiscard]] bool is_own(const HandIn& hand_in) const;
  [[nodiscard]] bool is_any_waiting() const;
  void read_hand_ins();

  /// Those that its run has just offered: into the queue, or back.
  void take_offers(Ground& ground);
  [[nodiscard]] Landing judge_offer(Ground& ground, HandIn& hand_in) const;
  [[nodiscard]] bool lands_at_once(const Ground& ground) const;
  void put_into_queue(const Ground& ground, HandIn& hand_in) const;

  /// What became of it, for good: kept, and told to whoever waits for it.
  void finish(const Ground& ground, HandIn hand_in, Landing landing);
  void release(const Ground& ground, const supervisor::WorkerRecord& record) const;
  void note_end(const Ground& ground, const HandIn& hand_in) const;
  void tell(const HandIn& hand_in, const Landing& landing);
  void tell_outcomes(const Ground& ground);

  // --- the queue ---

  /// By the oldest that waits: whoever verifies by another command has a turn of its own.
  [[nodiscard]] bool is_our_turn() const;
  [[nodiscard]] bool may_be_alive(const HandIn& hand_in) const;
  void serve(Ground& ground);
  /// Where machines share flow, one at a time verifies for it.
  [[nodiscard]] bool may_verify(const Ground& ground);
  [[nodiscard]] bool ends_turn(const Ground& ground, const landing::Land& land) const;
  void give_turn_back(const Ground& ground);
  void show_states();
  /// Tasks that a merge has, and flow has not.
  [[nodiscard]] std::vector<landing::Task> waiting_in(const landing::Commit& merge) const;
  void begin(const Ground& ground);
  /// As if nothing had been told to the queue; what was verified is remembered elsewhere.
  void begin_again();
  void follow_flow(Ground& ground);
  void follow_tasks(Ground& ground);
  void follow_task(Ground& ground, HandIn hand_in);
  /// Where its branch is, whatever that is called by now.
  [[nodiscard]] static std::optional<git::Oid> tip_now(Ground& ground, const HandIn& hand_in);
  /// Commits came to its branch since: the hand-in, and the ref, have them now.
  static bool has_moved(const Ground& ground, HandIn& hand_in, const std::optional<git::Oid>& tip);
  void leave(const landing::Task& task);
  /// Why it is not to land any more.
  [[nodiscard]] std::optional<Landing> withdrawn(Ground& ground, const HandIn& hand_in,
                                                 const std::optional<git::Oid>& tip) const;
  void take_verifications(Ground& ground);
  void verify_again(Running running, const Verification& lost);
  void carry_out(Ground& ground);

  void carry_out(Ground& ground, const landing::Merge& wanted);
  void carry_out(Ground& ground, const landing::Verify& verify);
  void carry_out(Ground& ground, const landing::Cancel& cancel);
  void carry_out(Ground& ground, const landing::Land& land);
  void carry_out(Ground& ground, const landing::SendBack& back);
  void carry_out(Ground& ground, const landing::FlowRed& red);

  /// Goes on with what is about to land, once wave-pre-land has said what it thinks of each.
  void land_what_may(Ground& ground);
  [[nodiscard]] bool may_push(const Ground& ground) const;
  enum class Gated { asked, open, closed };
  [[nodiscard]] Gated ask_gate(Ground& ground, const landing::Land& land);
  void close_gate(Ground& ground, const HandIn& hand_in, const GateAnswer& answer);
  void open_gates();
  void land_now(Ground& ground, const landing::Land& land);
  [[nodiscard]] bool is_still_so(Ground& ground, const landing::Land& land);
  /// Nobody lands it here any more: another machine has it.
  void give_up(const Ground& ground, const LostClaim& lost);
  /// Where flow is then; nothing if it was moved by somebody else, or what is in the way is the
  /// business of some of these tasks alone, which do not land then.
  std::optional<git::Oid> move_flow(const Ground& ground, const landing::Land& land,
                                    const git::Oid& end);
  /// Those that bring one of these paths.
  [[nodiscard]] std::vector<landing::Task> bringing(const Ground& ground, const landing::Land& land,
                                                    const std::vector<std::string>& paths) const;
  void refuse(const Ground& ground, const landing::Task& task, const git::FlowResult& blocked);
  /// The same where machines share the plan.
  std::optional<git::Oid> publish(const Ground& ground, const landing::Land& land,
                                  const git::Oid& end);
  /// The merges of those that are flaky say so.
  [[nodiscard]] Remade marked(const Ground& ground, const landing::Land& land) const;
  void landed(Ground& ground, const landing::Land& land, const Remade& merges);
  [[nodiscard]] Landing sent_back(const Ground& ground, const landing::SendBack& back,
                                  const HandIn& hand_in);
  [[nodiscard]] FlowTrust trust(Ground& ground) const {
    return {ground.workspace(), setup_->flow_branch, setup_->verify};
  }

  // --- wave.land=wait ---

  enum class LandBy { us, others };
  /// What waits for others to land it is verified one at a time, each on top of flow.
  [[nodiscard]] bool may_join(const landing::Task& task) const;
  void offer(const Ground& ground, const landing::Land& land);
  void tell_of(const Ground& ground, HandIn hand_in);
  void watch_offered(Ground& ground);
  void watch_offered(Ground& ground, HandIn hand_in);

  /// A task that the queue knows.
  struct Known {
    int generation = 1;  ///< counts what the queue calls attempts: each tip of its branch is one
    git::Oid merge;      ///< that brings it, on top of those before it
  };

  const LanderSetup* setup_;
  std::unique_ptr<supervisor::ProcessRunner> runner_;
  std::optional<Verifier> verifier_;
  std::optional<Gate> gate_;       ///< wave-pre-land
  std::optional<Gate> post_done_;  ///< wave-post-done
  LandBy land_ = LandBy::us;
  std::optional<HandIns> files_;
  std::string state_folder_;
  landing::QueuePolicy policy_;
  std::chrono::milliseconds poll_{};  ///< until a gate that was closed is asked again

  std::vector<HandIn> hand_ins_;
  std::int64_t stamp_ = -1;  ///< of what was read last
  std::chrono::steady_clock::time_point looked_;
  std::set<std::pair<std::string, int>> told_;  ///< task and attempt whose outcome was told
  bool is_over_ = false;
  int races_ = 0;     ///< lost one after the other
  int failures_ = 0;  ///< of the remote, one after the other
  std::chrono::steady_clock::time_point away_until_;
  std::optional<int> signal_;  ///< that asks to end

  std::optional<git::NamedLock> turn_;
  std::optional<LandingLease> lease_;  ///< where trees are verified for what machines share
  std::optional<landing::Queue> queue_;
  std::optional<git::Oid> flow_;  ///< as the queue knows it
  Queued queued_;
  std::map<landing::Task, Known> known_;
  std::map<landing::Task, std::vector<std::string>> conflicts_;
  std::map<landing::Commit, std::vector<landing::Task>>
      tasks_of_;                                ///< of a merge, those before it too
  std::map<landing::Task, git::Oid> merge_of_;  ///< of what is offered
  std::optional<landing::Land> about_to_land_;
  std::map<landing::Task, std::chrono::steady_clock::time_point> held_;  ///< until then
  std::set<landing::Task> refused_;  ///< local changes are in their way
  std::map<int, Running> jobs_;
  std::map<landing::Tree, Verification> reds_;  ///< the last one of each
};

}  // namespace gitplan::lander
