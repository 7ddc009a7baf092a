#include "git/progress.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace gitplan::git {
namespace {

constexpr std::string_view of_the_host = "remote:";

}  // namespace

bool is_progress(std::string_view line) {
  constexpr std::array<std::string_view, 8> starts{
      "Enumerating objects", "Counting objects", "Compressing objects", "Delta compression",
      "Writing objects",     "Resolving deltas", "Receiving objects",   "Total "};
  if (line.starts_with(of_the_host)) line = text::trim(line.substr(of_the_host.size()));
  return std::ranges::any_of(starts, [&](auto start) { return line.starts_with(start); });
}

bool says_progress(std::string_view lines) {
  return std::ranges::any_of(text::split(lines, '\n'), [](std::string_view line) {
    return !line.empty() && (!line.starts_with(of_the_host) || is_progress(line));
  });
}

}  // namespace gitplan::git
