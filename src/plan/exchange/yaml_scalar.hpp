// YAML's inline values: plain and quoted scalars, `[a, b]`.
#pragma once

#include <string>
#include <string_view>

#include "plan/exchange/front_matter.hpp"

namespace gitplan::exchange {

/// False while a quote or a bracket is open.
bool is_whole(std::string_view text);
/// `null` and `~` are no items. Throws std::string: what is wrong with it.
FrontMatter::Value parse_flow(std::string_view text);

}  // namespace gitplan::exchange
