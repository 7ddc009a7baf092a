// The --format of reports and graphs.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/invocation.hpp"

namespace gitplan::cli {

/// --format, one of `formats`; the first of them without it. Throws Error(usage), with "did you
/// mean".
std::string format_word(const Invocation& invocation,
                        std::initializer_list<std::string_view> formats, std::string_view command);

}  // namespace gitplan::cli
