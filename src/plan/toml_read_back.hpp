// What an edited text says, without reading again what the edit left alone.
#pragma once

#include <optional>
#include <string_view>

#include "plan/toml.hpp"
#include "plan/toml_layout.hpp"

namespace gitplan::toml_io {

/// The reading of `edited`, which was made from `old` to turn `before` into `after`: what
/// parse_plan would answer, where that is `after`. `old` must read as `before`, without
/// diagnostics. Only the root table and the [[tasks]] and [[updates]] tables whose text differs are
/// read: a table's meaning is in its own lines. Nothing where that cannot be told (lists written
/// inline, sub-tables, other tables that changed) or where the text says something else: only a
/// whole reading tells what. `name` is how messages call the text. `after` goes into
/// the answer, where there is one.
std::optional<ParsedPlan> read_back(const PlacedText& old, std::string_view edited,
                                    std::string_view name, const Plan& before, Plan& after);

}  // namespace gitplan::toml_io
