// UTF-8, one character at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gitplan::text {

struct Character {
  char32_t code_point = 0;  ///< of a byte that is no UTF-8: the byte
  std::size_t bytes = 1;
  bool valid = true;  ///< false: one byte that starts no well-formed sequence
};

/// The character that starts at `position`, which must be inside the text. Overlong forms,
/// surrogates and what lies above U+10FFFF are not valid.
Character decode(std::string_view text, std::size_t position);

/// Appends one character, at most U+10FFFF.
void append(std::string& text, char32_t code_point);

}  // namespace gitplan::text
