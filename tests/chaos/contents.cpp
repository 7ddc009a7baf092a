#include "chaos/contents.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace chaos {
namespace {

constexpr std::string_view opening = "[mark ";

}  // namespace

std::string mark_text(int mark) { return std::string(opening) + std::to_string(mark) + "]"; }

void find_marks(std::string_view text, Marks& found) {
  for (auto at = text.find(opening); at != std::string_view::npos; at = text.find(opening, at)) {
    at += opening.size();
    const char* end = text.data() + text.size();
    int mark = 0;
    const auto [rest, error] = std::from_chars(text.data() + at, end, mark);
    if (error == std::errc() && rest != end && *rest == ']') found.insert(mark);
  }
}

Marks lost(const Marks& before, const Marks& after) {
  Marks difference;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::inserter(difference, difference.end()));
  return difference;
}

}  // namespace chaos
