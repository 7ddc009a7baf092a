#include "git/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstring>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_mode.hpp"
#include "git/lock.hpp"
#include "git/progress.hpp"

namespace gitplan::git {
namespace {

[[noreturn]] void give_up(std::string_view what, int error) {
  throw Error(ErrorKind::fatal, fmt::format("{}: {}", what, std::strerror(error)));
}

// Descriptors 0 to 2 are left to the child's own, should ours be closed: dup2 onto itself would
// keep close-on-exec, and another pipe's end could be overwritten before it is used.
Fd above_standard(int fd, std::string_view what) {
  Fd owned(fd);
  if (fd < 0) give_up(what, errno);
  if (fd > STDERR_FILENO) return owned;
  Fd moved(fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!moved) give_up(what, errno);
  return moved;
}

struct Pipe {
  Fd read;
  Fd write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) give_up("pipe", errno);
  Fd first(ends[0]);
  Fd second(ends[1]);
  Pipe pipe;
  pipe.read = above_standard(first.release(), "pipe");
  pipe.write = above_standard(second.release(), "pipe");
  return pipe;
}

// Input stands in memory, not in a pipe: no SIGPIPE, and no deadlock whatever its size.
Fd open_input(std::string_view input) {
  if (input.empty()) return above_standard(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null");
  Fd file = above_standard(memfd_create("git-plan-input", MFD_CLOEXEC), "memfd_create");
  while (!input.empty()) {
    const ssize_t written = write(file.get(), input.data(), input.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) give_up("input of a program", errno);
    input.remove_prefix(static_cast<std::size_t>(written));
  }
  if (lseek(file.get(), 0, SEEK_SET) != 0) give_up("input of a program", errno);
  return file;
}

enum class Stage : int { folder, exec };

struct StartFailure {
  Stage stage = Stage::exec;
  int error = 0;
};

struct Start {
  const char* program = nullptr;
  char* const* arguments = nullptr;
  char* const* shell_arguments = nullptr;  ///< of "sh <program>", for scripts without a #! line
  char* const* environment = nullptr;
  const char* folder = nullptr;
  int folder_fd = -1;
  int input = -1;
  int output = -1;  ///< -1: our standard error
  int errors = -1;  ///< -1: ours
  int note = -1;
  mode_t umask = 0;
  int report = -1;
  bool own_session = false;
  sigset_t signals{};  ///< mask to restore
};

// From here to exec: async-signal-safe calls only.
[[noreturn]] void report_and_exit(const Start& start, Stage stage) {
  const StartFailure failure{stage, errno};
  const ssize_t ignored = write(start.report, &failure, sizeof failure);
  (void)ignored;
  _exit(127);
}

// Signals start afresh, but for the three that a caller ignores on purpose (nohup, `cmd &`).
void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) != 0) continue;
    const bool may_stay_ignored = signal == SIGHUP || signal == SIGINT || signal == SIGQUIT;
    const bool ignored = (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN;
    if (ignored && may_stay_ignored) continue;
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    sigaction(signal, &standard, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void note_start(int note_fd) {
  if (has_live_notes()) note_this_process();
  if (note_fd < 0) return;
  const int stat = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  std::array<char, 1024> line{};
  const ssize_t length = read(stat, line.data(), line.size());
  if (length > 0) {
    const ssize_t ignored = write(note_fd, line.data(), static_cast<std::size_t>(length));
    (void)ignored;
  }
  close(stat);
  fcntl(note_fd, F_SETFD, 0);  // whoever finds the file locked knows that the program lives
}

[[noreturn]] void become(const Start& start) {
  reset_signals();
  umask(start.umask);
  if (start.own_session) {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
  }
  note_start(start.note);
  dup2(start.input, STDIN_FILENO);
  if (start.errors >= 0) dup2(start.errors, STDERR_FILENO);
  dup2(start.output >= 0 ? start.output : STDERR_FILENO, STDOUT_FILENO);
  if (start.folder_fd >= 0 ? fchdir(start.folder_fd) != 0
                           : *start.folder != '\0' && chdir(start.folder) != 0) {
    report_and_exit(start, Stage::folder);
  }
  execve(start.program, start.arguments, start.environment);
  if (errno == ENOEXEC) execve("/bin/sh", start.shell_arguments, start.environment);
  report_and_exit(start, Stage::exec);
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

// An inherited "ignore" would have the kernel reap our children, and their exit status with them.
void want_child_status() {
  struct sigaction action {};
  if (sigaction(SIGCHLD, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
    std::signal(SIGCHLD, SIG_DFL);
  }
}

pid_t fork_and_exec(Start& start) {
  want_child_status();
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &start.signals);
  const pid_t pid = fork();
  if (pid == 0) become(start);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &start.signals, nullptr);
  if (pid < 0) give_up("fork", error);
  return pid;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) give_up("waitpid", errno);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

enum class Drained { open, ended };

// Reads what is there, at most one buffer.
Drained read_some(int fd, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t length = read(fd, buffer.data(), buffer.size());
  if (length > 0) text.append(buffer.data(), static_cast<std::size_t>(length));
  const bool again = length < 0 && (errno == EINTR || errno == EAGAIN);
  return length > 0 || again ? Drained::open : Drained::ended;
}

// How long nothing may come before a program is ended.
class Patience {
 public:
  explicit Patience(const std::optional<std::chrono::milliseconds>& patience)
      : patience_(patience) {
    renew();
  }
  void renew() {
    if (patience_) deadline_ = std::chrono::steady_clock::now() + *patience_;
  }
  // For poll; -1: for ever.
  [[nodiscard]] int left() const {
    if (!patience_) return -1;
    const auto left = deadline_ - std::chrono::steady_clock::now();
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<decltype(milliseconds)>(milliseconds, 0, INT_MAX));
  }

 private:
  std::optional<std::chrono::milliseconds> patience_;
  std::chrono::steady_clock::time_point deadline_;
};

int poll_again(std::array<pollfd, 3>& polled, int limit) {
  const int ready = poll(polled.data(), polled.size(), limit);
  if (ready < 0 && errno != EINTR) give_up("poll", errno);
  return ready;
}

// The program leads a session: its group is all that it started and that did not leave it. What
// ends in time removes its locks and half-written packs.
void end_group(pid_t pid, const Fd& child) {
  constexpr int grace = 2000;
  kill(-pid, SIGTERM);
  pollfd polled{child.get(), POLLIN, 0};
  if (child) poll(&polled, 1, grace);
  kill(-pid, SIGKILL);
}

enum class Pumped { ended, impatient };

// The first and the last of it: a host may talk for ever.
void leave_out_middle(std::string& text) {
  constexpr std::size_t kept = std::size_t{256} << 10U;
  if (text.size() > 4 * kept) text.erase(kept, text.size() - 2 * kept);
}

// True: what came, with the start of its line, tells that the program is at work.
bool read_errors(const Child& child, Fd& errors, std::string& text) {
  const std::size_t before = text.size();
  if (read_some(errors.get(), text) == Drained::ended) errors.reset();
  if (!child.patience) return true;
  const auto line = before == 0 ? std::string::npos : text.rfind('\n', before - 1);
  const bool is_alive =
      says_progress(std::string_view(text).substr(line == std::string::npos ? 0 : line + 1));
  leave_out_middle(text);
  return is_alive;
}

// Reads both pipes to their end, or what they hold when the child has ended: a process that it left
// in the background may keep them open, and write to them, for ever.
Pumped pump(const Child& program, const Fd& child, Fd& output, Fd& errors, ChildResult& result) {
  Patience patience(program.patience);
  std::array<pollfd, 3> polled{};
  while (output || errors) {
    polled[0] = {output.get(), POLLIN, 0};
    polled[1] = {errors.get(), POLLIN, 0};
    polled[2] = {child.get(), POLLIN, 0};
    const int ready = poll_again(polled, patience.left());
    if (ready == 0) return Pumped::impatient;
    if (ready < 0) continue;
    if (polled[2].revents != 0) {
      append_pipe_content(output.get(), result.output);
      append_pipe_content(errors.get(), result.errors);
      return Pumped::ended;
    }
    bool is_alive = polled[0].revents != 0;
    if (is_alive && read_some(output.get(), result.output) == Drained::ended) output.reset();
    if (polled[1].revents != 0 && read_errors(program, errors, result.errors)) is_alive = true;
    if (is_alive) patience.renew();
  }
  return Pumped::ended;
}

// A program that closed both pipes may still wait for ever.
Pumped await_end(const Fd& child, const Patience& patience) {
  if (!child || patience.left() < 0) return Pumped::ended;
  std::array<pollfd, 3> polled{pollfd{child.get(), POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}};
  int ready = -1;
  while (ready < 0) ready = poll_again(polled, patience.left());
  return ready == 0 ? Pumped::impatient : Pumped::ended;
}

void check_started(const Fd& report, const Child& child) {
  StartFailure failure;
  ssize_t length = 0;
  do {
    length = read(report.get(), &failure, sizeof failure);
  } while (length < 0 && errno == EINTR);
  if (length != static_cast<ssize_t>(sizeof failure)) return;
  const std::string folder =
      child.folder_fd >= 0 ? "its folder" : fmt::format("'{}'", child.folder);
  give_up(failure.stage == Stage::folder ? folder : fmt::format("'{}'", child.program),
          failure.error);
}

}  // namespace

