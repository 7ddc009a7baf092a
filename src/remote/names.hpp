// Every ref that machines share, and every local one that remembers them, made and parsed here.
//
// On the remote, below <prefix>, which is refs/git-plan/ or refs/heads/git-plan/ (plan.claimRefs):
//
//   <prefix>beat/<flow branch>                          moves with every push that decides
//   <prefix>claims/<session>/<number>                   who has a task
//   <prefix>landing/<flow branch>                       who verifies for that flow branch
//   <prefix>done/<session>/<number>                     a task branch that waits to be merged
//   <prefix>attempts/<session>/<id>/<time>[-<n>]        a task branch that was started over
//   <prefix>rescue/<machine>/worker-<N>/<time>[-<n>]    unsaved work of a machine's slot
//
// Here:
//
//   refs/remotes/<remote>/<branch>                      a branch of the remote as last seen
//   refs/git-plan/seen/<remote>/<what follows prefix>   the others, as last seen
//   refs/git-plan/mine/claims/<session>/<number>/<oid>  see notes.hpp
//   refs/git-plan/mine/landing/<flow branch>/<oid>
//
// <number> has at least three digits, <time> is YYYYMMDDTHHMMSSZ, <oid> is that of a claim.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "git/oid.hpp"

namespace gitplan::remote {

inline constexpr std::string_view usual_prefix = "refs/git-plan/";
inline constexpr std::string_view branch_prefix = "refs/heads/git-plan/";
inline constexpr std::string_view mine_prefix = "refs/git-plan/mine/";
inline constexpr std::string_view seen_prefix = "refs/git-plan/seen/";

/// What a ref below the prefix is for.
struct BeatName {
  std::string flow;
  bool operator==(const BeatName&) const = default;
};
struct ClaimName {
  std::string session;
  std::uint32_t task = 0;
  bool operator==(const ClaimName&) const = default;
};
struct LandingName {
  std::string flow;
  bool operator==(const LandingName&) const = default;
};
struct DoneName {
  std::string session;
  std::uint32_t task = 0;
  bool operator==(const DoneName&) const = default;
};
struct AttemptName {
  std::string session;
  std::string id;
  std::string when;  ///< "<time>[-<n>]"
  bool operator==(const AttemptName&) const = default;
};
struct RescueName {
  std::string machine;
  int worker = 0;
  std::string when;
  bool operator==(const RescueName&) const = default;
};
using SharedName =
    std::variant<BeatName, ClaimName, LandingName, DoneName, AttemptName, RescueName>;

/// The names of one remote: full refs as they stand there. Sessions, flow branches and machines
/// that are given are valid ones.
class Names {
 public:
  Names() = default;  ///< below refs/git-plan/
  /// By the value of plan.claimRefs, or claim_refs of a plan; nothing if it is neither of the two
  /// prefixes.
  static std::optional<Names> below(std::string_view claim_refs);

  [[nodiscard]] std::string_view prefix() const { return prefix_; }

  [[nodiscard]] std::string beat(std::string_view flow) const;
  [[nodiscard]] std::string claim(std::string_view session, std::uint32_t task) const;
  /// "…claims/<session>/*", for fetching.
  [[nodiscard]] std::string claims(std::string_view session) const;
  [[nodiscard]] std::string landing(std::string_view flow) const;
  [[nodiscard]] std::string done(std::string_view session, std::uint32_t task) const;
  [[nodiscard]] std::string dones(std::string_view session) const;
  /// Of a local ref as store/ref_names.hpp makes it (done, attempts); for a rescue ref with the
  /// machine put in. Nothing for other refs.
  [[nodiscard]] std::optional<std::string> shared(std::string_view local_ref,
                                                  std::string_view machine) const;

  /// Nothing for what the functions above would not make. Total: whatever a remote lists.
  [[nodiscard]] std::optional<SharedName> parse(std::string_view ref) const;

  /// Where the clone keeps what it saw of a remote's ref last; nothing for refs that are neither
  /// branches nor below the prefix. A pattern's star stays.
  [[nodiscard]] std::optional<std::string> kept(std::string_view remote,
                                                std::string_view ref) const;
  /// The reverse.
  [[nodiscard]] std::optional<std::string> of_kept(std::string_view remote,
                                                   std::string_view kept) const;

 private:
  explicit Names(std::string_view prefix) : prefix_(prefix) {}
  std::string_view prefix_ = usual_prefix;
};

/// A pattern is a full ref, or the start of some with one star behind it.
bool matches(std::string_view pattern, std::string_view ref);

std::string mine_claim(const ClaimName& claim, const git::Oid& object);
std::string mine_landing(const LandingName& landing, const git::Oid& object);
/// "refs/git-plan/mine/claims/<session>/<number>/": all notes of a claim.
std::string mine_claims(const ClaimName& claim);
struct MineName {
  std::variant<ClaimName, LandingName> of;
  git::Oid object;
};
std::optional<MineName> parse_mine(std::string_view ref);

/// plan.machine: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, and such that a ref can hold it.
bool is_machine(std::string_view text);
/// The name of a clone that was given none: the host's, made valid, a dash and four hexadecimal
/// digits that follow from its common git folder.
std::string default_machine(std::string_view host, std::string_view common_folder,
                            std::uint64_t inode);
/// The host's name, and the common folder of this repository.
std::string default_machine(std::string_view common_folder);

}  // namespace gitplan::remote
