// Tasks that are done: their workers ended well, and nobody has merged them yet. A ref says so, and
// another what a task was red on. They are named by the task's number and have no log.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.hpp"
#include "git/refs.hpp"

namespace gitplan {

struct Plan;

/// Commits of tasks of one session, by their number.
using TaskTips = std::map<std::uint32_t, git::Oid>;

/// What the refs say. Whether a task is done its status decides, too: see PlanView::done_at.
TaskTips done_refs(const git::Repository& repository, std::string_view session);
std::optional<git::Oid> done_ref(const git::Repository& repository, std::string_view session,
                                 std::string_view task);
/// Wherever it was. `task` is an id. Throws Error(fatal) where `session` or `task` is not a name of
/// one, and as git::compare_and_swap.
void set_done(const git::Repository& repository, std::string_view session, std::string_view task,
              const git::Oid& tip);
/// Wherever it is, or only where it is at this tip still. Returns where it was; nothing: there was
/// nothing to drop.
std::optional<git::Oid> drop_done(const git::Repository& repository, std::string_view session,
                                  std::string_view task);
std::optional<git::Oid> drop_done(const git::Repository& repository, std::string_view session,
                                  std::string_view task, const git::Oid& tip);

/// Drops it wherever it is, where flow or a branch of that task has its commit; else that becomes
/// an attempt, whose ref is returned.
std::optional<std::string> release_done(const git::Repository& repository, std::string_view session,
                                        std::string_view task, const std::optional<git::Oid>& flow);
/// Releases those of tasks that the plan does not have, or records as failed or cancelled, or as
/// completed where flow has all that was done.
void release_settled(const git::Repository& repository, std::string_view session, const Plan& plan);

/// The same of what a task was red on.
TaskTips red_refs(const git::Repository& repository, std::string_view session);
std::optional<git::Oid> red_ref(const git::Repository& repository, std::string_view session,
                                std::string_view task);
void set_red(const git::Repository& repository, std::string_view session, std::string_view task,
             const git::Oid& commit);
std::optional<git::Oid> drop_red(const git::Repository& repository, std::string_view session,
                                 std::string_view task);

/// All of these refs that a session has.
std::vector<git::Ref> waiting_refs(const git::Repository& repository, std::string_view session);

}  // namespace gitplan
