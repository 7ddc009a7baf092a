// How a run keeps what it holds, and when it takes what others left: what is due, as a value
// without clock, git and processes. Times are of one monotonic clock of this machine; no clock of
// another is ever looked at.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "remote/claim.hpp"

namespace gitplan::remote {

struct KeepingPolicy {
  std::chrono::milliseconds lease = std::chrono::minutes(15);
  std::chrono::milliseconds poll = std::chrono::seconds(15);
  int most_pushes = 0;  ///< a minute, by all machines that hold claims together; 0: no bound
};

/// Claims that are held, by their refs.
using StandingClaims = std::map<std::string, StandingClaim>;

class Keeping {
 public:
  using Time = std::chrono::milliseconds;

  Keeping(KeepingPolicy policy, std::string machine)
      : policy_(policy), machine_(std::move(machine)) {}

  // --- what has happened ---

  /// All claims that stand there were read between the two. A claim is watched from the end of the
  /// look that saw it first; one's own is not.
  void looked(Time began, Time ended, const StandingClaims& claims,
              const std::set<std::string>& own);
  /// A push of this clone went through that was begun then, whoever made it.
  void pushed(Time began);
  /// The same, of one that renewed all that is held, or claimed where nothing was held.
  void renewed(Time began);
  /// Nothing is known of what became of the last look or push. `random`: in [0, 1), for the wait.
  void not_reached(Time when, double random);
  void reached();
  /// When to look next, after a look: in about one poll.
  void wait_to_look(Time now, double random);
  /// Looks at once: something waits for it.
  void look_soon() { next_look_ = Time::min(); }

  // --- what is due ---

  /// Nothing is asked of a remote that was not reached before its time has come.
  [[nodiscard]] bool may_try(Time now) const { return now >= next_try_; }
  /// A push that can wait: this machine's share of what all may push.
  [[nodiscard]] bool may_push(Time now) const;
  /// For whoever holds something: it was not renewed yet, or a third of the lease has gone since.
  /// Not before it may push, unless it could expire otherwise.
  [[nodiscard]] bool must_renew(Time now) const;
  [[nodiscard]] bool must_look(Time now) const { return now >= next_look_; }
  [[nodiscard]] bool is_offline() const { return failures_ > 0; }

  /// Others' claims that were there, unchanged, for as long as they say that they hold.
  [[nodiscard]] std::vector<std::string> expired() const;
  /// Others' claims that will be, unless they are renewed.
  [[nodiscard]] bool is_any_expiring() const;
  /// The object that was there all the time; nothing: it is not watched.
  [[nodiscard]] std::optional<git::Oid> watched(const std::string& ref) const;

  /// How many machines share the pushes: this one, and all that hold claims.
  [[nodiscard]] int machines() const { return static_cast<int>(others_.size()) + 1; }
  [[nodiscard]] Time between_pushes() const;

 private:
  struct Watched {
    StandingClaim claim;
    Time seen_first{};
    Time seen_last{};  ///< the begin of the look
  };

  KeepingPolicy policy_;
  std::string machine_;
  std::map<std::string, Watched> watched_;
  std::set<std::string> others_;  ///< machines that hold claims
  std::optional<Time> pushed_;
  std::optional<Time> renewed_;
  Time next_look_ = Time::min();
  Time next_try_ = Time::min();
  int failures_ = 0;
};

/// The wait after so many failures in a row: 1 s to 60 s, each about twice the one before.
std::chrono::milliseconds wait_while_away(int failures, double random);

}  // namespace gitplan::remote
