#include "chaos/story.hpp"

#include <charconv>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "chaos/random.hpp"

namespace chaos {
namespace {

/// Seeds of steps are short, so that people can read and type them.
constexpr std::size_t step_seeds = 10000;

std::string_view weighted_pick(Random& random, const std::vector<Weight>& weights, unsigned sum) {
  auto left = static_cast<unsigned>(random.below(sum));
  for (const Weight& each : weights) {
    if (left < each.weight) return each.action;
    left -= each.weight;
  }
  return weights.back().action;
}

Step parse_step(const std::string& word) {
  const auto colon = word.rfind(':');
  Step step{word.substr(0, colon), 0};
  const char* end = word.data() + word.size();
  if (colon == std::string::npos ||
      std::from_chars(word.data() + colon + 1, end, step.seed).ptr != end) {
    throw std::invalid_argument("'" + word + "' is no step: <action>:<seed>");
  }
  return step;
}

}  // namespace

Story make_story(std::uint64_t seed, std::size_t length, const std::vector<Weight>& weights) {
  const unsigned sum =
      std::accumulate(weights.begin(), weights.end(), 0U,
                      [](unsigned before, const Weight& each) { return before + each.weight; });
  Random random(seed);
  Story story;
  for (std::size_t i = 0; i < length; ++i) {
    const std::string_view action = weighted_pick(random, weights, sum);
    story.push_back({std::string(action), random.below(step_seeds)});
  }
  return story;
}

std::string format(const Story& story) {
  std::string text;
  for (const Step& step : story) {
    text += (text.empty() ? "" : " ") + step.action + ":" + std::to_string(step.seed);
  }
  return text;
}

Story parse(std::string_view text) {
  std::istringstream words{std::string(text)};
  Story story;
  for (std::string word; words >> word;) story.push_back(parse_step(word));
  return story;
}

}  // namespace chaos
