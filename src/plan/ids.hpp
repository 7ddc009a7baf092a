// Names of plans, tasks and branches: their grammar, and how users may abbreviate them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gitplan {

/// `[a-z0-9][a-z0-9._-]{0,63}`, and such that plan/<session> is a valid ref.
bool is_session(std::string_view text);
/// The seed's own pattern: session-YYYYMMDD-HHMMSS.
bool is_seed_session(std::string_view text);

/// 3 to 6 digits.
bool is_task_id(std::string_view text);
/// The number of a task id, or of its abbreviation ("1", "001"); nothing if it is not 1 to 6
/// digits.
std::optional<std::uint32_t> task_number(std::string_view text);
/// True if both name the same task: numerically equal (001, 0001), or the same text.
bool same_task(std::string_view a, std::string_view b);
/// "007": at least three digits.
std::string format_task_id(std::uint32_t number);

/// `[a-z0-9]+(-[a-z0-9]+)*`, at most 50.
bool is_slug(std::string_view text);
/// A slug out of a description: lower case ASCII words joined by '-', cut at a word where possible;
/// "task" if nothing is left.
std::string derive_slug(std::string_view description);

/// `[A-Za-z0-9][A-Za-z0-9._-]{0,49}`
bool is_agent_name(std::string_view text);

/// "001-user-model" taken apart; nothing if it is not `<3 to 6 digits>-<slug>`.
struct TaskName {
  std::string id;
  std::string slug;
};
std::optional<TaskName> parse_task_name(std::string_view text);

/// A name that `git check-ref-format refs/heads/<text>` accepts and that no command takes for an
/// option, for HEAD, or for the longer name of another branch ("refs/heads/main").
bool is_branch_name(std::string_view text);

/// A fine name, but it would stand in the way of plans and tasks.
bool is_reserved_branch(std::string_view branch);

}  // namespace gitplan
