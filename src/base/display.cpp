// What a terminal makes of a text: see text.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "base/width_tables.hpp"

namespace gitplan::text {

namespace {

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

/// Characters that change how their neighbours read, or carry text that no reader sees:
/// bidirectional controls, line separators, zero-width spaces and the tag characters.
bool is_deceptive(char32_t c) {
  return c == 0x061C || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

std::string escape(const Character& character) {
  const auto code = static_cast<unsigned>(character.code_point);
  if (!character.valid) return fmt::format("\\x{:02x}", code);
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (code < 0x80) return fmt::format("\\x{:02x}", code);
  return code > 0xFFFF ? fmt::format("\\U{:08x}", code) : fmt::format("\\u{:04x}", code);
}

bool is_in(char32_t c, std::span<const CodePointRange> ranges) {
  const auto after = std::upper_bound(
      ranges.begin(), ranges.end(), c,
      [](char32_t value, const CodePointRange& range) { return value < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

/// Most text is plain ASCII, where a byte is a character of one column and nothing is escaped.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

int columns_of(const Character& character) {
  const char32_t c = character.code_point;
  if (!character.valid) return 1;
  if (is_control(c)) return 0;
  if (c < 0x300) return 1;
  if (is_in(c, zero_width)) return 0;
  return is_in(c, double_width) ? 2 : 1;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character character = decode(text, i);
    if (!character.valid) return false;
    i += character.bytes;
  }
  return true;
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character character = decode(text, i);
    if (character.valid && is_control(character.code_point)) return true;
    i += character.bytes;
  }
  return false;
}

std::string printable(std::string_view text, Lines lines) {
  if (is_plain(text)) return std::string(text);
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Character character = decode(text, i);
    const char32_t c = character.code_point;
    const bool kept = lines == Lines::keep && (c == '\n' || c == '\t');
    const bool ends_line = lines == Lines::keep && text.substr(i).starts_with("\r\n");
    if (ends_line) {
      // The newline that follows says it.
    } else if (character.valid && (kept || (!is_control(c) && !is_deceptive(c)))) {
      shown += text.substr(i, character.bytes);
    } else {
      shown += escape(character);
    }
    i += character.bytes;
  }
  return shown;
}

int width(std::string_view text) {
  if (is_plain(text)) return static_cast<int>(text.size());
  int columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = decode(text, i);
    columns += columns_of(character);
    i += character.bytes;
  }
  return columns;
}

std::string cut(std::string_view text, int columns) {
  if (columns <= 0) return {};
  int used = 0;
  std::size_t fitting = 0;  // bytes that leave one column for the ellipsis
  for (std::size_t i = 0; i < text.size();) {
    const Character character = decode(text, i);
    used += columns_of(character);
    i += character.bytes;
    if (used < columns) fitting = i;
    if (used > columns) return std::string(text.substr(0, fitting)) + "…";
  }
  return std::string(text);
}

}  // namespace gitplan::text
