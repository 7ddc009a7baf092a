// What stands for `{task}`, `{branch}` and the like in a worker's command.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace gitplan::commands {

/// What the placeholders of the same names stand for.
struct WorkerNames {
  std::string task;
  std::string branch;
  std::string worktree;
  std::string worker;
  std::string prompt_file;
};

/// The arguments with each placeholder replaced by its value. The command may be a shell, or run
/// one, that takes what it is given for a script: so a task or branch whose name is no plain word
/// ([A-Za-z0-9._/-]+) is refused wherever it would stand, and a path of this machine in the
/// arguments of a shell. Throws Error(wrong_state), which names the variable to use instead.
std::vector<std::string> fill_placeholders(std::span<const std::string> arguments,
                                           const WorkerNames& names);

}  // namespace gitplan::commands
