#include "cli/style.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace gitplan::cli {

std::string Style::paint(std::string_view start, std::string_view text) const {
  return colored && !text.empty() ? fmt::format("{}{}\x1b[m", start, text) : std::string(text);
}

std::string Style::status(Status status, std::string_view text) const {
  switch (status) {
    case Status::completed:
      return green(text);
    case Status::in_progress:
      return cyan(text);
    case Status::failed:
      return red(text);
    case Status::cancelled:
      return dim(text);
    case Status::pending:
      break;
  }
  return std::string(text);
}

Cell Cell::plain(std::string_view text) {
  std::string shown = text::printable(text);
  const int width = text::width(shown);
  return {std::move(shown), width};
}

Cell Cell::painted(std::string_view text, const std::string& shown) {
  return {shown, text::width(text)};
}

std::string Table::text(const Style& style, std::string_view indent) const {
  std::size_t columns = 0;
  for (const auto& row : rows_) columns = std::max(columns, row.size());
  std::vector<int> widths(columns);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].width);
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line(indent);
    int used = text::width(indent);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == columns;
      if (last && style.columns > 0 && used + row[i].width > style.columns) {
        line += text::cut(row[i].shown, std::max(style.columns - used, 1));
        break;
      }
      line += row[i].shown;
      if (last || widths[i] == 0) continue;
      constexpr int gap = 2;
      line.append(static_cast<std::size_t>(widths[i] - row[i].width + gap), ' ');
      used += widths[i] + gap;
    }
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  }
  return text;
}

}  // namespace gitplan::cli
