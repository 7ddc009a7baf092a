#include "chaos/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>

namespace chaos {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int cannot_start = 127;
constexpr int took_too_long = 124;
constexpr int signalled = 128;

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) {
    result.push_back(const_cast<char*>(word.c_str()));  // NOLINT: as execvpe wants it
  }
  result.push_back(nullptr);
  return result;
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

struct Pipes {
  Pipe output, errors;
};

/// A file in memory with this text, to be read from its beginning.
int file_with(const std::string& text) {
  const int fd = memfd_create("input", MFD_CLOEXEC);
  if (fd < 0 || write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      lseek(fd, 0, SEEK_SET) != 0) {
    throw std::runtime_error("no memory for what a command is to read");
  }
  return fd;
}

[[noreturn]] void become(const Command& command, int input, const Pipes& pipes) {
  setpgid(0, 0);
  dup2(input, STDIN_FILENO);
  dup2(pipes.output.write_end, STDOUT_FILENO);
  dup2(pipes.errors.write_end, STDERR_FILENO);
  const auto words = pointers(command.words);
  const auto environment = pointers(command.environment);
  if (chdir(command.folder.c_str()) == 0) {
    environ = const_cast<char**>(environment.data());  // NOLINT: whose PATH counts
    execvp(words.front(), words.data());
  }
  _exit(cannot_start);
}

/// Adds what can be read; false at the end.
bool read_more(int fd, std::string& text) {
  std::array<char, 65536> buffer{};
  const ssize_t n = read(fd, buffer.data(), buffer.size());
  if (n > 0) text.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && errno == EINTR);
}

/// Reads both streams to their ends; false if the time was over before.
bool read_all(Pipes& pipes, Ran& ran, Clock::time_point end) {
  std::array<pollfd, 2> ends{
      {{pipes.output.read_end, POLLIN, 0}, {pipes.errors.read_end, POLLIN, 0}}};
  std::array<std::string*, 2> texts{&ran.output, &ran.errors};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    if (poll(ends.data(), ends.size(), static_cast<int>(left)) <= 0) continue;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd >= 0 && ends[i].revents != 0 && !read_more(ends[i].fd, *texts[i])) {
        ends[i].fd = -1;
      }
    }
  }
  return true;
}

}  // namespace

Ran run(const Command& command) {
  Pipes pipes;
  const auto end = Clock::now() + std::chrono::seconds(command.seconds);
  const int input = file_with(command.input);
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("no process");
  if (pid == 0) become(command, input, pipes);
  close(input);
  Pipe::close_end(pipes.output.write_end);
  Pipe::close_end(pipes.errors.write_end);
  Ran ran;
  ran.too_long = !read_all(pipes, ran, end);
  if (ran.too_long) kill(-pid, SIGKILL);
  int status = 0;
  waitpid(pid, &status, 0);
  ran.signalled = WIFSIGNALED(status) && !ran.too_long;
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : signalled + WTERMSIG(status);
  if (ran.too_long) ran.status = took_too_long;
  return ran;
}

}  // namespace chaos
