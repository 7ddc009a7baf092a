// Our own records as JSON inside other tools' files, and JSON values as TOML. For .cpp files that
// include nlohmann.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plan/exchange/items.hpp"
#include "plan/exchange/json_document.hpp"

namespace gitplan::exchange {

/// A value as a one-line TOML literal; nothing for null, and for what TOML has no form for.
std::optional<std::string> toml_literal(const Json& value);
/// Adds `key` with the value of `object[from]`, if it says something.
void carry(const Json& object, const char* from, std::string_view key, Task& task);
/// What a value says to people: a text, or a list of texts as one with bullets; else empty.
std::string prose_at(const Json& object, const char* key);
/// The JSON value of a key that is not ours; null if there is none.
Json foreign_value(const std::vector<ForeignKey>& foreign, std::string_view key);

/// All of a task, or of a plan but its tasks: what comes back is equal.
Json task_json(const Task& task);
std::optional<Task> task_of(const Json& object);
Json plan_json(const Plan& plan);
std::optional<Plan> plan_of(const Json& object);

/// {"git_plan": {"task": …, "place": …, "as": …}}: `as` is what the tool was told, to see later
/// what it changed.
Json metadata_of(const Task& task, std::size_t place, Json as);
/// Takes it back: what the tool did not change becomes what it was. `now` is what the tool says.
void recall_metadata(const Json& entry, const Json& now, Item& item);

}  // namespace gitplan::exchange
