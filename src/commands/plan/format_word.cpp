#include "commands/plan/format_word.hpp"

#include <fmt/format.h>

#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::commands {

std::string require_format(const std::optional<std::string>& word,
                           std::initializer_list<std::string_view> formats,
                           std::string_view command) {
  const std::vector<std::string> known(formats.begin(), formats.end());
  if (!word) return known.front();
  for (const std::string& format : known) {
    if (format == *word) return format;
  }
  const std::string near = text::did_you_mean(*word, known).value_or(known.back());
  throw Error(
      ErrorKind::usage,
      fmt::format("no format '{}': there are {}", text::printable(*word), text::join(known, ", ")),
      Hint{fmt::format("for example: {} --format={}", command, near)});
}

}  // namespace gitplan::commands
