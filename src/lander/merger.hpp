// Merges of done tasks, one on top of the other, that no ref names yet.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lander/ground.hpp"
#include "lander/hand_in.hpp"
#include "landing/queue.hpp"

namespace gitplan::lander {

/// A task, as the queue knows it: "<session>/<id>".
landing::Task queue_name(const HandIn& hand_in);

/// A commit, as the queue knows it.
landing::Point point_of(const git::Repository& repository, const git::Oid& commit);
git::Oid oid_of(const std::string& name);

/// Tasks by their names.
using Queued = std::map<landing::Task, HandIn>;

struct MergeOutcome {
  landing::Merged event;
  std::vector<std::string> conflicts;  ///< paths, where the conflict is with flow
  /// The task after those that were merged, which cannot be merged at all, and why.
  std::optional<std::string> problem;
};

/// What the queue asks for.
MergeOutcome make_merges(Ground& ground, const Queued& queued, const landing::Merge& wanted);

/// The commits from `from` to `to` (both on one chain of merges) made again, with a trailer in
/// those that are `marked`: the new end, and what each became.
struct Remade {
  git::Oid end;
  std::map<git::Oid, git::Oid> by_old;
};
Remade remake(const git::Repository& repository, const git::Oid& from, const git::Oid& to,
              const std::vector<git::Oid>& marked, const std::string& trailer);

}  // namespace gitplan::lander
