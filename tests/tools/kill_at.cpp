// kill_at [--whole-tree|--root-only] [--settle] N -- COMMAND ARG…
// kill_at --disk-full N -- COMMAND ARG…
// kill_at --count -- COMMAND ARG…
//
// Runs a command and kills it before its Nth change to the file system, counted over all processes
// that come of it: --whole-tree (the default) kills them all at once, as a power cut does;
// --root-only kills the command itself and lets the others live on (--settle waits for them). What
// was not let happen is told on stderr. --disk-full kills nobody: from that change on, all that
// needs space fails with ENOSPC, for all processes. --count runs to the end and prints on stdout
// how many changes there were (the command's own stdout then goes to stderr).
//
// Exits 99 if it killed; 0 if the command made fewer changes and exited 0; 98 if it ended otherwise
// by itself (--disk-full: 99 whatever it exits with, which stderr tells); 77 if this machine does
// not permit ptrace; 127 if there is no such command; 64 for wrong usage.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "kill_at_tracer.hpp"

namespace {

using kill_at::Outcome;
using kill_at::Request;
using kill_at::Victims;

enum ExitStatus {
  ran_to_end = 0,
  bad_usage = 64,
  not_permitted = 77,
  failed_by_itself = 98,
  killed = 99,
  no_command = 127
};

[[noreturn]] void usage() {
  std::fputs(
      "usage: kill_at [--whole-tree|--root-only] [--settle] <n> -- <command> <arg>...\n"
      "   or: kill_at --disk-full <n> -- <command> <arg>...\n"
      "   or: kill_at --count -- <command> <arg>...\n",
      stderr);
  std::exit(bad_usage);
}

Request parse(char** words) {
  Request request;
  request.victims = Victims::whole_tree;
  for (++words; *words != nullptr && std::strcmp(*words, "--") != 0; ++words) {
    const std::string_view word = *words;
    char* end = nullptr;
    if (word == "--whole-tree") {
      request.victims = Victims::whole_tree;
    } else if (word == "--root-only") {
      request.victims = Victims::root_only;
    } else if (word == "--disk-full") {
      request.victims = Victims::no_space;
    } else if (word == "--count") {
      request.victims = Victims::nobody;
    } else if (word == "--settle") {
      request.settle = true;
    } else if (request.at = std::strtol(*words, &end, 10); *end != '\0' || request.at < 1) {
      usage();
    }
  }
  if (*words == nullptr || words[1] == nullptr ||
      (request.victims == Victims::nobody) != (request.at == 0)) {
    usage();
  }
  for (++words; *words != nullptr; ++words) {
    request.command.push_back(*words);
  }
  request.command.push_back(nullptr);
  return request;
}

/// As a shell gives it.
int exit_status(int wait_status) {
  constexpr int signalled = 128;
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : signalled + WTERMSIG(wait_status);
}

ExitStatus judge(const Request& request, const Outcome& outcome, int real_stdout) {
  if (outcome.killed && request.victims == Victims::no_space) {
    std::fprintf(stderr, "kill_at: disk full before change %ld: %s; exit %d\n", request.at,
                 outcome.last_call.c_str(), exit_status(outcome.root_status));
    return killed;
  }
  if (outcome.killed) {
    std::fprintf(stderr, "kill_at: killed before change %ld: %s\n", outcome.changes,
                 outcome.last_call.c_str());
    return killed;
  }
  if (request.victims == Victims::nobody) {
    dprintf(real_stdout, "%ld\n", outcome.changes);
  }
  if (outcome.root_status == 0) {
    return ran_to_end;
  }
  std::fprintf(stderr, "kill_at: the command ended by itself, with wait status 0x%x\n",
               static_cast<unsigned>(outcome.root_status));
  return failed_by_itself;
}

/// Only the tracer can let survivors make system calls, so it stays behind as long as there are
/// any.
[[noreturn]] void trace_behind(const Request& request, int answer) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The orphans of those killed are reaped here, whatever the machine's first process does.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const int real_stdout = dup(STDOUT_FILENO);
  if (request.victims == Victims::nobody) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  try {
    kill_at::trace(request, [&](const Outcome& outcome) {
      const auto status = static_cast<unsigned char>(judge(request, outcome, real_stdout));
      prctl(PR_SET_PDEATHSIG, 0);
      (void)!write(answer, &status, 1);
    });
  } catch (const kill_at::CannotTrace& problem) {
    std::fprintf(stderr, "kill_at: %s\n", problem.message.c_str());
    switch (problem.why) {
      case kill_at::CannotTrace::Why::not_permitted:
        _exit(not_permitted);
      case kill_at::CannotTrace::Why::no_command:
        _exit(no_command);
      case kill_at::CannotTrace::Why::system:
        _exit(EXIT_FAILURE);
    }
  }
  _exit(ran_to_end);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    usage();
  }
  const Request request = parse(argv);
  int answer[2];
  if (pipe2(answer, O_CLOEXEC) != 0) {
    std::perror("kill_at: pipe");
    return EXIT_FAILURE;
  }
  const pid_t tracer = fork();
  if (tracer < 0) {
    std::perror("kill_at: fork");
    return EXIT_FAILURE;
  }
  if (tracer == 0) {
    close(answer[0]);
    trace_behind(request, answer[1]);
  }
  close(answer[1]);
  unsigned char status = 0;
  const bool answered = read(answer[0], &status, 1) == 1;
  if (answered && status == killed && request.victims == Victims::root_only && !request.settle) {
    return status;  // the tracer stays behind
  }
  int tracer_status = 0;
  waitpid(tracer, &tracer_status, 0);
  if (answered) {
    return status;
  }
  return WIFEXITED(tracer_status) ? WEXITSTATUS(tracer_status) : EXIT_FAILURE;
}
