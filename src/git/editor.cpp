#include "git/editor.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/error.hpp"
#include "base/file_mode.hpp"
#include "base/text.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

/// Ctrl-C in an editor is for the editor.
class IgnoreInterrupts {
 public:
  IgnoreInterrupts()
      : interrupt_(std::signal(SIGINT, SIG_IGN)), quit_(std::signal(SIGQUIT, SIG_IGN)) {}
  IgnoreInterrupts(const IgnoreInterrupts&) = delete;
  IgnoreInterrupts& operator=(const IgnoreInterrupts&) = delete;
  ~IgnoreInterrupts() {
    std::signal(SIGINT, interrupt_);
    std::signal(SIGQUIT, quit_);
  }

 private:
  using Handler = void (*)(int);
  Handler interrupt_;
  Handler quit_;
};

class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&files);
    sigset_t standard;
    sigemptyset(&standard);
    sigaddset(&standard, SIGINT);
    sigaddset(&standard, SIGQUIT);
    posix_spawnattr_setsigdefault(&attributes, &standard);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    if (::isatty(STDOUT_FILENO) == 0) {
      posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    }
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
  }

  posix_spawnattr_t attributes{};
  posix_spawn_file_actions_t files{};
};

}  // namespace

std::string editor_command(const Repository& repository) {
  Command command;
  command.arguments = {"--git-dir=" + repository.git_dir(), "var", "GIT_EDITOR"};
  const Outcome outcome = run_git(command);
  const std::string_view editor = text::trim(outcome.output);
  if (outcome.ok() && !editor.empty()) return std::string(editor);
  const std::string reason = first_error_line(outcome);
  throw Error(ErrorKind::fatal, fmt::format("no editor{}{}", reason.empty() ? "" : ": ", reason),
              Hint{"to use vi, run: git config --global core.editor vi"});
}

int run_editor(const std::string& command, const std::string& file) {
  std::string shell = "sh";
  std::string option = "-c";
  std::string script = command + " \"$@\"";
  std::string name = command;
  std::string path = file;
  const std::array<char*, 6> arguments{shell.data(), option.data(), script.data(),
                                       name.data(),  path.data(),   nullptr};
  std::fflush(stderr);
  const SpawnSettings settings;
  const IgnoreInterrupts ignore;
  const AsTheUser as_the_user;
  pid_t editor = 0;
  const int error = posix_spawn(&editor, "/bin/sh", &settings.files, &settings.attributes,
                                arguments.data(), environ);
  if (error != 0) {
    throw Error(ErrorKind::fatal, fmt::format("cannot run editor '{}': {}",
                                              text::printable(command), std::strerror(error)));
  }
  int status = 0;
  while (::waitpid(editor, &status, 0) < 0) {
    if (errno != EINTR) return 128;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace gitplan::git
