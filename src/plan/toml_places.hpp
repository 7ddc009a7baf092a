// Where the records of a plan stand in its text, and where new ones go.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "plan/toml_layout.hpp"

namespace gitplan::toml_io {

/// Where a record stands: a table's lines or an inline table.
struct Place {
  std::vector<Pair> own_pairs;  ///< of all but the root
  std::span<const Pair> lines;  ///< of the root
  std::size_t start = 0;        ///< where the first line of a table goes
  std::optional<Span> braces;   ///< of an inline table

  [[nodiscard]] std::span<const Pair> pairs() const {
    return own_pairs.empty() ? lines : std::span<const Pair>(own_pairs);
  }
  /// The pair of a key of one part, if it is there.
  [[nodiscard]] const Pair* find(std::string_view key) const;
};

/// One element of a list of records, not yet looked into.
struct Element {
  const Table* table = nullptr;  ///< [[name]]
  Span braces;                   ///< else { … }
};

/// Answers about one text; both must outlive it.
class Places {
 public:
  Places(std::string_view text, const Layout& layout) : text_(text), layout_(&layout) {}

  [[nodiscard]] Place root() const;
  [[nodiscard]] Place place_of(const Element& element) const;
  /// The tables of a list of records, as [[name]] tables or as `name = [ { … } ]`. Items that are
  /// no tables are left out, as reading leaves them out.
  [[nodiscard]] std::vector<Element> elements(std::string_view name) const;
  /// Where another [[name]] goes: after the last one and its sub-tables; else, but for tasks,
  /// before the first task; else at the end. Comments that belong to either side stay with it.
  [[nodiscard]] std::size_t end_of_list(std::string_view name) const;
  [[nodiscard]] bool is_blank_line(std::size_t position) const;
  /// Where the comments directly above a table's header begin, or the header.
  [[nodiscard]] std::size_t comment_start(const Table& table) const;

 private:
  [[nodiscard]] std::size_t own_end(const Table& table) const;
  [[nodiscard]] bool is_comment_line(std::size_t position) const;

  std::string_view text_;
  const Layout* layout_;
};

}  // namespace gitplan::toml_io
