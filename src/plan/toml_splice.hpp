// Pending changes to a text, given by position, and the smallest ones for lists of values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plan/toml_layout.hpp"

namespace gitplan::toml_io {

/// Collects changes to one text and makes them all at once. Positions are those of the unchanged
/// text.
class Splices {
 public:
  explicit Splices(std::string_view text) : text_(text) {}

  void replace(Span span, std::string replacement);
  void insert(std::size_t position, std::string text);
  /// Whole lines before `position`, a line start or the end of the text. `lines` ends with `eol`; a
  /// text without an end of line at its end keeps that habit.
  void insert_lines(std::size_t position, std::string lines, std::string_view eol);
  /// True if something was to be inserted at this position already.
  [[nodiscard]] bool inserts_at(std::size_t position) const;

  /// The changed text. What was inserted at one position stands in the order of the calls. Throws
  /// Error(fatal) if two changes overlap.
  [[nodiscard]] std::string apply() const;

 private:
  struct Splice {
    Span span;
    std::string text;
  };
  std::string_view text_;
  std::vector<Splice> splices_;
};

/// Appends literals to the array at `array`, in the manner of the items that are there: each on its
/// own line if they are, with a comma at the end if there is one. Comments stay.
void append_items(Splices& splices, std::string_view text, Span array,
                  const std::vector<std::string>& literals, std::string_view eol);

}  // namespace gitplan::toml_io
