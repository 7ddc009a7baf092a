#include "plan/toml_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "plan/toml_value_scanner.hpp"

namespace gitplan::toml_io {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr std::size_t bytes_of_most_pairs = 24;

/// The tables of a document; `layout`: where they are written down, if they are to be.
class DocumentScanner : public ValueScanner {
 public:
  DocumentScanner(std::string_view text, std::size_t position, Layout* layout)
      : ValueScanner(text, position), layout_(layout) {}

  std::optional<ScanFailure> document();
  std::vector<Pair> lines();
  void expect_tables_of(const PlacedText& old) { old_ = &old; }
  void collect(Collect which) { collect_ = which; }

 private:
  /// Whether the pairs of the table here are wanted.
  [[nodiscard]] bool collects() const {
    return layout_ != nullptr && (collect_ == Collect::all || layout_->tables.size() == 1);
  }
  void begin_layout();
  void line();
  void header();
  bool unchanged_table();
  void pass_changed_table(Span header);

  Layout* layout_;
  int table_level_ = 0;
  Collect collect_ = Collect::all;
  const PlacedText* old_ = nullptr;
  std::size_t next_old_ = 1;  ///< the first of its tables that was not met yet
};

void DocumentScanner::header() {
  Table table;
  table.is_element = at("[[");
  position_ += table.is_element ? 2 : 1;
  spaces();
  table.name = key(layout_ != nullptr ? Names::decoded : Names::counted);
  spaces();
  expect(']', "expected ']'");
  if (table.is_element) expect(']', "expected ']'");
  table_level_ = table.name.parts;
  if (layout_ == nullptr) return;
  table.first_pair = table.end_pair = layout_->pairs.size();
  layout_->tables.push_back(std::move(table));
}

void DocumentScanner::line() {
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
  Pair found = pair(table_level_, collects() ? Names::decoded : Names::counted);
  rest_of_line();
  if (layout_ != nullptr) layout_->tables.back().end = position_;
  if (!collects()) return;
  found.line = {begin, position_};
  layout_->pairs.push_back(std::move(found));
  layout_->tables.back().end_pair = layout_->pairs.size();
}

/// At the start of a line. What a table's lines are depends on nothing before its header.
bool DocumentScanner::unchanged_table() {
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
void DocumentScanner::pass_changed_table(Span header) {
  if (next_old_ == old_->layout->tables.size()) return;
  const Span old = old_->layout->tables[next_old_].header;
  if (old_->text.substr(old.begin, old.end - old.begin) ==
      text_.substr(header.begin, header.end - header.begin))
    ++next_old_;
}

void DocumentScanner::begin_layout() {
  layout_->start = position_;
  layout_->tables.emplace_back();
  layout_->tables.back().end = position_;
  if (old_ == nullptr && collect_ == Collect::all)
    layout_->pairs.reserve(text_.size() / bytes_of_most_pairs);
  const std::size_t first = text_.find('\n');
  const bool crlf = first != std::string_view::npos && first > 0 && text_[first - 1] == '\r';
  layout_->eol = crlf ? "\r\n" : "\n";
}

std::optional<ScanFailure> DocumentScanner::document() {
  try {
    if (at(byte_order_mark)) position_ += byte_order_mark.size();
    if (layout_ != nullptr) begin_layout();
    while (!at_end()) {
      if (!unchanged_table()) line();
    }
  } catch (const ScanFailure& failure) {
    return failure;
  }
  return std::nullopt;
}

std::vector<Pair> DocumentScanner::lines() {
  layout_->tables.emplace_back();
  while (!at_end()) line();
  return std::move(layout_->pairs);
}

}  // namespace

std::optional<ScanFailure> scan(std::string_view text, Layout* layout, Collect collect) {
  DocumentScanner scanner(text, 0, layout);
  scanner.collect(collect);
  return scanner.document();
}

std::vector<Pair> pairs_of(std::string_view text, const Table& table) {
  Layout wanted;
  return DocumentScanner(text.substr(0, table.end), table.header.end, &wanted).lines();
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
  DocumentScanner scanner(text, 0, layout);
  scanner.expect_tables_of(old);
  return scanner.document();
}

std::vector<std::size_t> continued_with_non_ascii(std::string_view text) {
  std::vector<std::size_t> places;
  DocumentScanner scanner(text, 0, nullptr);
  scanner.collect_continued(places);
  scanner.document();
  return places;
}

std::vector<Span> array_items(std::string_view text, Span array) {
  return ValueScanner(text, array.begin).items();
}

std::vector<Pair> inline_pairs(std::string_view text, Span table) {
  return ValueScanner(text, table.begin).pairs();
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
  ValueScanner scanner(text, position);
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
