// Writes of shared plans: on the remote first, then here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "remote/transact.hpp"
#include "session/shared_remote.hpp"
#include "store/plan_mover.hpp"

namespace gitplan {

enum class Asking {
  where_needed,  ///< where what was seen last is not current
  first
};

/// One push at a time in a clone: while it lives, this is the one.
class Publishing {
 public:
  /// Throws Error(lost_race) where another one takes too long.
  Publishing(const git::Repository& repository, const SharedRemote& shared);
  Publishing(const Publishing&) = delete;
  Publishing& operator=(const Publishing&) = delete;
  ~Publishing();

  /// remote::transact, which begins with what was seen last, where that is current. Throws as
  /// throw_unless_done.
  remote::Ended write(const std::string& flow_branch, std::vector<std::string> patterns,
                      const remote::Decide& decide, Asking asking = Asking::where_needed);
  /// The same for what renews: it moves no beat.
  remote::Ended renew(const std::string& flow_branch, std::vector<std::string> patterns,
                      const remote::Decide& decide);
  /// Fetches what matches. Throws Error(lost_race) "remote_unreachable".
  remote::SeenRefs look(const std::vector<std::string>& patterns);

 private:
  remote::Ended carry_out(remote::Request request, const remote::Decide& decide, Asking asking);
  void note(const remote::Request& request, const remote::Ended& ended) const;
  struct State;
  std::unique_ptr<State> state_;
};

/// Brings a branch here (a full ref) up to what was seen of the remote's, where that is ahead.
enum class Followed { is_same, has_moved, is_ahead, has_diverged };
Followed follow_seen(const git::Repository& repository, const SharedRemote& shared,
                     const std::string& ref);

/// Throws Error(wrong_state): a branch here has what the remote does not have, and nothing that
/// stands on it is written before `git plan sync`.
[[noreturn]] void refuse_unpublished(const SharedRemote& shared, const std::string& branch);

/// Moves the branches of shared plans. With what it records as over, the claims of this clone end.
class SharedPlans : public PlanMover {
 public:
  SharedPlans(const git::Repository& repository, const SharedRemote& shared)
      : repository_(&repository), shared_(&shared) {}
  git::SwapResult move(const PlanMove& move) override;
  /// Where the remote's was seen, if that is further.
  [[nodiscard]] git::Oid tip(const std::string& session, const git::Oid& here) const override;

 private:
  [[nodiscard]] bool is_published(const PlanMove& move) const;
  [[nodiscard]] remote::Transaction transaction(const PlanMove& move,
                                                const remote::Seen& seen) const;
  const git::Repository* repository_;
  const SharedRemote* shared_;
};

}  // namespace gitplan
