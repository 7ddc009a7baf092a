// Values as TOML literals, on one line but for long texts. (A string's, `quote`, stands in
// toml.hpp.)
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gitplan::toml_io {

/// A key, quoted only where it must be.
std::string key_literal(std::string_view key);

/// A string of several lines between `"""`, each on its own; of one line as `quote` has it.
std::string lines_literal(std::string_view text);

/// `["a", "b"]`, `[]`
std::string list_literal(std::span<const std::string> items);

/// A time: a TOML date-time where TOML reads the very same text back, else a string.
std::string time_literal(std::string_view time);

}  // namespace gitplan::toml_io
