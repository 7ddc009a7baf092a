// Every ref and metadata path that git-plan makes or reads, and its grammar:
//
//   refs/heads/plan/<session>                              a plan
//   refs/heads/task/<id>-<slug>                            a task branch
//   refs/heads/<flow branch>                               finished work
//   refs/git-plan/rescue/worker-<N>/<time>[-<n>]           unsaved work of a slot
//   refs/git-plan/attempts/<session>/<id>/<time>[-<n>]     a task branch that was started over
//   refs/git-plan/done/<session>/<number>                  a task branch that waits to be merged
//   refs/git-plan/red/<session>/<number>                   what a task was red on
//   .plan/<session>/<id>-<slug>.toml                       a task's metadata, in the tree of its
//   branch
//
// <time> is YYYYMMDDTHHMMSSZ, <number> that of the task with at least three digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "plan/ids.hpp"

namespace gitplan::ref_names {

inline constexpr std::string_view plan_prefix = "refs/heads/plan/";
inline constexpr std::string_view task_prefix = "refs/heads/task/";
inline constexpr std::string_view rescue_prefix = "refs/git-plan/rescue/";
inline constexpr std::string_view attempt_prefix = "refs/git-plan/attempts/";
inline constexpr std::string_view done_prefix = "refs/git-plan/done/";
inline constexpr std::string_view red_prefix = "refs/git-plan/red/";
inline constexpr std::string_view metadata_folder = ".plan";
inline constexpr std::string_view plan_file = "plan.toml";

std::string branch_ref(std::string_view branch);     ///< "flow" -> "refs/heads/flow"
std::string branch_name(std::string_view full_ref);  ///< the reverse; other refs unchanged
std::string plan_branch(std::string_view session);   ///< "plan/<session>"
std::string plan_ref(std::string_view session);
/// The session of "plan/x", "refs/heads/plan/x" or "x"; whether it is a valid one is not asked.
std::string session_of(std::string_view plan_or_session);

std::string task_branch(std::string_view id, std::string_view slug);
/// Id and slug of a task branch ("task/001-x" or its full ref); nothing for other names.
std::optional<TaskName> parse_task_branch(std::string_view branch);
std::string task_file_path(std::string_view session, std::string_view id, std::string_view slug);
/// Id and slug of "<id>-<slug>.toml".
std::optional<TaskName> parse_task_file(std::string_view file_name);

std::string rescue_ref(int worker, Seconds time, int count);
std::string attempt_ref(std::string_view session, std::string_view id, Seconds time, int count);
/// The time in a rescue or attempt ref.
std::optional<Seconds> kept_since(std::string_view ref);

/// Of a valid session and task. One task has one name, however its id is written.
std::string done_ref(std::string_view session, std::uint32_t task);
std::string red_ref(std::string_view session, std::uint32_t task);
struct TaskRef {
  std::string session;
  std::uint32_t task = 0;
};
/// Nothing for names that done_ref and red_ref would not make.
std::optional<TaskRef> parse_done_ref(std::string_view ref);
std::optional<TaskRef> parse_red_ref(std::string_view ref);

}  // namespace gitplan::ref_names
