// Results as JSON (section 4 of the contract): one object, "schema" first, keys as in the TOML.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "plan/diagnostic.hpp"

namespace gitplan {
class Error;
}

namespace gitplan {

using Json = nlohmann::ordered_json;

/// {"schema": 1}
Json new_object();
Json to_json(const Diagnostics& diagnostics);
/// {"schema": 1, "error": {"code", "message", "hint"}}, and "notes" where something was said
/// before.
Json to_json(const Error& error, const std::vector<std::string>& notes = {});
/// As text that a terminal may show: what `text::printable` escapes stands as \uXXXX, bytes that
/// are no UTF-8 as U+FFFD. `indent` -1: on one line.
std::string dump(const Json& json, int indent);
/// The same of JSON text.
std::string printable_json(std::string_view text);
/// A whole number as what it is: 8, not 8.0.
Json number(double value);
/// "v2"
std::string version_text(long long version);
/// "plan/<session>"
std::string plan_branch_text(std::string_view session);

}  // namespace gitplan
