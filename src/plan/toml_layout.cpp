#include "plan/toml_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "plan/toml.hpp"
#include "plan/toml_tokens.hpp"

namespace gitplan::toml_io {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_space(char c) { return c == ' ' || c == '\t'; }

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

constexpr std::size_t bytes_of_most_pairs = 24;

class Scanner {
 public:
  Scanner(std::string_view text, std::size_t position, Layout* layout)
      : text_(text), position_(position), layout_(layout) {}

  std::optional<ScanFailure> document();
  std::vector<Span> items();
  std::vector<Pair> pairs();
  void blank();
  [[nodiscard]] std::size_t position() const { return position_; }
  void collect_continued(std::vector<std::size_t>& places) { continued_ = &places; }
  void expect_tables_of(const PlacedText& old) { old_ = &old; }
  void collect(Collect which) { collect_ = which; }
  std::vector<Pair> lines();

 private:
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] bool at(char c) const { return !at_end() && text_[position_] == c; }
  [[nodiscard]] bool at(std::string_view word) const {
    return text_.substr(position_).starts_with(word);
  }
  /// Whether the pairs of the table here are wanted.
  [[nodiscard]] bool collects() const {
    return layout_ != nullptr && (collect_ == Collect::all || layout_->tables.size() == 1);
  }
  [[noreturn]] void fail(std::string_view problem) const { throw ScanFailure{problem, position_}; }
  void expect(char c, std::string_view problem) {
    if (!at(c)) fail(problem);
    ++position_;
  }
  void spaces() {
    while (!at_end() && is_space(text_[position_])) ++position_;
  }
  bool line_end();
  void comment();
  void rest_of_line();

  void line();
  void header();
  bool unchanged_table();
  void pass_changed_table(Span header);
  KeyName key(bool decoded);
  void key_part(std::string* decoded);
  Pair pair(int level);
  void value(int level);
  void scalar();
  template <class OnItem>
  void array(int level, OnItem on_item);
  template <class OnPair>
  void inline_table(int level, OnPair on_pair);
  void string(char quote, bool escapes);
  [[noreturn]] void endless(std::size_t begin);
  void long_string(char quote, bool escapes);
  void escape(std::size_t begin);
  bool continuation();
  void check_level(int level) const {
    if (level > max_levels) fail("nested deeper than 64 levels");
    static_assert(max_levels == 64);
  }

  std::string_view text_;
  std::size_t position_;
  Layout* layout_;
  int table_level_ = 0;
  std::vector<std::size_t>* continued_ = nullptr;
  Collect collect_ = Collect::all;
  const PlacedText* old_ = nullptr;
  std::size_t next_old_ = 1;  ///< the first of its tables that was not met yet
};

bool Scanner::line_end() {
  if (at('\n')) {
    ++position_;
  } else if (at("\r\n")) {
    position_ += 2;
  } else {
    return false;
  }
  return true;
}

void Scanner::comment() {
  if (at('#')) position_ = std::min(text_.find('\n', position_), text_.size());
}

void Scanner::rest_of_line() {
  spaces();
  comment();
  if (!at_end() && !line_end()) fail("expected the end of the line");
}

void Scanner::blank() {
  while (true) {
    spaces();
    comment();
    if (!line_end()) return;
  }
}

