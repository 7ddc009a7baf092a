// The shortest story that still goes wrong.
#pragma once

#include <functional>

#include "chaos/story.hpp"

namespace chaos {

/// Leaves steps out, many at once and then fewer, as long as `goes_wrong` stays true. The result
/// goes wrong if `story` does, and none of its steps can be left out alone, unless `most_tries`
/// calls were not enough to see to that.
Story shrink(Story story, const std::function<bool(const Story&)>& goes_wrong, int most_tries);

}  // namespace chaos
