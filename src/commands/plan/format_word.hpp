// The formats of reports and graphs.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gitplan::commands {

/// `word`, if it is one of `formats`; the first of them without a word. Throws Error(usage), with
/// "did you mean"; the hint is `command` and a format that there is.
std::string require_format(const std::optional<std::string>& word,
                           std::initializer_list<std::string_view> formats,
                           std::string_view command);

}  // namespace gitplan::commands
