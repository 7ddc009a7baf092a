// The words that stand for the values of an enumeration in files: a table, read both ways.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace gitplan {

template <class Value, std::size_t count>
using Names = std::array<std::pair<std::string_view, Value>, count>;

/// The table must have the value.
template <class Value, std::size_t count>
std::string_view name_of(const Names<Value, count>& names, Value value) {
  return std::ranges::find(names, value, [](const auto& row) { return row.second; })->first;
}

/// Nothing for a word that is not in the table.
template <class Value, std::size_t count>
std::optional<Value> value_named(const Names<Value, count>& names, std::string_view name) {
  const auto row = std::ranges::find(names, name, [](const auto& one) { return one.first; });
  return row == names.end() ? std::nullopt : std::optional(row->second);
}

}  // namespace gitplan
