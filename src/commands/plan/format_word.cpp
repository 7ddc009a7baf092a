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
  const auto near = text::did_you_mean(*word, known);
  throw Error(
      ErrorKind::usage,
      fmt::format("no format '{}'{}", text::printable(*word),
                  near ? fmt::format("; did you mean '{}'?", *near)
                       : ": there are " + text::join(known, ", ")),
      Hint{fmt::format("for example: {} --format={}", command, near.value_or(known.back()))});
}

}  // namespace gitplan::commands
