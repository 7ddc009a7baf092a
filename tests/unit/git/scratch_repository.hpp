// A repository of its own for one test: a fresh temporary folder that is also HOME, real git, no
// GIT_* variables of the caller. Everything is put back and removed at the end.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern char** environ;

namespace gitplan::testing {

/// Sets environment variables and the current folder; puts both back when destroyed.
class Surroundings {
 public:
  Surroundings() : folder_(std::filesystem::current_path()) {}
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;
  ~Surroundings() {
    for (const auto& [name, value] : saved_) {
      if (value) {
        setenv(name.c_str(), value->c_str(), 1);
      } else {
        unsetenv(name.c_str());
      }
    }
    std::error_code ignored;
    std::filesystem::current_path(folder_, ignored);
  }

  void set(const std::string& name, const std::optional<std::string>& value) {
    const char* old = std::getenv(name.c_str());
    saved_.try_emplace(name, old != nullptr ? std::optional<std::string>(old) : std::nullopt);
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }
  void enter(const std::string& folder) { std::filesystem::current_path(folder); }

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::optional<std::string>> saved_;
};

struct Ran {
  int exit_status = 0;
  std::string output;  ///< standard output and standard error
};

/// Runs a program found on PATH; standard input is /dev/null.
inline Ran run_words(const std::vector<std::string>& words, const std::string& folder) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("pipe");
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    if (freopen("/dev/null", "r", stdin) == nullptr || chdir(folder.c_str()) != 0) _exit(126);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  Ran ran;
  std::array<char, 65536> buffer{};
  for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;) {
    ran.output.append(buffer.data(), static_cast<std::size_t>(n));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  ran.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

/// A temporary folder; HOME is its "home", where user.name and user.email are set. The current
/// folder becomes `folder()`, where git init was run (branch main, no commit yet).
class ScratchRepository {
 public:
  explicit ScratchRepository(const std::vector<std::string>& init_options = {}) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "git-plan-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
    root_ = std::filesystem::canonical(pattern).string();
    std::filesystem::create_directories(home());
    std::filesystem::create_directories(folder());
    clean_environment();
    write(home() + "/.gitconfig",
          "[user]\n\tname = Ada Lovelace\n\temail = ada@example.com\n"
          "[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n");
    std::vector<std::string> words{"init", "-q"};
    words.insert(words.end(), init_options.begin(), init_options.end());
    git(words);
    surroundings_.enter(folder());
  }
  ScratchRepository(const ScratchRepository&) = delete;
  ScratchRepository& operator=(const ScratchRepository&) = delete;
  ~ScratchRepository() {
    surroundings_.enter("/");
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] std::string home() const { return root_ + "/home"; }
  [[nodiscard]] std::string folder() const { return root_ + "/repo"; }  ///< top of the work tree
  [[nodiscard]] std::string git_dir() const {  ///< "<folder>/.git", or the folder itself if bare
    return std::filesystem::exists(folder() + "/.git") ? folder() + "/.git" : folder();
  }

  /// Environment variables for the rest of this test; nothing = unset.
  void set_environment(const std::string& name, const std::optional<std::string>& value) {
    surroundings_.set(name, value);
  }
  void enter(const std::string& folder) { surroundings_.enter(folder); }

  /// Runs git in `folder()`; the test fails if git does. The output without its last newline.
  std::string git(const std::vector<std::string>& words) const { return git_in(folder(), words); }
  static std::string git_in(const std::string& folder, std::vector<std::string> words) {
    Ran ran = try_git_in(folder, words);
    if (ran.exit_status != 0) {
      std::string line = "git";
      for (const std::string& word : words) line += " " + word;
      FAIL(line << " exits " << ran.exit_status << ": " << ran.output);
    }
    while (!ran.output.empty() && ran.output.back() == '\n') ran.output.pop_back();
    return ran.output;
  }
  Ran try_git(const std::vector<std::string>& words) const { return try_git_in(folder(), words); }
  static Ran try_git_in(const std::string& folder, const std::vector<std::string>& words) {
    std::vector<std::string> line{"git"};
    line.insert(line.end(), words.begin(), words.end());
    return run_words(line, folder);
  }

  /// git fsck --strict finds nothing wrong (an unborn HEAD is no fault).
  [[nodiscard]] bool is_sound() const {
    const Ran ran = try_git({"fsck", "--strict", "--no-dangling"});
    const bool complains = ran.output.find("error") != std::string::npos ||
                           ran.output.find("warning") != std::string::npos ||
                           ran.output.find("missing") != std::string::npos;
    if (ran.exit_status != 0 || complains) UNSCOPED_INFO("git fsck: " << ran.output);
    return ran.exit_status == 0 && !complains;
  }

  /// Writes a file (absolute, or relative to `folder()`), with its folders.
  void write(const std::string& path, std::string_view content) const {
    const std::filesystem::path full = std::filesystem::path(folder()) / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full, std::ios::binary) << content;
  }
  [[nodiscard]] std::string read(const std::string& path) const {
    std::ifstream file(std::filesystem::path(folder()) / path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
  }
  /// Writes, adds and commits one file on the branch that is checked out; the commit's id.
  std::string commit_file(const std::string& path, std::string_view content,
                          const std::string& message = "a commit") const {
    write(path, content);
    git({"add", "-f", "--", path});
    git({"commit", "-q", "-m", message});
    return git({"rev-parse", "HEAD"});
  }
  /// An executable hook in the hooks folder of the repository.
  void write_hook(const std::string& name, std::string_view script) const {
    const std::string path = git_dir() + "/hooks/" + name;
    write(path, script);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }

 private:
  void clean_environment() {
    std::vector<std::string> names;
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string_view text(*variable);
      if (text.starts_with("GIT_")) names.emplace_back(text.substr(0, text.find('=')));
    }
    for (const std::string& name : names) surroundings_.set(name, std::nullopt);
    for (const char* name : {"XDG_CONFIG_HOME", "EMAIL", "SUDO_UID", "VISUAL", "EDITOR"}) {
      surroundings_.set(name, std::nullopt);
    }
    surroundings_.set("HOME", home());
  }

  Surroundings surroundings_;
  std::string root_;
};

}  // namespace gitplan::testing
