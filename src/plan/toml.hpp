// plan.toml and task files: TOML in, TOML out. A machine write is a surgical edit of the text that
// is there, so that comments, key order, spacing and unknown keys survive it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/diagnostic.hpp"
#include "plan/plan.hpp"

namespace gitplan::toml_io {

inline constexpr std::size_t max_bytes = 64U << 20U;
inline constexpr int max_levels = 64;

/// A plan as its text says it. What has the wrong type is reported and left at its default, so that
/// a plan with a mistake of a person's can still be read and completed.
struct ParsedPlan {
  Plan plan;
  Diagnostics diagnostics;      ///< wrong types, statuses and priorities that are no words of ours
  std::vector<int> task_lines;  ///< line of each task's table, parallel to plan.tasks; 1-based
  bool names_flow = false;      ///< whether it has a flow_branch of its own
};

/// Throws Error(fatal) where the text is no TOML, over max_bytes or max_levels, or of a `format`
/// newer than ours. `name` is how messages call it ("plan 'session-x'", "'plan.toml'", "<stdin>").
ParsedPlan parse_plan(std::string_view text, std::string_view name);

/// The tasks of a TOML document with a [[tasks]] list, for `plan update --add`; unknown keys of
/// each task stand in Task::foreign. Throws Error(fatal) as above, and where the document has no
/// tasks key.
ParsedPlan parse_tasks(std::string_view text, std::string_view name);

/// As parse_plan, of a text that becomes a new plan: unknown keys stand in Plan::foreign and
/// Task::foreign; its version is 1, and who approved an earlier plan is left out.
ParsedPlan parse_input(std::string_view text, std::string_view name);

/// A whole new plan.toml.
std::string render_plan(const Plan& plan);

/// `text`, which parses as `before`, changed in as few places as possible so that it parses as
/// `after`. Handles [[tasks]] and [[updates]] tables as well as inline arrays of inline tables,
/// dotted keys, CRLF files and a last line without an end. Throws Error(fatal) if it cannot ("edit
/// it by hand").
std::string edit_plan(std::string_view text, const Plan& before, const Plan& after);

/// `text` with one top-level `key` set to a string, integer, boolean or array literal (already
/// TOML).
std::string set_top_level(std::string_view text, std::string_view key, std::string_view literal);

/// One [[approvals]] entry: who approved which version.
struct Approval {
  std::int64_t version = 0;
  std::string at;  ///< RFC 3339
  std::string by;
  std::string note;
  std::string commit = {};  ///< of the plan's branch: what was approved
  bool operator==(const Approval&) const = default;
};

/// The approvals in a plan.toml, in its order; what has the wrong type is left at its default.
/// Throws as parse_plan does.
std::vector<Approval> parse_approvals(std::string_view text, std::string_view name);

/// `text` with one [[approvals]] entry more. Throws Error(fatal) if that cannot be done.
std::string add_approval(std::string_view text, const Approval& approval);

/// The strings of a TOML list such as `["a", "b"]`; nothing if it is no list of strings.
std::optional<std::vector<std::string>> parse_list(std::string_view literal);

/// What a task's metadata file says. A key of the wrong type is left at its default, and reported
/// if `diagnostics` is given. Throws Error(fatal) as parse_plan does.
TaskFile parse_task_file(std::string_view text, std::string_view name,
                         Diagnostics* diagnostics = nullptr);
std::string render_task_file(const TaskFile& task);

/// A TOML basic string, quoted and escaped; on one line.
std::string quote(std::string_view text);

}  // namespace gitplan::toml_io
