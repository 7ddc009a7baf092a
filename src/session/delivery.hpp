// What of flow another branch has been given: merged, or squashed with a note of how far.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan {

struct Squash {
  git::Oid flow;                       ///< up to this commit
  std::optional<git::Oid> after = {};  ///< that an earlier squash had brought
};
/// The trailers of a squashed delivery.
std::string delivered_trailers(const Squash& squash);
/// What such a trailer says; of several the last.
std::optional<git::Oid> delivered_in(std::string_view message);

/// How far `flow` was squashed into the history of `tip`: the newest such commit of flow, noted by
/// one that flow itself does not have. One that was picked from another branch, without what had
/// been squashed there before it, does not count. Nothing if none was, or flow no longer has it.
std::optional<git::Oid> squashed_up_to(const git::Repository& repository, const git::Oid& flow,
                                       const git::Oid& tip);

/// A task whose file came into flow.
struct BuiltTask {
  std::string session;
  std::string id;
  std::string description;  ///< as its file has it, the goal too
  std::string goal;         ///< of its session
  bool operator==(const BuiltTask&) const = default;
};

/// The tasks that came into `flow` after `since`, which it has, and were not taken back, but for
/// those that the history of `tip` has squashed: by session, then id. Those whose metadata was
/// cleaned up since are among them.
std::vector<BuiltTask> built_since(const git::Repository& repository, const git::Oid& since,
                                   const git::Oid& flow, const git::Oid& tip);

}  // namespace gitplan