/// A string on one line; `position_` is at its quote.
void Scanner::string(char quote, bool escapes) {
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
void Scanner::long_string(char quote, bool escapes) {
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
void Scanner::escape(std::size_t begin) {
  ++position_;
  if (at_end() || at('\n')) endless(begin);
  constexpr std::string_view known = "btnfr\"\\uU";
  if (known.find(text_[position_]) != std::string_view::npos) return;
  --position_;
  fail("an escape that TOML does not know");
}

/// From a backslash at the end of its line to the line's end; else false, and nothing done.
bool Scanner::continuation() {
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

void Scanner::endless(std::size_t begin) {
  position_ = begin;
  fail("a string without an end");
}

void Scanner::key_part(std::string* decoded) {
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

KeyName Scanner::key(bool decoded) {
  KeyName name;
  while (true) {
    key_part(decoded && name.parts == 0 ? &name.first : nullptr);
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
void Scanner::array(int level, OnItem on_item) {
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
void Scanner::inline_table(int level, OnPair on_pair) {
  ++position_;
  blank();
  while (!at('}')) {
    on_pair(pair(level));
    blank();
    if (at('}')) break;
    expect(',', "expected ',' or '}'");
    blank();
  }
  ++position_;
}

/// A number, a boolean or a time; a space may stand between a date and its time. (toml++ 3.3 trips
/// over a date, a space and only one digit.)
void Scanner::scalar() {
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
void Scanner::value(int level) {
  const auto nothing = [](const auto& /*unused*/) {};
  if (at("\"\"\"") || at("'''")) return long_string(text_[position_], at('"'));
  if (at('"') || at('\'')) return string(text_[position_], at('"'));
  if (at('[')) return array(level + 1, nothing);
  if (at('{')) return inline_table(level, nothing);  // its keys are levels
  scalar();
}

Pair Scanner::pair(int level) {
  Pair result;
  result.key.begin = position_;
  result.name = key(collects());
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

void Scanner::header() {
  Table table;
  table.is_element = at("[[");
  position_ += table.is_element ? 2 : 1;
  spaces();
  table.name = key(layout_ != nullptr);
  spaces();
  expect(']', "expected ']'");
  if (table.is_element) expect(']', "expected ']'");
  table_level_ = table.name.parts;
  if (layout_ == nullptr) return;
  table.first_pair = table.end_pair = layout_->pairs.size();
  layout_->tables.push_back(std::move(table));
}

void Scanner::line() {
  const std::size_t begin = position_;
  spaces();
  if (at('[')) {
    header();
    rest_of_line();
    if (layout_ != nullptr) layout_->tables.back().header = {begin, position_};
    if (layout_ != nullptr) layout_->tables.back().end = position_;
    if (old_ != nullptr) pass_changed_table({begin, position_});
    return;
  }
  if (at_end() || at('#') || at('\r') || at('\n')) return rest_of_line();
  Pair found = pair(table_level_);
  rest_of_line();
  if (layout_ != nullptr) layout_->tables.back().end = position_;
  if (!collects()) return;
  found.line = {begin, position_};
  layout_->pairs.push_back(std::move(found));
  layout_->tables.back().end_pair = layout_->pairs.size();
}

/// At the start of a line. What a table's lines are depends on nothing before its header.
bool Scanner::unchanged_table() {
  if (old_ == nullptr || next_old_ == old_->layout->tables.size()) return false;
  const std::string_view lines = lines_of(*old_, next_old_);
  const std::string_view here = text_.substr(position_);
  if (!here.starts_with(lines) || (here.size() > lines.size() && !lines.ends_with('\n')))
    return false;
  Table table = old_->layout->tables[next_old_++];
  table.end = position_ + table.end - table.header.begin;
  table.header = {position_, position_ + table.header.end - table.header.begin};
  table.first_pair = table.end_pair = layout_->pairs.size();
  layout_->tables.push_back(std::move(table));
  position_ += lines.size();
  return true;
}

/// One with the same header was edited; another one was put before the next of the old text.
void Scanner::pass_changed_table(Span header) {
  if (next_old_ == old_->layout->tables.size()) return;
  const Span old = old_->layout->tables[next_old_].header;
  if (old_->text.substr(old.begin, old.end - old.begin) ==
      text_.substr(header.begin, header.end - header.begin))
    ++next_old_;
}

std::optional<ScanFailure> Scanner::document() {
  try {
    if (at(byte_order_mark)) position_ += byte_order_mark.size();
    if (layout_ != nullptr) {
      layout_->start = position_;
      layout_->tables.emplace_back();
      layout_->tables.back().end = position_;
      if (old_ == nullptr && collect_ == Collect::all)
        layout_->pairs.reserve(text_.size() / bytes_of_most_pairs);
      const std::size_t first = text_.find('\n');
      const bool crlf = first != std::string_view::npos && first > 0 && text_[first - 1] == '\r';
      layout_->eol = crlf ? "\r\n" : "\n";
    }
    while (!at_end()) {
      if (!unchanged_table()) line();
    }
  } catch (const ScanFailure& failure) {
    return failure;
  }
  return std::nullopt;
}

std::vector<Span> Scanner::items() {
  std::vector<Span> found;
  array(1, [&](Span item) { found.push_back(item); });
  return found;
}

std::vector<Pair> Scanner::pairs() {
  std::vector<Pair> found;
  inline_table(1, [&](Pair pair) { found.push_back(std::move(pair)); });
  return found;
}

std::vector<Pair> Scanner::lines() {
  layout_->tables.emplace_back();
  while (!at_end()) line();
  return std::move(layout_->pairs);
}

}  // namespace

std::optional<ScanFailure> scan(std::string_view text, Layout* layout, Collect collect) {
  Scanner scanner(text, 0, layout);
  scanner.collect(collect);
  return scanner.document();
}

std::vector<Pair> pairs_of(std::string_view text, const Table& table) {
  Layout wanted;
  return Scanner(text.substr(0, table.end), table.header.end, &wanted).lines();
}

std::string_view lines_of(const PlacedText& in, std::size_t table) {
  const auto& tables = in.layout->tables;
  const std::size_t begin = tables[table].header.begin;
  const std::size_t end =
      table + 1 < tables.size() ? tables[table + 1].header.begin : in.text.size();
  return in.text.substr(begin, end - begin);
}

std::optional<ScanFailure> scan_edited(const PlacedText& old, std::string_view text,
                                       Layout* layout) {
  Scanner scanner(text, 0, layout);
  scanner.expect_tables_of(old);
  return scanner.document();
}

std::vector<std::size_t> continued_with_non_ascii(std::string_view text) {
  std::vector<std::size_t> places;
  Scanner scanner(text, 0, nullptr);
  scanner.collect_continued(places);
  scanner.document();
  return places;
}

std::vector<Span> array_items(std::string_view text, Span array) {
  return Scanner(text, array.begin, nullptr).items();
}

std::vector<Pair> inline_pairs(std::string_view text, Span table) {
  Layout wanted;  // keys are decoded for those who collect
  return Scanner(text, table.begin, &wanted).pairs();
}

std::string describe(std::string_view text, const ScanFailure& failure) {
  const std::size_t at = failure.position;
  const std::size_t line_start = text.substr(0, at).rfind('\n') + 1;  // npos + 1 is 0
  const auto column =
      1 + std::ranges::count_if(text.substr(line_start, at - line_start), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      });
  std::string saw;
  if (failure.problem.starts_with("expected")) {
    saw = at == text.size()
              ? ", saw the end"
              : fmt::format(", saw '{}'",
                            text::printable(text.substr(at, text::decode(text, at).bytes)));
  }
  return fmt::format("line {}, column {}: {}{}", line_number(text, at), column, failure.problem,
                     saw);
}

std::size_t skip_blank(std::string_view text, std::size_t position) {
  Scanner scanner(text, position, nullptr);
  scanner.blank();
  return scanner.position();
}

std::size_t next_line(std::string_view text, std::size_t position) {
  const std::size_t end = text.find('\n', position);
  return end == std::string_view::npos ? text.size() : end + 1;
}

int line_number(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  return 1 + static_cast<int>(std::ranges::count(before, '\n'));
}

}  // namespace gitplan::toml_io
