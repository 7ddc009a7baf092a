#include "kill_at_tracer.hpp"

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <set>

#include "kill_at_filter.hpp"

namespace kill_at {
namespace {

constexpr unsigned long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK |
                                  PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

[[noreturn]] void cannot(const std::string& what, CannotTrace::Why why) {
  throw CannotTrace{why, what + ": " + std::strerror(errno)};
}

/// The child waits until it is traced, then becomes the command. What goes wrong it says in
/// `failure`.
[[noreturn]] void become_command(const Request& request, int go, int failure) {
  char byte = 0;
  if (read(go, &byte, 1) == 1) {
    if (!install_filter()) {
      byte = 's';
    } else {
      execvp(request.command.front(), request.command.data());
      byte = 'x';
    }
    const int error = errno;
    (void)!write(failure, &byte, 1);
    (void)!write(failure, &error, sizeof error);
  }
  _exit(127);
}

class Tracer {
 public:
  Tracer(const Request& request, const std::function<void(const Outcome&)>& report)
      : request_(request), report_(report) {}

  void run() {
    start();
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, __WALL)) > 0;) {
      if (WIFSTOPPED(status)) {
        stopped(pid, status);
      } else {
        ended(pid, status);
      }
    }
    tell();
  }

 private:
  void start();
  void check_start();
  void stopped(pid_t pid, int status);
  void ended(pid_t pid, int status);
  void seccomp_stop(pid_t pid);
  void kill_now(pid_t pid);
  void refuse_space(pid_t pid);
  void tell();
  static void go_on(pid_t pid, int signal = 0) { ptrace(PTRACE_CONT, pid, nullptr, signal); }

  const Request& request_;
  const std::function<void(const Outcome&)>& report_;
  Outcome outcome_;
  bool told_ = false;
  pid_t root_ = 0;
  int failure_ = -1;
  std::set<pid_t> alive_;
};

void Tracer::start() {
  int go[2];
  int failure[2];
  if (pipe2(go, O_CLOEXEC) != 0 || pipe2(failure, O_CLOEXEC) != 0) {
    cannot("pipe", CannotTrace::Why::system);
  }
  root_ = fork();
  if (root_ < 0) {
    cannot("fork", CannotTrace::Why::system);
  }
  if (root_ == 0) {
    close(go[1]);
    become_command(request_, go[0], failure[1]);
  }
  close(go[0]);
  close(failure[1]);
  failure_ = failure[0];
  alive_.insert(root_);
  if (ptrace(PTRACE_SEIZE, root_, nullptr, options) != 0) {
    const int error = errno;
    kill(root_, SIGKILL);
    waitpid(root_, nullptr, 0);
    errno = error;
    cannot("ptrace is not permitted here", CannotTrace::Why::not_permitted);
  }
  const ssize_t n = write(go[1], "g", 1);
  close(go[1]);
  if (n != 1) {
    cannot("write", CannotTrace::Why::system);
  }
}

/// Called when the root has become the command, or ended before it did.
void Tracer::check_start() {
  char stage = 0;
  const ssize_t n = read(failure_, &stage, 1);
  if (n == 1 && read(failure_, &errno, sizeof errno) == static_cast<ssize_t>(sizeof errno)) {
    if (stage == 's') {
      cannot("a seccomp filter is not permitted here", CannotTrace::Why::not_permitted);
    }
    cannot("cannot run '" + std::string(request_.command.front()) + "'",
           CannotTrace::Why::no_command);
  }
  close(failure_);
  failure_ = -1;
}

void Tracer::stopped(pid_t pid, int status) {
  alive_.insert(pid);
  const int signal = WSTOPSIG(status);
  switch (status >> 16) {
    case PTRACE_EVENT_SECCOMP:
      seccomp_stop(pid);
      return;
    case PTRACE_EVENT_STOP:
      // The stop of a new child, or a stop of the job as by SIGSTOP, which must last.
      if (signal == SIGTRAP) {
        go_on(pid);
      } else {
        ptrace(PTRACE_LISTEN, pid, nullptr, 0);
      }
      return;
    case PTRACE_EVENT_EXEC:
      if (pid == root_ && failure_ >= 0) {
        check_start();
      }
      go_on(pid);
      return;
    case 0:
      go_on(pid, signal);
      return;
    default:
      go_on(pid);
  }
}

void Tracer::ended(pid_t pid, int status) {
  alive_.erase(pid);
  if (pid != root_) {
    return;
  }
  if (failure_ >= 0) {
    check_start();
  }
  outcome_.root_status = status;
  // What lives on after a kill is let go its way; without one, the run is over when all of it is.
  if (outcome_.killed && request_.victims == Victims::root_only && !request_.settle) {
    tell();
  }
}

void Tracer::seccomp_stop(pid_t pid) {
  __ptrace_syscall_info info{};
  if (!outcome_.killed && ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0 &&
      info.op == PTRACE_SYSCALL_INFO_SECCOMP) {
    if (auto change = describe_change(pid, info)) {
      ++outcome_.changes;
      outcome_.last_call = std::move(change->text);
      if (request_.victims != Victims::nobody && outcome_.changes == request_.at) {
        kill_now(pid);
        return;
      }
    }
  } else if (outcome_.killed && request_.victims == Victims::no_space) {
    refuse_space(pid);
  }
  if (outcome_.killed && request_.victims == Victims::whole_tree) {
    kill(pid, SIGKILL);
    return;
  }
  go_on(pid);
}

void Tracer::refuse_space(pid_t pid) {
  __ptrace_syscall_info info{};
  if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0) return;
  const auto change = describe_change(pid, info);
  if (change && change->needs_space) fail_call(pid, ENOSPC);
}

void Tracer::kill_now(pid_t pid) {
  outcome_.killed = true;
  if (request_.victims == Victims::no_space) {
    refuse_space(pid);
    go_on(pid);
    return;
  }
  if (request_.victims == Victims::root_only) {
    kill(root_, SIGKILL);
    // The call may be of another process, which then makes it.
    go_on(pid);
    return;
  }
  for (const pid_t each : alive_) {
    kill(each, SIGKILL);
  }
}

void Tracer::tell() {
  if (!told_) {
    told_ = true;
    report_(outcome_);
  }
}

}  // namespace

void trace(const Request& request, const std::function<void(const Outcome&)>& report) {
  Tracer(request, report).run();
}

}  // namespace kill_at
