#include "chaos/shrink.hpp"

#include <algorithm>

namespace chaos {
namespace {

Story without(const Story& story, std::size_t from, std::size_t count) {
  Story rest(story.begin(), story.begin() + static_cast<std::ptrdiff_t>(from));
  const auto next = std::min(from + count, story.size());
  rest.insert(rest.end(), story.begin() + static_cast<std::ptrdiff_t>(next), story.end());
  return rest;
}

}  // namespace

Story shrink(Story story, const std::function<bool(const Story&)>& goes_wrong, int most_tries) {
  std::size_t chunk = std::max<std::size_t>(story.size() / 2, 1);
  for (bool shorter = true; shorter || chunk > 1;) {
    if (!shorter) chunk /= 2;
    shorter = false;
    // From the end: what stands last is least often what later steps need.
    for (std::size_t end = story.size(); end > 0;) {
      const std::size_t from = end > chunk ? end - chunk : 0;
      if (--most_tries < 0) return story;
      Story rest = without(story, from, end - from);
      if (goes_wrong(rest)) {
        story = std::move(rest);
        shorter = true;
      }
      end = from;
    }
  }
  return story;
}

}  // namespace chaos
