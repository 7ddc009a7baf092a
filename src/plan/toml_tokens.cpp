#include "plan/toml_tokens.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/utf8.hpp"

namespace gitplan::toml_io {
namespace {

bool is_decimal(char c) { return c >= '0' && c <= '9'; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool is_binary(char c) { return c == '0' || c == '1'; }
bool is_hexadecimal(char c) {
  return is_decimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Takes `c` (in lower case) off the front if it is there.
bool skip_if(std::string_view& text, char c) {
  if (text.empty() || (text.front() != c && text.front() != c - 'a' + 'A')) return false;
  text.remove_prefix(1);
  return true;
}

bool take_sign(std::string_view& text) {
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes digits with single underscores between them; how many characters.
template <class IsDigit>
std::size_t take_digits(std::string_view& text, IsDigit is_digit) {
  std::size_t size = 0;
  while (size < text.size() &&
         (is_digit(text[size]) || (text[size] == '_' && size > 0 && is_digit(text[size - 1]) &&
                                   size + 1 < text.size() && is_digit(text[size + 1])))) {
    ++size;
  }
  text.remove_prefix(size);
  return size;
}

template <class IsDigit>
bool all_digits(std::string_view text, IsDigit is_digit) {
  return take_digits(text, is_digit) > 0 && text.empty();
}

/// Takes what looks like `pattern`, where '0' stands for any digit.
bool take_pattern(std::string_view& text, std::string_view pattern) {
  const bool matches = text.size() >= pattern.size() &&
                       std::equal(pattern.begin(), pattern.end(), text.begin(),
                                  [](char p, char c) { return p == '0' ? is_decimal(c) : c == p; });
  if (matches) text.remove_prefix(pattern.size());
  return matches;
}

bool take_time(std::string_view& text) {
  if (!take_pattern(text, "00:00:00")) return false;
  if (!text.starts_with('.')) return true;
  text.remove_prefix(1);
  const auto digits =
      std::min(static_cast<std::size_t>(std::ranges::find_if_not(text, is_decimal) - text.begin()),
               text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

bool is_moment(std::string_view text) {
  if (!take_pattern(text, "0000-00-00")) return take_time(text) && text.empty();
  if (text.empty()) return true;
  if (!skip_if(text, 't') && !take_pattern(text, " ")) return false;
  if (!take_time(text)) return false;
  return text.empty() || text == "Z" || text == "z" ||
         (take_sign(text) && take_pattern(text, "00:00") && text.empty());
}

bool is_number(std::string_view text) {
  const bool sign = take_sign(text);
  if (text == "inf" || text == "nan") return true;
  if (!sign && text.starts_with("0x")) return all_digits(text.substr(2), is_hexadecimal);
  if (!sign && text.starts_with("0o")) return all_digits(text.substr(2), is_octal);
  if (!sign && text.starts_with("0b")) return all_digits(text.substr(2), is_binary);
  const bool zero = text.starts_with('0');
  const std::size_t whole = take_digits(text, is_decimal);
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text, is_decimal) == 0) return false;
  }
  if (skip_if(text, 'e')) {
    take_sign(text);
    if (take_digits(text, is_decimal) == 0) return false;
  }
  return text.empty();
}

}  // namespace

bool is_scalar(std::string_view text) {
  return text == "true" || text == "false" || is_number(text) || is_moment(text);
}

std::string unescape(std::string_view text) {
  constexpr std::string_view letters = "btnfre";
  constexpr std::string_view meanings = "\b\t\n\f\r\x1b";
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    const char kind = text[++i];
    const std::size_t digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    if (const auto at = letters.find(kind); at != std::string_view::npos) {
      result += meanings[at];
    } else if (digits > 0 && i + digits < text.size()) {
      std::uint32_t code = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 1 + digits, code, 16);
      text::append(result, code);
      i += digits;
    } else {
      result += kind;
    }
  }
  return result;
}

}  // namespace gitplan::toml_io
