// What must hold after each step, whatever was done.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/actions.hpp"
#include "chaos/snapshot.hpp"

namespace chaos {

/// A step with all that is known of it.
struct Scene {
  const World& world;
  const Doing& doing;
  const Snapshot& before;
  const Snapshot& after;
  /// Of checkouts whose branch the verb may move: what was changed in them.
  const std::map<std::string, std::string>& local_changes_before;
};

struct Invariant {
  std::string_view name;
  /// What is wrong; nothing if it holds.
  std::optional<std::string> (*broken)(const Scene& scene);
};

const std::vector<Invariant>& invariants();

/// Branches that our verbs move as such, so that a checkout of them follows.
bool may_follow(const Action& action, const Checkout& checkout);

}  // namespace chaos
