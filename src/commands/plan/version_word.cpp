#include "commands/plan/version_word.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::commands {

std::int64_t parse_version(const std::string& word) {
  const std::size_t start = word.starts_with('v') ? 1 : 0;
  std::int64_t version = 0;
  const auto [end, error] =
      std::from_chars(word.data() + start, word.data() + word.size(), version);
  if (error == std::errc{} && end == word.data() + word.size() && version >= 0) return version;
  throw Error(ErrorKind::usage, fmt::format("'{}' is no version", text::printable(word)),
              Hint{"versions look like v3; to see the plan's, run: git plan show"});
}

}  // namespace gitplan::commands
