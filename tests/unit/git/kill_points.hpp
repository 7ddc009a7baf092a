// Runs a function in a process and kills it, with every program that it started, at a chosen change
// to a file.
#pragma once

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>

namespace gitplan::testing {

/// Counts the system calls that change files, in a process and its descendants.
class KillPoint {
 public:
  /// Kills all before the `point`-th such call (from 1).
  explicit KillPoint(int point) : point_(point) {}

  /// True if it was killed; false if it came to its end first.
  bool strikes(const std::function<int()>& work) {
    start(work);
    while (!tracees_.empty()) {
      int status = 0;
      const pid_t pid = waitpid(-1, &status, __WALL);
      if (pid < 0) break;
      if (WIFSTOPPED(status)) {
        stopped(pid, status);
      } else {
        tracees_.erase(pid);
      }
    }
    return struck_;
  }

  [[nodiscard]] int calls() const { return calls_; }

 private:
  static constexpr int kSyscallStop = SIGTRAP | 0x80;

  void start(const std::function<int()>& work) {
    const pid_t pid = fork();
    if (pid == 0) {
      ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      raise(SIGSTOP);
      int status = 99;
      try {
        status = work();
      } catch (...) {
        status = 98;
      }
      _exit(status);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    const std::uintptr_t options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
                                   PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                                   PTRACE_O_EXITKILL;
    if (!WIFSTOPPED(status) || ptrace(PTRACE_SETOPTIONS, pid, nullptr, options) != 0) {
      throw std::runtime_error("ptrace is not allowed here");
    }
    tracees_.insert(pid);
    go_on(pid, 0);
  }

  static void go_on(pid_t pid, int signal) {
    ptrace(PTRACE_SYSCALL, pid, nullptr, static_cast<std::uintptr_t>(signal));
  }

  void stopped(pid_t pid, int status) {
    const bool is_new = tracees_.insert(pid).second;
    const int signal = WSTOPSIG(status);
    if (signal == kSyscallStop) {
      if (enters_a_change(pid) && ++calls_ == point_) {
        strike();
        return;
      }
      go_on(pid, 0);
    } else if (signal == SIGTRAP || (is_new && signal == SIGSTOP) || (status >> 16) != 0) {
      go_on(pid, 0);
    } else {
      go_on(pid, signal == SIGSTOP ? 0 : signal);
    }
  }

  void strike() {
    struck_ = true;
    for (const pid_t pid : tracees_) kill(pid, SIGKILL);
  }

  static bool enters_a_change(pid_t pid) {
    __ptrace_syscall_info info{};
    ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
    switch (info.entry.nr) {
      case SYS_write:
      case SYS_pwrite64:
        return is_regular(pid, info.entry.args[0]);
      case SYS_openat:
        return (info.entry.args[2] & (O_CREAT | O_TRUNC)) != 0;
      case SYS_unlinkat:
      case SYS_renameat:
      case SYS_renameat2:
      case SYS_mkdirat:
      case SYS_symlinkat:
      case SYS_linkat:
      case SYS_ftruncate:
      case SYS_fchmod:
#ifdef SYS_rename
      case SYS_unlink:
      case SYS_rename:
      case SYS_mkdir:
      case SYS_rmdir:
      case SYS_symlink:
      case SYS_link:
      case SYS_chmod:
#endif
        return true;
      default:
        return false;
    }
  }

  static bool is_regular(pid_t pid, std::uint64_t fd) {
    const std::string path = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd);
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  }

  int point_;
  int calls_ = 0;
  bool struck_ = false;
  std::set<pid_t> tracees_;
};

}  // namespace gitplan::testing
