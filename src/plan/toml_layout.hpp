// Where things stand in a TOML text: a scanner of positions, for edits that leave the rest alone,
// and a guard in front of toml++, which neither limits the recursion of dotted keys nor checks how
// a header begins.
//
// It accepts somewhat more than TOML (numbers and escapes are not judged), and everything that TOML
// accepts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::toml_io {

/// Bytes [begin, end) of the text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

/// A key as written, such as `a."b c".d`: its first part decoded, and how many parts it has.
struct KeyName {
  std::string first;
  int parts = 0;
  [[nodiscard]] bool is(std::string_view name) const { return parts == 1 && first == name; }
};

/// `key = value`
struct Pair {
  KeyName name;
  Span key;
  Span value;
  Span line;  ///< whole lines with comment and line end; in an inline table as far as the value
};

/// `[name]` or `[[name]]` and the pairs below it; the first table of a text is the root, without a
/// header.
struct Table {
  KeyName name;
  bool is_element = false;  ///< `[[name]]`
  Span header;              ///< its whole line; empty for the root
  std::size_t end = 0;      ///< of its last pair's line, or of its header
  std::size_t first_pair = 0;
  std::size_t end_pair = 0;
};

struct Layout {
  std::vector<Table> tables;
  std::vector<Pair> pairs;  ///< of all tables, in order, as far as they were asked for
  std::size_t start = 0;    ///< after the byte order mark
  std::string_view eol = "\n";
};

/// Why a text is no TOML, or none that we read.
struct ScanFailure {
  std::string_view problem;
  std::size_t position = 0;
};

/// The pairs that a layout has: a large plan has thousands, of which an edit changes a few.
enum class Collect { all, of_root };

/// Scans the text. Nothing: it may be given to toml++. Collects positions into `layout` if given.
/// Linear. Key parts, arrays and inline tables may nest to `max_levels`.
std::optional<ScanFailure> scan(std::string_view text, Layout* layout,
                                Collect collect = Collect::all);

/// A text whose tables' places are known.
struct PlacedText {
  std::string_view text;
  const Layout* layout;
};
/// A table's lines, to the next one's header.
std::string_view lines_of(const PlacedText& in, std::size_t table);

/// As scan, of what a text was edited to: its tables that stand there unchanged are taken over
/// without their pairs, which `layout` then lacks.
std::optional<ScanFailure> scan_edited(const PlacedText& old, std::string_view text,
                                       Layout* layout);

/// Where, in a text that was scanned, a character that is not ASCII follows a line continuation
/// (a backslash before a line's end, and the white space after it).
std::vector<std::size_t> continued_with_non_ascii(std::string_view text);

/// The pairs of a table in a text that was scanned.
std::vector<Pair> pairs_of(std::string_view text, const Table& table);
/// The items of the array at `array` (a value's span in a text that was scanned).
std::vector<Span> array_items(std::string_view text, Span array);
/// The pairs of the inline table at `table`.
std::vector<Pair> inline_pairs(std::string_view text, Span table);

/// The end of white space, comments and line ends from `position` on.
std::size_t skip_blank(std::string_view text, std::size_t position);
/// The start of the line after the one that holds `position`; the text's end if there is none.
std::size_t next_line(std::string_view text, std::size_t position);
/// 1-based.
int line_number(std::string_view text, std::size_t position);
/// "line 3, column 7: expected '=', saw 'x'"
std::string describe(std::string_view text, const ScanFailure& failure);

}  // namespace gitplan::toml_io
