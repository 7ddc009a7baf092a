// The JSON of other tools as values. For .cpp files that include nlohmann.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace gitplan::exchange {

using Json = nlohmann::ordered_json;

/// The text as JSON. A number with a fraction that stands where ids do (`id`, `dependencies`) is
/// the text that it was: 1.10 is another one than 1.1. Throws Error(fatal) where it is no JSON,
/// over 64 MiB, nested deeper than 64 levels, not UTF-8, or has a key twice.
Json parse_json(std::string_view text, std::string_view name);

/// A string, or an integer as text; nothing for any other value.
std::optional<std::string> text_of(const Json& value);
/// The same of a key; nothing if it is not there.
std::optional<std::string> text_at(const Json& object, const char* key);

}  // namespace gitplan::exchange
