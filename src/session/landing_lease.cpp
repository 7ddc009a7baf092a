#include "session/landing_lease.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "remote/claim.hpp"
#include "session/publishing.hpp"
#include "session/run_wants.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

using std::chrono::steady_clock;

constexpr int renewals_in_a_lease = 3;
/// So long at most before it is looked at again.
constexpr std::chrono::seconds ask_every{2};

std::string ref_of(const Workspace& workspace, const std::string& flow_branch) {
  return workspace.shared_remote()->names().landing(flow_branch);
}

}  // namespace

std::chrono::seconds landing_lease_time(const Workspace& workspace) {
  constexpr std::chrono::seconds usual = std::chrono::minutes(3);
  return std::min(usual, lease_time(workspace));
}

bool is_own_landing(const Workspace& workspace, const git::Oid& object) {
  const auto notes = remote::GitNotebook(workspace.repository()).notes();
  return std::ranges::find(notes, object, &remote::Note::claim) != notes.end();
}

bool LandingWatch::is_held(const Workspace& workspace, const std::optional<git::Oid>& standing) {
  if (!standing || is_own_landing(workspace, *standing)) return false;
  const auto claim = remote::standing_claim(workspace.repository(), *standing);
  if (!remote::is_held(claim)) return false;
  if (seen_ != standing) {
    seen_ = standing;
    since_ = steady_clock::now();
  }
  const auto lease = remote::lease_of(claim);
  return !lease || steady_clock::now() - since_ < *lease;
}

bool LandingLease::have(const Workspace& workspace) {
  const auto time = steady_clock::now();
  if (held_since_) {
    if (time - *held_since_ >= landing_lease_time(workspace) / renewals_in_a_lease)
      renew(workspace);
  } else if (time >= next_try_) {
    next_try_ = time + ask_every;
    take(workspace);
  }
  return is_held();
}

std::optional<remote::Transaction> LandingLease::replace(const Workspace& workspace,
                                                         const std::optional<git::Oid>& before) {
  remote::Claim claim;
  claim.machine = workspace.shared_remote()->machine();
  claim.run = run_;
  claim.lease = landing_lease_time(workspace);
  claim.since = claim.renewed = now();
  remote::Note note;
  note.of = remote::LandingName{flow_branch_};
  note.claim = remote::write_claim(workspace.repository(), claim,
                                   fmt::format("Verify for {}", flow_branch_), before);
  remote::Transaction made;
  made.moves.push_back({ref_of(workspace, flow_branch_), before, note.claim});
  made.notes.push_back(std::move(note));
  return made;
}

void LandingLease::take(const Workspace& workspace) {
  const std::string ref = ref_of(workspace, flow_branch_);
  const auto began = steady_clock::now();
  Publishing publishing(workspace.repository(), *workspace.shared_remote());
  if (watch_.is_held(workspace, workspace.shared_remote()->seen(ref))) publishing.look({ref});
  const auto ended = publishing.write(
      flow_branch_, {ref}, [&](const remote::Seen& seen) -> std::optional<remote::Transaction> {
        if (watch_.is_held(workspace, seen.at(ref))) return std::nullopt;
        return replace(workspace, seen.at(ref));
      });
  if (ended.kind == remote::Ended::Kind::pushed) held_since_ = began;
}

void LandingLease::renew(const Workspace& workspace) {
  const std::string ref = ref_of(workspace, flow_branch_);
  const auto began = steady_clock::now();
  bool is_ours = false;
  Publishing(workspace.repository(), *workspace.shared_remote())
      .renew(flow_branch_, {ref},
             [&](const remote::Seen& seen) -> std::optional<remote::Transaction> {
               const auto at = seen.at(ref);
               is_ours = at && is_own_landing(workspace, *at);
               if (!is_ours) return std::nullopt;
               return replace(workspace, at);
             });
  held_since_ = is_ours ? std::optional(began) : std::nullopt;
}

void LandingLease::release(const Workspace& workspace) try {
  if (!std::exchange(held_since_, std::nullopt)) return;
  const std::string ref = ref_of(workspace, flow_branch_);
  Publishing(workspace.repository(), *workspace.shared_remote())
      .write(flow_branch_, {ref},
             [&](const remote::Seen& seen) -> std::optional<remote::Transaction> {
               const auto at = seen.at(ref);
               if (!at || !is_own_landing(workspace, *at)) return std::nullopt;
               remote::Transaction made;
               made.moves.push_back({ref, at, std::nullopt});
               return made;
             });
} catch (const Error& error) {
  workspace.note(
      fmt::format("the turn to verify was not given back, and expires: {}", error.what()));
}

void LandingLease::leave_until(std::chrono::steady_clock::time_point when) {
  held_since_.reset();
  next_try_ = when;
}

}  // namespace gitplan
