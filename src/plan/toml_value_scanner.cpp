#include "plan/toml_value_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "plan/toml.hpp"
#include "plan/toml_tokens.hpp"

namespace gitplan::toml_io {
namespace {

constexpr std::array<bool, 256> bare = [] {
  std::array<bool, 256> all{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"))
    all[static_cast<unsigned char>(c)] = true;
  return all;
}();

bool is_bare(char c) { return bare[static_cast<unsigned char>(c)]; }
/// A part of a number, a boolean or a time.
bool is_scalar_part(char c) { return is_bare(c) || c == '+' || c == '.' || c == ':'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Passes bytes that are none of these, as long as it can eight at a time.
std::size_t pass_plain_words(std::string_view text, std::size_t position, char quote) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t tops = 0x8080808080808080U;
  const auto holds = [](std::uint64_t word, char c) {
    const std::uint64_t zero_where_it_is = word ^ (ones * static_cast<unsigned char>(c));
    return ((zero_where_it_is - ones) & ~zero_where_it_is & tops) != 0;
  };
  std::uint64_t word = 0;
  for (; position + sizeof word <= text.size(); position += sizeof word) {
    std::memcpy(&word, text.data() + position, sizeof word);
    if (holds(word, quote) || holds(word, '\\') || holds(word, '\n')) break;
  }
  return position;
}

/// The end of what a string on one line holds without a quote or a backslash, from `position` on.
std::size_t plain_end(std::string_view text, std::size_t position, char quote) {
  position = pass_plain_words(text, position, quote);
  const auto stops = [quote](char c) { return c == quote || c == '\\' || c == '\n'; };
  return static_cast<std::size_t>(
      std::find_if(text.begin() + static_cast<std::ptrdiff_t>(position), text.end(), stops) -
      text.begin());
}

}  // namespace

void ValueScanner::check_level(int level) const {
  if (level > max_levels) fail("nested deeper than 64 levels");
  static_assert(max_levels == 64);
}

bool ValueScanner::line_end() {
  if (at('\n')) {
    ++position_;
  } else if (at("\r\n")) {
    position_ += 2;
  } else {
    return false;
  }
  return true;
}

void ValueScanner::comment() {
  if (at('#')) position_ = std::min(text_.find('\n', position_), text_.size());
}

void ValueScanner::rest_of_line() {
  spaces();
  comment();
  if (!at_end() && !line_end()) fail("expected the end of the line");
}

void ValueScanner::blank() {
  while (true) {
    spaces();
    comment();
    if (!line_end()) return;
  }
}

/// A string on one line; `position_` is at its quote.
void ValueScanner::string(char quote, bool escapes) {
  const std::size_t begin = position_;
  position_ = plain_end(text_, begin + 1, quote);
  while (!at(quote)) {
    if (escapes && at('\\')) escape(begin);
    if (position_ >= text_.size() || at('\n')) endless(begin);
    position_ = plain_end(text_, position_ + 1, quote);
  }
  ++position_;
}

/// A string in triple quotes; up to two more quotes at its end belong to it.
void ValueScanner::long_string(char quote, bool escapes) {
  const std::size_t begin = position_;
  position_ += 3;
  int quotes = 0;
  while (quotes < 3) {
    quotes = at(quote) ? quotes + 1 : 0;
    if (escapes && at('\\') && !continuation()) escape(begin);
    if (position_ >= text_.size()) endless(begin);
    ++position_;
  }
  for (; quotes < 5 && at(quote); ++quotes) ++position_;
}

/// From a backslash to what it escapes. (With what is not ASCII there, toml++ 3.3 is undefined.)
void ValueScanner::escape(std::size_t begin) {
  ++position_;
  if (at_end() || at('\n')) endless(begin);
  constexpr std::string_view known = "btnfr\"\\uU";
  if (known.find(text_[position_]) != std::string_view::npos) return;
  --position_;
  fail("an escape that TOML does not know");
}

/// From a backslash at the end of its line to the line's end; else false, and nothing done.
bool ValueScanner::continuation() {
  const std::size_t after = text_.find_first_not_of(" \t\r\n", position_ + 1);
  const std::string_view gap = text_.substr(position_ + 1, after - position_ - 1);
  const std::size_t line_end = gap.find('\n');
  if (line_end == std::string_view::npos) return false;
  position_ += 1 + line_end;
  if (continued_ != nullptr && after != std::string_view::npos &&
      static_cast<unsigned char>(text_[after]) >= 0x80)
    continued_->push_back(after);
  return true;
}

void ValueScanner::endless(std::size_t begin) {
  position_ = begin;
  fail("a string without an end");
}

void ValueScanner::key_part(std::string* decoded) {
  const std::size_t begin = position_;
  if (at('"') || at('\'')) {
    const bool escapes = at('"');
    string(text_[position_], escapes);
    if (decoded != nullptr) {
      const std::string_view inside = text_.substr(begin + 1, position_ - begin - 2);
      *decoded = escapes ? unescape(inside) : std::string(inside);
    }
    return;
  }
  while (!at_end() && is_bare(text_[position_])) ++position_;
  if (position_ == begin) fail("expected a key");
  if (decoded != nullptr) *decoded = text_.substr(begin, position_ - begin);
}

KeyName ValueScanner::key(Names names) {
  KeyName name;
  while (true) {
    key_part(names == Names::decoded && name.parts == 0 ? &name.first : nullptr);
    ++name.parts;
    check_level(name.parts);
    const std::size_t end = position_;
    spaces();
    if (!at('.')) {
      position_ = end;
      return name;
    }
    ++position_;
    spaces();
  }
}

template <class OnItem>
void ValueScanner::array(int level, OnItem on_item) {
  check_level(level);
  ++position_;
  blank();
  while (!at(']')) {
    const std::size_t begin = position_;
    value(level);
    on_item(Span{begin, position_});
    blank();
    if (at(']')) break;
    expect(',', "expected ',' or ']'");
    blank();
  }
  ++position_;
}

template <class OnPair>
void ValueScanner::inline_table(int level, Names names, OnPair on_pair) {
  ++position_;
  blank();
  while (!at('}')) {
    on_pair(pair(level, names));
    blank();
    if (at('}')) break;
    expect(',', "expected ',' or '}'");
    blank();
  }
  ++position_;
}

/// A number, a boolean or a time; a space may stand between a date and its time. (toml++ 3.3 trips
/// over a date, a space and only one digit.)
void ValueScanner::scalar() {
  constexpr std::size_t date = 10;
  const auto skip_scalar_part = [&] {
    while (!at_end() && is_scalar_part(text_[position_])) ++position_;
  };
  const std::size_t begin = position_;
  skip_scalar_part();
  if (position_ == begin) fail("expected a value");
  const std::string_view next = text_.substr(position_, 4);
  if (position_ - begin == date && next.size() == 4 && next[0] == ' ' && is_digit(next[1]) &&
      is_digit(next[2]) && next[3] == ':') {
    ++position_;
    skip_scalar_part();
  }
  if (!is_scalar(text_.substr(begin, position_ - begin))) {
    position_ = begin;
    fail("not a value that TOML knows; is it text without quotes?");
  }
}

/// Any value, inside of `level` levels.
void ValueScanner::value(int level) {
  const auto nothing = [](const auto& /*unused*/) {};
  if (at("\"\"\"") || at("'''")) return long_string(text_[position_], at('"'));
  if (at('"') || at('\'')) return string(text_[position_], at('"'));
  if (at('[')) return array(level + 1, nothing);
  if (at('{')) return inline_table(level, Names::counted, nothing);  // its keys are levels
  scalar();
}

Pair ValueScanner::pair(int level, Names names) {
  Pair result;
  result.key.begin = position_;
  result.name = key(names);
  result.key.end = position_;
  spaces();
  expect('=', "expected '='");
  spaces();
  const int inside = level + result.name.parts;
  check_level(inside);
  result.value.begin = position_;
  value(inside);
  result.value.end = position_;
  result.line = {result.key.begin, result.value.end};
  return result;
}

std::vector<Span> ValueScanner::items() {
  std::vector<Span> found;
  array(1, [&](Span item) { found.push_back(item); });
  return found;
}

std::vector<Pair> ValueScanner::pairs() {
  std::vector<Pair> found;
  inline_table(1, Names::decoded, [&](Pair pair) { found.push_back(std::move(pair)); });
  return found;
}

}  // namespace gitplan::toml_io
