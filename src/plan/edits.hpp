// What changes a plan: functions from Plan to Plan, run again after a lost race. They never touch
// the version; the store does. Tasks are named by id as users type it. Throws Error(not_found) for
// a task that is not in the plan.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plan/plan.hpp"

namespace gitplan::edits {

/// A description has one line: of several the first stays, and the rest goes before the details.
void split_description(std::string& description, std::optional<std::string>& details);

/// Each line ends as on Unix, where it ended in a carriage return and a newline.
std::string unix_lines(std::string_view text);

/// split_description of a task that comes in, with unix_lines for all its texts.
void settle_texts(Task& task);

/// Said again without a reason, fail and cancel keep the one that is known. What fails with
/// `needs_decision` has the reason as its question.
Plan complete(Plan plan, std::span<const std::string> ids);
Plan fail(Plan plan, std::span<const std::string> ids, std::string_view reason,
          bool needs_decision);
Plan cancel(Plan plan, std::span<const std::string> ids, std::string_view reason);
/// Back to pending. Why it ended, the question and its answer stay, for who tries it next; an
/// `answer` that is not empty replaces the one before.
Plan reset(Plan plan, std::span<const std::string> ids, std::string_view answer = {});
/// Appends the tasks; one without an id gets the next free one. A task of the same id and the same
/// content is not added twice (so that a re-run is harmless); of other content throws
/// Error(wrong_state). What a task depends on is spelt as the plan does: "1" becomes "001".
/// `highest_used`: the number of a task that the plan had, which is not given out again.
Plan add(Plan plan, std::vector<Task> tasks, std::uint32_t highest_used = 0);
/// An [[updates]] entry. `version` is the version that the write will make.
Plan note(Plan plan, std::int64_t version, std::string_view at, std::string_view note);
enum class Repeated { no, yes };
/// `--set key=value`: a top-level text key of the plan ("architecture", "estimated_total_time",
/// "flow_branch", …), or "NNN.key" of a task ("002.priority=high"). The value of a list is one
/// item, or a TOML list; ids may also be split at commas. Repeated, it is added to what the list
/// has. Throws Error(usage) for a key that may not be set (format, session_id, version, created_at,
/// cleaned_at, tasks, status, id).
Plan set(Plan plan, std::string_view key, std::string_view value, Repeated repeated = Repeated::no);
/// The id after the highest one, at least three digits. Throws Error(wrong_state) when 999999 is
/// taken.
std::string next_free_id(const Plan& plan);

/// The index of the task that a user's word names. Throws Error(not_found) with "did you mean".
std::size_t require(const Plan& plan, std::string_view id);

}  // namespace gitplan::edits
