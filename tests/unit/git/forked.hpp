// Processes of a test's own: each runs a function and tells by its exit status how it went.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace gitplan::testing {

/// Starts `work` in a child; an exception there is exit status 99.
inline pid_t fork_process(const std::function<int()>& work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);  // until the test program's own handlers are gone
  const pid_t child = fork();
  if (child == 0) {
    for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGABRT}) std::signal(each, SIG_DFL);
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child != 0) return child;
  int status = 99;
  try {
    status = work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
  }
  _exit(status);
}

/// Its exit status; 128 + signal if killed.
inline int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Runs `work(0)` to `work(count - 1)` in processes of their own, at the same time; their exit
/// statuses.
inline std::vector<int> fork_all(int count, const std::function<int(int)>& work) {
  std::vector<pid_t> children;
  for (int i = 0; i < count; ++i) {
    children.push_back(fork_process([&] { return work(i); }));
  }
  std::vector<int> statuses;
  for (const pid_t child : children) statuses.push_back(wait_for(child));
  return statuses;
}

/// Waits up to 10 s until `holds` is true.
inline bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return holds();
}

}  // namespace gitplan::testing
