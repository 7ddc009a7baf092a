#include "git/complaint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace gitplan::git {
namespace {

std::string_view without_prefix(std::string_view line) {
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
  }
  return text::trim(line);
}

// A process that is to filter many files and does not speak (any more) has "hung up".
bool is_of_filter(const Outcome& outcome) {
  constexpr std::array kSigns = {"external filter", "smudge filter", "clean filter",
                                 "hung up unexpectedly", "initialization for subprocess"};
  return std::ranges::any_of(
      kSigns, [&](const char* sign) { return outcome.errors.find(sign) != std::string::npos; });
}

Error filter_failed(std::string_view what, const Outcome& outcome) {
  std::vector<std::string> messages = error_lines(outcome);
  messages.insert(messages.begin(), fmt::format("{}: a filter failed", what));
  return Error(ErrorKind::fatal, std::move(messages),
               {Hint{"to see which programs the filters are, run: git config --get-regexp "
                     "'^filter[.]'"}})
      .with_code("filter_failed");
}

}  // namespace

std::vector<std::string> error_lines(const Outcome& outcome) {
  constexpr std::size_t kMostLines = 20;
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(outcome.errors, '\n')) {
    const std::string_view words = without_prefix(line);
    if (!words.empty()) lines.push_back(text::printable(words));
  }
  if (lines.size() > kMostLines)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kMostLines));
  return lines;
}

Error complaint(std::string_view what, const Outcome& outcome) {
  if (is_of_filter(outcome)) return filter_failed(what, outcome);
  std::string reason = first_error_line(outcome);
  if (reason.empty()) reason = fmt::format("exit status {}", outcome.exit_status);
  return Error(ErrorKind::fatal, fmt::format("{}: {}", what, reason));
}

}  // namespace gitplan::git
