#include "cli/plan/format_word.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::cli {

std::string format_word(const Invocation& invocation,
                        std::initializer_list<std::string_view> formats, std::string_view command) {
  const std::vector<std::string> known(formats.begin(), formats.end());
  const auto word = invocation.arguments().value("format");
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

}  // namespace gitplan::cli
