#include "plan/toml_places.hpp"

#include <algorithm>
#include <iterator>

namespace gitplan::toml_io {

const Pair* Place::find(std::string_view key) const {
  const auto all = pairs();
  const auto found = std::ranges::find_if(all, [&](const Pair& pair) { return pair.name.is(key); });
  return found == all.end() ? nullptr : &*found;
}

bool Places::is_comment_line(std::size_t position) const {
  const std::size_t at = text_.find_first_not_of(" \t", position);
  return at != std::string_view::npos && text_[at] == '#';
}

bool Places::is_blank_line(std::size_t position) const {
  const std::size_t at = text_.find_first_not_of(" \t\r", position);
  return at == std::string_view::npos || text_[at] == '\n';
}

Place Places::root() const {
  const Table& table = layout_->tables.front();
  Place place;
  place.lines =
      std::span(layout_->pairs).subspan(table.first_pair, table.end_pair - table.first_pair);
  place.start = layout_->start;
  return place;
}

Place Places::place_of(const Element& element) const {
  Place place;
  if (element.table != nullptr) {
    place.start = element.table->header.end;
    place.own_pairs = pairs_of(text_, *element.table);
    return place;
  }
  place.braces = element.braces;
  place.own_pairs = inline_pairs(text_, element.braces);
  return place;
}

std::vector<Element> Places::elements(std::string_view name) const {
  std::vector<Element> found;
  if (const Place place = root(); const Pair* list = place.find(name)) {
    if (text_[list->value.begin] != '[') return found;
    for (const Span& item : array_items(text_, list->value)) {
      if (text_[item.begin] == '{') found.push_back({nullptr, item});
    }
    return found;
  }
  for (const Table& table : layout_->tables) {
    if (table.is_element && table.name.is(name)) found.push_back({&table, {}});
  }
  return found;
}

/// The end of a table's own lines, with comments that follow directly, unless they belong to the
/// next header.
std::size_t Places::own_end(const Table& table) const {
  std::size_t position = table.end;
  while (position < text_.size() && is_comment_line(position))
    position = next_line(text_, position);
  return position == text_.size() || is_blank_line(position) ? position : table.end;
}

/// The start of the comment lines directly above a header, or of the header. A string over several
/// lines that ends above it may look like them.
std::size_t Places::comment_start(const Table& table) const {
  std::size_t floor = layout_->start;
  if (&table != layout_->tables.data()) floor = std::max(floor, std::prev(&table)->end);
  std::size_t start = table.header.begin;
  while (start > floor) {
    const std::size_t newline = text_.substr(0, start - 1).rfind('\n');
    const std::size_t above = newline == std::string_view::npos ? layout_->start : newline + 1;
    if (!is_comment_line(above)) break;
    start = above;
  }
  return start;
}

/// Where another [[name]] goes: after the last one and its sub-tables; else, but for tasks, before
/// the first task; else at the end.
std::size_t Places::end_of_list(std::string_view name) const {
  const auto& tables = layout_->tables;
  const auto is_part = [&](const Table& table) {
    return table.name.first == name && table.name.parts > 0;
  };
  const auto last = std::find_if(tables.rbegin(), tables.rend(), is_part);
  if (last != tables.rend()) return own_end(*last);
  const auto task = std::ranges::find_if(
      tables, [](const Table& table) { return table.is_element && table.name.is("tasks"); });
  return task == tables.end() || name == "tasks" ? text_.size() : comment_start(*task);
}

}  // namespace gitplan::toml_io
