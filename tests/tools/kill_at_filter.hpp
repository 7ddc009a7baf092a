// Which system calls change the file system, told twice: as a seccomp filter that stops only those
// that may, and as a judgement of one that has stopped.
#pragma once

#include <sys/ptrace.h>
#include <sys/types.h>

#include <optional>
#include <string>

namespace kill_at {

/// Makes the kernel stop this process and all that come of it before each system call that may
/// change the file system. Needs no privilege. False with errno set if the kernel will not.
bool install_filter();

/// A call that a stopped process is about to make.
struct Change {
  std::string text;  ///< such as "rename(.git/HEAD.lock, .git/HEAD)"
  bool needs_space;  ///< it writes or makes something: not on a full disk
};

/// Nothing if the call changes no file after all (a write to a pipe, an open that neither creates
/// nor truncates).
std::optional<Change> describe_change(pid_t pid, const __ptrace_syscall_info& info);

/// Has the call that the process is about to make fail with this error instead.
void fail_call(pid_t pid, int error);

}  // namespace kill_at
