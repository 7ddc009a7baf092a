#include "cli/started_text.hpp"

namespace gitplan::cli {

std::string started_text(const std::vector<commands::Started>& started, const Style& style) {
  Table table;
  for (const auto& one : started) {
    table.row({Cell::plain(one.task), Cell::plain(one.branch), Cell::plain(one.slot.path)});
  }
  return table.text(style);
}

}  // namespace gitplan::cli
