// The remote that machines share their plans through (plan.remote), as this clone saw it last.
// Reads only; no network. What is written there first: session/publishing.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "git/oid.hpp"
#include "remote/claim.hpp"
#include "remote/names.hpp"

namespace gitplan::git {
class Config;
class Repository;
}  // namespace gitplan::git

namespace gitplan {

class Workspace;

/// A claim as it was seen last.
struct SeenClaim {
  remote::StandingClaim standing;
  bool is_own = false;  ///< this clone made it
};
using SeenClaims = std::map<std::uint32_t, SeenClaim>;  ///< by task number

class AskedFile;

class SharedRemote {
 public:
  /// Nothing without plan.remote. Throws Error(fatal) where plan.machine or plan.claimRefs is no
  /// valid value.
  static std::optional<SharedRemote> of(const git::Repository& repository,
                                        const git::Config& config);

  /// The same, whatever plan.remote is.
  static SharedRemote through(const git::Repository& repository, const git::Config& config,
                              std::string remote);

  [[nodiscard]] const std::string& remote() const { return remote_; }
  [[nodiscard]] const std::string& machine() const { return machine_; }
  [[nodiscard]] const remote::Names& names() const { return names_; }

  /// A ref of the remote, by its full name there, as it was seen last.
  [[nodiscard]] std::optional<git::Oid> seen(std::string_view ref) const;
  /// The same of a branch by its short name.
  [[nodiscard]] std::optional<git::Oid> seen_branch(std::string_view branch) const;
  /// Those that are held; what cannot be read counts as held.
  [[nodiscard]] SeenClaims claims(std::string_view session) const;
  /// The sessions that have any.
  [[nodiscard]] std::set<std::string> claimed_sessions() const;
  /// When it was asked last; nothing: that is not known.
  [[nodiscard]] std::optional<Seconds> fetched_at() const;
  /// All that matches the patterns was seen no earlier than the beat that was seen last: a push
  /// that moves this beat on may stand on it.
  [[nodiscard]] bool is_current(const std::string& flow_branch,
                                std::span<const std::string> patterns) const;
  /// From now on it is: the patterns were asked for after the beat that was seen last.
  void note_current(const std::string& flow_branch, std::vector<std::string> patterns) const;
  /// The same, where a push of ours has moved the beat: what was current is.
  void note_pushed(const std::string& flow_branch) const;

 private:
  SharedRemote(const git::Repository& repository, std::string remote, remote::Names names,
               std::string machine);
  [[nodiscard]] AskedFile asked() const;

  const git::Repository* repository_;
  std::string remote_;
  remote::Names names_;
  std::string machine_;
};

}  // namespace gitplan
