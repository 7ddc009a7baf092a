// A story: what is done, step after step. It follows from its seed alone, never from how it goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chaos {

/// One action of the table, and the seed of all that it chooses. So a step chooses the same way
/// whatever stands before it, as long as there is the same to choose from.
struct Step {
  std::string action;
  std::uint64_t seed = 0;
  friend bool operator==(const Step&, const Step&) = default;
};
using Story = std::vector<Step>;

/// How often an action stands in stories.
struct Weight {
  std::string_view action;
  unsigned weight;
};

Story make_story(std::uint64_t seed, std::size_t length, const std::vector<Weight>& weights);

/// "write:17 commit:4": for a line of the list of stories that found something.
std::string format(const Story& story);
/// Throws std::invalid_argument for a word that is no step.
Story parse(std::string_view text);

}  // namespace chaos
