// TOML values as JSON text: toml++ and nlohmann in one file cost too much.
#pragma once

#include <string>
#include <string_view>

namespace gitplan::exchange {

/// True if it is one TOML value, on one line.
bool is_literal(std::string_view literal);
/// `null` if it is none. Dates become strings.
std::string literal_as_json(std::string_view literal);

}  // namespace gitplan::exchange
