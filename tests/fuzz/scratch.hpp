// A folder of a target's own, with HOME in it and none of the caller's git variables. Below
// $TMPDIR, which tests/fuzz/run makes, in memory where it can, and removes.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "git/process.hpp"

namespace gitplan::fuzz {

class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fuzz-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = std::filesystem::canonical(pattern).string();
    std::filesystem::create_directories(folder_ + "/home");
    setenv("HOME", (folder_ + "/home").c_str(), 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CEILING_DIRECTORIES", folder_.c_str(), 1);
    for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "XDG_CONFIG_HOME"}) {
      unsetenv(name);
    }
    write("home/.gitconfig",
          "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
          "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string path(std::string_view name) const {
    return folder_ + "/" + std::string(name);
  }

  /// Writes a file, with its folders; in place, so that this is quick.
  void write(std::string_view name, std::string_view content) const {
    const std::filesystem::path file = path(name);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }

  /// Runs git in a folder of it ("." for itself).
  [[nodiscard]] git::Outcome git(std::string_view folder, std::vector<std::string> words) const {
    git::Command command;
    command.arguments = {"-C", path(folder)};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    return git::run_git(command);
  }

  /// A repository with one empty commit, in a folder of this name.
  void make_repository(std::string_view name) const {
    const std::string where(name);
    if (!git(".", {"init", "-q", where}).ok() ||
        !git(where, {"commit", "-q", "--allow-empty", "-m", "start"}).ok()) {
      std::abort();
    }
  }

 private:
  std::string folder_;
};

}  // namespace gitplan::fuzz
