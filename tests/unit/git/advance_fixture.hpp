// A checkout of branch "flow" with local work of every kind in it, and a commit that flow shall
// move to.
#pragma once

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan::testing {

/// The lines that only one of two texts has; empty if they are equal.
inline std::string difference(const std::string& before, const std::string& after) {
  const auto lines = [](const std::string& text) {
    std::multiset<std::string> result;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) result.insert(line.substr(0, 200));
    return result;
  };
  const auto first = lines(before);
  const auto second = lines(after);
  std::vector<std::string> only;
  std::ranges::set_symmetric_difference(first, second, std::back_inserter(only));
  std::string text = before != after && only.empty() ? "another order\n" : "";
  for (const std::string& line : only) text += (first.contains(line) ? "-" : "+") + line + "\n";
  return text;
}

/// A folder for as long as the test program runs.
class KeptFolder {
 public:
  KeptFolder() {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp " + path_);
  }
  KeptFolder(const KeptFolder&) = delete;
  KeptFolder& operator=(const KeptFolder&) = delete;
  ~KeptFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "git-plan-test-XXXXXX").string();
};

class FlowCheckout {
 public:
  FlowCheckout() {
    // Made once, then copied: it takes two dozen runs of git.
    static KeptFolder made;
    static const std::string copy = made.path() + "/repo";
    if (!std::filesystem::exists(copy)) {
      make();
      copy_folder(scratch.folder(), copy);
    } else {
      scratch.enter("/");
      std::filesystem::remove_all(scratch.folder());
      copy_folder(copy, scratch.folder());
      scratch.enter(scratch.folder());
    }
    const std::string tips = scratch.git({"rev-parse", "flow", "next"});
    before = *git::Oid::parse(tips.substr(0, 40));
    after = *git::Oid::parse(tips.substr(41));
  }

  [[nodiscard]] git::Oid tip() const {
    return *git::Oid::parse(scratch.git({"rev-parse", "flow"}));
  }

  [[nodiscard]] git::FlowResult advance() const {
    return git::advance_branch(git::Repository::open(scratch.git_dir()), "refs/heads/flow", before,
                               after, "plan: complete 001");
  }

  /// All that a user sees, byte for byte: status, index, stashes, every file with its kind and
  /// mode.
  [[nodiscard]] std::string looks() const {
    std::string text = scratch.git({"status", "--porcelain=v2", "--branch", "--ignored", "-uall"}) +
                       scratch.git({"ls-files", "-s", "-t"}) + scratch.read(".git/logs/refs/stash");
    std::vector<std::string> files;
    for (auto entry = std::filesystem::recursive_directory_iterator(scratch.folder());
         entry != std::filesystem::recursive_directory_iterator(); ++entry) {
      if (entry->path().filename() == ".git") {
        entry.disable_recursion_pending();
        continue;
      }
      files.push_back(describe(entry->path().string()));
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) text += file;
    return text;
  }

  /// Lock files and the like that stand in the git folder.
  [[nodiscard]] std::vector<std::string> leftovers() const {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.git_dir())) {
      const std::string path = entry.path().string();
      const bool ours = path.find("/git-plan/") != std::string::npos;
      const std::string name = entry.path().filename().string();
      const bool left =
          ours ? name == "checkout-journal" || name.starts_with("tmp-") : path.ends_with(".lock");
      if (left) paths.push_back(path);
    }
    return paths;
  }

  ScratchRepository scratch;
  git::Oid before;
  git::Oid after;

 private:
  static void copy_folder(const std::string& from, const std::string& to) {
    std::filesystem::copy(
        from, to,
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  }

  void make() {
    scratch.git({"checkout", "-q", "-b", "flow"});
    scratch.write(".gitignore", "*.ignored\n/logs/\n");
    scratch.write(".gitattributes", "*.upper filter=upper\n");
    scratch.git({"config", "filter.upper.smudge", "tr a-z A-Z"});
    scratch.git({"config", "filter.upper.clean", "tr A-Z a-z"});
    for (const char* path : {"changed", "gone", "folder/only", "becomes-folder", "was-folder/a",
                             "was-folder/b", "tool", "user-edits", "user-stages", "a b\nc"}) {
      scratch.write(path, std::string("old ") + path + "\n");
    }
    scratch.write("filtered.upper", "shout old\n");
    std::filesystem::create_symlink("changed", scratch.folder() + "/link");
    scratch.git({"add", "."});
    scratch.git({"commit", "-q", "-m", "old"});
    make_new_commit();
    make_local_work();
  }

  [[nodiscard]] std::string describe(const std::string& path) const {
    struct stat status {};
    lstat(path.c_str(), &status);
    std::string text = path + " " + std::to_string(status.st_mode) + " ";
    if (S_ISLNK(status.st_mode)) text += std::filesystem::read_symlink(path).string();
    if (S_ISREG(status.st_mode)) text += scratch.read(path);
    return text + "\n";
  }

  void make_new_commit() {
    scratch.git({"checkout", "-q", "--detach"});
    scratch.write("changed", "new " + std::string(100000, 'n'));
    scratch.git(
        {"rm", "-q", "gone", "folder/only", "becomes-folder", "was-folder/a", "was-folder/b"});
    scratch.write("becomes-folder/x", "inside\n");
    scratch.write("was-folder", "a file now\n");
    scratch.write("added/deep/file", std::string(70000, 'a'));
    scratch.write("added/empty", "");
    scratch.write("a b\nc", "new name\n");
    scratch.write("filtered.upper", "SHOUT NEW\n");
    scratch.write("added.lower", "QUIET\n");
    scratch.write(".gitattributes", "*.upper filter=upper\n*.lower filter=upper\n");
    std::filesystem::permissions(scratch.folder() + "/tool", std::filesystem::perms::owner_all);
    std::filesystem::remove(scratch.folder() + "/link");
    std::filesystem::create_symlink("added/empty", scratch.folder() + "/link");
    scratch.git({"add", "-A", "."});
    scratch.git({"commit", "-q", "-m", "new"});
    scratch.git({"branch", "next"});
    scratch.git({"checkout", "-q", "flow"});
  }

  void make_local_work() {
    scratch.write("user-stages", "stashed\n");
    scratch.git({"stash", "-q"});
    scratch.write("user-stages", "staged\n");
    scratch.write("user-adds", "staged too\n");
    scratch.git({"add", "user-stages", "user-adds"});
    scratch.write("user-stages", "and changed\n");
    scratch.write("user-edits", "edited\n");
    scratch.write("untracked", "u\n");
    scratch.write("x.ignored", "i\n");
    std::filesystem::create_directories(scratch.folder() + "/empty-folder");
  }
};

}  // namespace gitplan::testing
