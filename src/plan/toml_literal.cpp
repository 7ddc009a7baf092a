#include "plan/toml_literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "plan/shown.hpp"
#include "plan/toml.hpp"

namespace gitplan::toml_io {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_bare(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/// Characters that would act on a terminal or on the order of what stands beside them.
bool must_escape(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

void append_escape(std::string& out, char32_t c) {
  switch (c) {
    case U'\b':
      out += "\\b";
      break;
    case U'\t':
      out += "\\t";
      break;
    case U'\n':
      out += "\\n";
      break;
    case U'\f':
      out += "\\f";
      break;
    case U'\r':
      out += "\\r";
      break;
    default:
      out += fmt::format("\\u{:04X}", static_cast<std::uint32_t>(c));
  }
}

/// The number that the digits of `pattern`'s field at `position` make.
int number_at(std::string_view text, std::size_t position, std::size_t digits) {
  int number = 0;
  for (const char c : text.substr(position, digits)) number = number * 10 + (c - '0');
  return number;
}

bool matches(std::string_view text, std::string_view pattern) {
  return text.size() == pattern.size() &&
         std::equal(text.begin(), text.end(), pattern.begin(),
                    [](char c, char p) { return p == '0' ? is_digit(c) : c == p; });
}

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days.at(static_cast<std::size_t>(month) - 1) + (month == 2 && leap ? 1 : 0);
}

/// "Z", or "+02:00" within a day and not zero, which would come back as "Z".
bool is_canonical_offset(std::string_view text) {
  if (text == "Z") return true;
  if (!matches(text, "+00:00") && !matches(text, "-00:00")) return false;
  const int hours = number_at(text, 1, 2);
  const int minutes = number_at(text, 4, 2);
  return hours < 24 && minutes < 60 && hours + minutes > 0;
}

/// "2025-01-12T14:30:00Z": RFC 3339 in the one form that reading a TOML date-time gives.
bool is_canonical_time(std::string_view text) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00";
  if (text.size() < pattern.size() || !matches(text.substr(0, pattern.size()), pattern)) {
    return false;
  }
  const int month = number_at(text, 5, 2);
  const int day = number_at(text, 8, 2);
  return month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in_month(number_at(text, 0, 4), month) && number_at(text, 11, 2) < 24 &&
         number_at(text, 14, 2) < 60 && number_at(text, 17, 2) < 60 &&
         is_canonical_offset(text.substr(pattern.size()));
}

}  // namespace

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  quoted.reserve(text.size() + 2);
  for (std::size_t i = 0; i < text.size();) {
    const text::Character c = text::decode(text, i);
    if (!c.valid) {
      throw Error(ErrorKind::fatal, fmt::format("'{}' is not UTF-8 text", shown(text, 60)));
    }
    if (c.code_point == U'"' || c.code_point == U'\\') quoted += '\\';
    if (must_escape(c.code_point)) {
      append_escape(quoted, c.code_point);
    } else {
      quoted.append(text, i, c.bytes);
    }
    i += c.bytes;
  }
  quoted += '"';
  return quoted;
}

std::string lines_literal(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return quote(text);
  std::string literal = "\"\"\"";
  for (const std::string_view line : text::split(text, '\n')) {
    const std::string quoted = quote(line);
    literal += "\n";
    literal.append(quoted, 1, quoted.size() - 2);
  }
  return literal + "\"\"\"";
}

std::string key_literal(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, is_bare) ? std::string(key) : quote(key);
}

std::string list_literal(std::span<const std::string> items) {
  std::string list = "[";
  for (const std::string& item : items) {
    if (list.size() > 1) list += ", ";
    list += quote(item);
  }
  list += "]";
  return list;
}

std::string time_literal(std::string_view time) {
  return is_canonical_time(time) ? std::string(time) : quote(time);
}

}  // namespace gitplan::toml_io