ChildResult run_child(const Child& child) {
  const std::vector<char*> arguments = pointers(child.arguments);
  const std::vector<char*> environment = pointers(child.environment);
  std::vector<char*> shell_arguments = arguments;
  shell_arguments[0] = const_cast<char*>(child.program.c_str());
  shell_arguments.insert(shell_arguments.begin(), const_cast<char*>("sh"));

  const Fd input = open_input(child.input);
  Pipe output = child.capture_output ? make_pipe() : Pipe{};
  Pipe errors = child.capture_errors ? make_pipe() : Pipe{};
  Pipe report = make_pipe();
  Start start;
  start.program = child.program.c_str();
  start.arguments = arguments.data();
  start.shell_arguments = shell_arguments.data();
  start.environment = environment.data();
  start.folder = child.folder.c_str();
  start.folder_fd = child.folder_fd;
  start.input = input.get();
  start.output = output.write.get();
  start.errors = errors.write.get();
  start.note = child.note_fd;
  start.own_session = child.patience.has_value();
  start.umask = users_umask();
  start.report = report.write.get();

  const pid_t pid = fork_and_exec(start);
  output.write.reset();
  errors.write.reset();
  report.write.reset();
  ChildResult result;
  const Fd handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0U)));
  result.was_ended = pump(child, handle, output.read, errors.read, result) == Pumped::impatient ||
                     await_end(handle, Patience(child.patience)) == Pumped::impatient;
  if (result.was_ended) end_group(pid, handle);
  result.exit_status = wait_for(pid);
  if (result.exit_status == 127) check_started(report.read, child);
  return result;
}

}  // namespace gitplan::git
