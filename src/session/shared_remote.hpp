// The remote that machines share their plans through (plan.remote), as this clone saw it last.
// Reads only; no network. What is written there first: session/publish.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

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
  /// When something was fetched last; nothing: that is not known.
  [[nodiscard]] std::optional<Seconds> fetched_at() const;
  void note_fetched() const;

 private:
  SharedRemote(const git::Repository& repository, std::string remote, remote::Names names,
               std::string machine);
  [[nodiscard]] std::string fetched_file() const;

  const git::Repository* repository_;
  std::string remote_;
  remote::Names names_;
  std::string machine_;
};

}  // namespace gitplan
