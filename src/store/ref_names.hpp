// Every ref and metadata path that git-plan makes or reads, and its grammar:
//
//   refs/heads/plan/<session>                              a plan
//   refs/heads/task/<id>-<slug>                            a task branch
//   refs/heads/<flow branch>                               finished work
//   refs/git-plan/rescue/worker-<N>/<time>[-<n>]           unsaved work of a slot
//   refs/git-plan/attempts/<session>/<id>/<time>[-<n>]     a task branch that was started over
//   .plan/<session>/<id>-<slug>.toml                       a task's metadata, in the tree of its
//   branch
//
// <time> is YYYYMMDDTHHMMSSZ.
#pragma once

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

}  // namespace gitplan::ref_names
