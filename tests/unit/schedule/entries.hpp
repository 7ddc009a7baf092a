// Random entries of a task's `files`.
#pragma once

#include <string>

#include "unit/schedule/plans.hpp"

namespace gitplan::schedule::tests {

/// Up to `depth` components, sometimes with a slash at the end.
inline std::string random_entry(Random& random, const Names& components, std::size_t depth) {
  std::string entry = components[random.below(components.size())];
  for (std::size_t left = random.below(depth); left > 0; --left) {
    entry += "/" + components[random.below(components.size())];
  }
  return entry + (random.chance(6) ? "/" : "");
}

}  // namespace gitplan::schedule::tests
