#include "cli/plan/format_word.hpp"

#include "commands/plan/format_word.hpp"

namespace gitplan::cli {

std::string format_word(const Invocation& invocation,
                        std::initializer_list<std::string_view> formats, std::string_view command) {
  return commands::require_format(invocation.arguments().value("format"), formats, command);
}

}  // namespace gitplan::cli
