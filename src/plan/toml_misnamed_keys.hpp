// Keys that are not ours, but read as if one of ours was meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gitplan {

enum class KeyOf { plan, task };

/// The key of ours that people call `key`, or that a typing error, other case or other separators
/// made of it. Nothing for keys that imports keep, and for those that are like none.
std::optional<std::string> meant_key(std::string_view key, KeyOf of);

}  // namespace gitplan
