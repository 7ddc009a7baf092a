// How text looks: colours and the width of the terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.hpp"

namespace gitplan::cli {

struct Style {
  bool colored = false;
  int columns = 0;  ///< of the terminal; 0: standard output is none, nothing is cut

  [[nodiscard]] std::string bold(std::string_view text) const { return paint("\x1b[1m", text); }
  [[nodiscard]] std::string dim(std::string_view text) const { return paint("\x1b[2m", text); }
  [[nodiscard]] std::string red(std::string_view text) const { return paint("\x1b[31m", text); }
  [[nodiscard]] std::string green(std::string_view text) const { return paint("\x1b[32m", text); }
  [[nodiscard]] std::string yellow(std::string_view text) const { return paint("\x1b[33m", text); }
  [[nodiscard]] std::string cyan(std::string_view text) const { return paint("\x1b[36m", text); }
  /// "in progress" in the colour of the status.
  [[nodiscard]] std::string status(Status status, std::string_view text) const;

 private:
  [[nodiscard]] std::string paint(std::string_view start, std::string_view text) const;
};

/// A cell: what is shown, and how many columns that takes.
struct Cell {
  std::string shown;
  int width = 0;
  static Cell plain(std::string_view text);  ///< made printable
  static Cell painted(std::string_view text,
                      const std::string& shown);  ///< `shown` is `text` in colour
};

/// Columns aligned by two spaces, without borders. Only the last one is cut, and only on a
/// terminal. Columns that are empty in every row are left out.
class Table {
 public:
  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] std::string text(const Style& style, std::string_view indent = "") const;
  [[nodiscard]] bool empty() const { return rows_.empty(); }

 private:
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace gitplan::cli
