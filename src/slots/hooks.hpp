// The hooks of a slot's life: wave-post-create, wave-pre-remove, wave-post-remove.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/process.hpp"
#include "slots/slot.hpp"

namespace gitplan::git {
class Config;
class Repository;
}  // namespace gitplan::git

namespace gitplan {

enum class Hooks { run, skip };

using Environment = std::vector<std::pair<std::string, std::string>>;

/// GIT_PLAN_SESSION, GIT_PLAN_BRANCH, GIT_TASK_ID, GIT_TASK_BRANCH, GIT_WAVE_WORKER,
/// GIT_WAVE_WORKTREE.
Environment hook_environment(const Slot& slot);

/// `git hook run --ignore-missing <name>` with the slot's folder as current one; nothing if there
/// is no such hook.
std::optional<git::Command> hook_command(const git::Repository& repository,
                                         const git::Config& config, std::string_view name,
                                         const Slot& slot);

/// Runs `git hook run --ignore-missing <name>` with the folder as current one (by descriptor). Its
/// output goes to standard error. Returns its exit status; 0 if there is no such hook (which costs
/// no process).
int run_hook(const git::Repository& repository, const git::Config& config, std::string_view name,
             const Slot& slot, int folder_fd);

}  // namespace gitplan
