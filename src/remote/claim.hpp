// A claim: who has a task, or the verification for a flow branch, now. On the remote it is a commit
// with an empty tree, child of the claim that it replaces, whose message ends in
//
//   Format: 1
//   Machine: build-3f2a
//   Worker: 2                             the slot; left out for landing claims
//   Branch: task/002-user-model           left out for landing claims
//   Run: 20250112T143000Z-4711            left out where no run made it: it does not expire then
//   Since: 2025-01-12T14:30:00Z           for people, as is Renewed
//   Renewed: 2025-01-12T14:35:00Z
//   Lease: 900                            seconds, left out together with Run
//   State: held                           held, done or released
//   Nonce: 0123456789abcdef0123456789abcdef
//
// Who reads one believes nothing of it that could hurt: see read.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan::remote {

inline constexpr int claim_format = 1;
inline constexpr std::chrono::seconds longest_lease = std::chrono::hours(24);
inline constexpr std::size_t longest_claim = 16384;  ///< bytes of a message that is read

enum class ClaimState {
  held,
  done,      ///< waits to land: who takes it over lands it and never starts it again
  released,  ///< free, on a host that refuses to delete refs
};
std::string_view to_string(ClaimState state);

struct Claim {
  std::string machine;
  int worker = 0;      ///< 0: none
  std::string branch;  ///< "task/002-user-model"; may be empty
  std::string run;     ///< `[A-Za-z0-9._:-]{1,64}`; empty: made by hand
  Seconds since = 0;
  Seconds renewed = 0;
  std::chrono::seconds lease{0};  ///< of a run's claim: at least 1 s, at most longest_lease
  ClaimState state = ClaimState::held;
  std::string nonce;  ///< 32 hexadecimal digits
  bool operator==(const Claim&) const = default;
};

/// What stands at a claim ref. Where it cannot be read (`claim` is empty) it is held, by somebody
/// who cannot be named, for as long as it stands there.
struct StandingClaim {
  git::Oid object;
  std::optional<Claim> claim;
  bool operator==(const StandingClaim&) const = default;
};
bool is_held(const StandingClaim& standing);  ///< also where it is done
/// How long it must have been seen unchanged before a run may take it over; nothing: it does not
/// expire.
std::optional<std::chrono::seconds> lease_of(const StandingClaim& standing);

/// The commit message, with `subject` as its first line ("Claim task 002 of session-x").
std::string claim_message(const Claim& claim, std::string_view subject);
/// Nothing for what claim_message would not make of a claim: missing, doubled or malformed
/// trailers, a higher format, control characters, more than longest_claim bytes. Trailers that are
/// not known are passed over; a lease that is too long is cut to longest_lease.
std::optional<Claim> read_claim(std::string_view message);

/// 128 random bits as 32 hexadecimal digits. Throws Error(fatal) where the kernel has none.
std::string new_nonce();

/// Writes the commit, with the claim's nonce or a new one where that is empty. Throws as
/// git::create_commit does.
git::Oid write_claim(const git::Repository& repository, Claim claim, std::string_view subject,
                     const std::optional<git::Oid>& replaces);
/// The claim that stands in an object that was fetched; one that is no commit, or not there, counts
/// as one that cannot be read. Never throws for what a remote may hold.
StandingClaim standing_claim(const git::Repository& repository, const git::Oid& object);

/// A new beat: a commit with an empty tree, child of the one before, unlike any other.
git::Oid write_beat(const git::Repository& repository, const std::optional<git::Oid>& before,
                    std::string_view machine);

}  // namespace gitplan::remote
