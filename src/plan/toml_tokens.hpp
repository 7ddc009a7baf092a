// The small parts of TOML: what a value without quotes may be, and what a quoted key says.
#pragma once

#include <string>
#include <string_view>

namespace gitplan::toml_io {

/// True for a number, a boolean, a date, a time or both, as TOML 1.0 writes them. Ranges (a month
/// 13, an integer of 70 bits) are not judged.
bool is_scalar(std::string_view text);

/// The text of a basic string's inside.
std::string unescape(std::string_view text);

}  // namespace gitplan::toml_io
