#include "base/utf8.hpp"

#include <array>

namespace gitplan::text {

namespace {

unsigned byte_at(std::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

/// Bytes of the sequence that `lead` announces; 0 if it announces none.
std::size_t announced_bytes(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

}  // namespace

Character decode(std::string_view text, std::size_t position) {
  const unsigned lead = byte_at(text, position);
  const Character broken{static_cast<char32_t>(lead), 1, false};
  const std::size_t bytes = announced_bytes(lead);
  if (bytes == 0 || bytes > text.size() - position) return broken;
  if (bytes == 1) return {static_cast<char32_t>(lead), 1, true};

  char32_t code_point = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const unsigned next = byte_at(text, position + i);
    if ((next & 0xC0U) != 0x80U) return broken;
    code_point = (code_point << 6U) | (next & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < smallest.at(bytes) || surrogate || code_point > 0x10FFFF) return broken;
  return {code_point, bytes, true};
}

void append(std::string& text, char32_t code_point) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
  const auto rest = [&](unsigned shift) { byte(0x80U | ((code_point >> shift) & 0x3FU)); };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0U | (code_point >> 6U));
    rest(0);
  } else if (code_point < 0x10000) {
    byte(0xE0U | (code_point >> 12U));
    rest(6);
    rest(0);
  } else {
    byte(0xF0U | (code_point >> 18U));
    rest(12);
    rest(6);
    rest(0);
  }
}

}  // namespace gitplan::text
