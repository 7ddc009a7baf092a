// Plans that come in as JSON: the seed's `create_plan_branch` object, or a bare list of tasks.
#pragma once

#include <string_view>

#include "plan/toml.hpp"

namespace gitplan::json_io {

/// True if the text's first character that is not white space is '{', or a '[' that starts a JSON
/// list (and not a TOML table header).
bool looks_like_json(std::string_view text);

/// Whether what is reported has the line where it stands. Those of a message mean nothing.
enum class Lines { numbered, none };

/// An object with `tasks` (and the plan's other keys), or a bare array of tasks. Unknown keys
/// become Plan::foreign and Task::foreign (null dropped). Wrong types are diagnostics, as in
/// toml_io::parse_plan. Throws Error(fatal) where it is no JSON, over 64 MiB, nested deeper than 64
/// levels, not UTF-8, has duplicate keys, a null in a list, or a lone surrogate. The version in it
/// is not taken over (a new plan starts at 1), nor are keys that only our own JSON output has
/// because they are derived (`ready`, `wave`, `plan_version`, …); Task::status is.
toml_io::ParsedPlan parse_plan(std::string_view text, std::string_view name,
                               Lines lines = Lines::numbered);

/// The same, for `plan update --add`: also throws Error(fatal) where an object has no `tasks`.
toml_io::ParsedPlan parse_tasks(std::string_view text, std::string_view name,
                                Lines lines = Lines::numbered);

}  // namespace gitplan::json_io
