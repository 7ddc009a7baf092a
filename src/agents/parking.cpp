#include "agents/parking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "plan/ids.hpp"

namespace gitplan::agents {
namespace {

template <class Number>
bool read_number(std::string_view word, Number& number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc{} && end == word.data() + word.size() && number >= 0;
}

}  // namespace

Seconds back_off(int times) {
  constexpr Seconds first = 60;
  constexpr int most_doublings = 5;
  constexpr Seconds longest = 30 * 60;
  return std::min(longest, first << std::clamp(times - 1, 0, most_doublings));
}

Parked park(const std::optional<Parked>& before, const NotNow& word, Seconds now, Seconds most) {
  Parked parked;
  parked.since = now;
  parked.times = before ? before->times + 1 : 1;
  const bool has_passed = word.until && *word.until <= now;
  parked.named = word.until && (!has_passed || parked.times == 1);
  if (parked.named) {
    parked.until = std::clamp(*word.until, now, now + most);
  } else {
    parked.until = now + std::min(back_off(parked.times - (has_passed ? 1 : 0)), most);
  }
  return parked;
}

std::string encode(const Parkings& parkings) {
  std::string text;
  for (const auto& [agent, one] : parkings)
    text +=
        fmt::format("{} {} {} {} {}\n", agent, one.since, one.until, one.named ? 1 : 0, one.times);
  return text;
}

Parkings decode_parkings(std::string_view text) {
  Parkings parkings;
  for (const std::string_view line : text::split(text, '\n')) {
    const auto words = text::split(line, ' ');
    Parked one;
    int named = 0;
    if (words.size() == 5 && is_agent_name(words[0]) && read_number(words[1], one.since) &&
        read_number(words[2], one.until) && read_number(words[3], named) &&
        read_number(words[4], one.times)) {
      one.named = named == 1;
      parkings[std::string(words[0])] = one;
    }
  }
  return parkings;
}

}  // namespace gitplan::agents
