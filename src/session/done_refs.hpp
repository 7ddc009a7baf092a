// Tasks that are done: their workers ended well, and nobody has merged them yet. A ref says so, and
// another what a task was red on. They are named by the task's number and have no log.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

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

/// The same of what a task was red on.
TaskTips red_refs(const git::Repository& repository, std::string_view session);
std::optional<git::Oid> red_ref(const git::Repository& repository, std::string_view session,
                                std::string_view task);
void set_red(const git::Repository& repository, std::string_view session, std::string_view task,
             const git::Oid& commit);
std::optional<git::Oid> drop_red(const git::Repository& repository, std::string_view session,
                                 std::string_view task);

}  // namespace gitplan
