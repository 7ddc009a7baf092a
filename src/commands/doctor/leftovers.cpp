#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <set>
#include <thread>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"

namespace gitplan::commands {
namespace {

namespace fs = std::filesystem;

bool is_lock(const fs::path& path) { return path.extension() == ".lock"; }

void add_locks(const fs::path& folder, bool deep, std::set<std::string>& locks) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::error_code ignored;
    if (is_lock(entry.path()) && entry.is_regular_file(ignored)) {
      locks.insert(entry.path().string());
    } else if (deep && entry.is_directory(ignored) && !entry.is_symlink(ignored)) {
      add_locks(entry.path(), true, locks);
    }
  }
}

/// Lock files of git's in the common folder. Our own below git-plan/ are flocked, and always there.
std::set<std::string> locks_in(const std::string& common) {
  std::set<std::string> locks;
  add_locks(common, false, locks);
  add_locks(common + "/refs", true, locks);
  add_locks(common + "/objects", false, locks);
  add_locks(common + "/objects/info", true, locks);
  add_locks(common + "/worktrees", true, locks);
  return locks;
}

/// Those that stay: git holds most for milliseconds.
std::set<std::string> lasting_locks(const std::string& common) {
  auto first = locks_in(common);
  if (first.empty()) return first;
  constexpr std::chrono::milliseconds a_moment(300);
  std::this_thread::sleep_for(a_moment);
  const auto second = locks_in(common);
  std::set<std::string> both;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                        std::inserter(both, both.begin()));
  return both;
}

std::string age_of(const std::string& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  if (error) return "just now";
  const auto age =
      std::chrono::duration_cast<std::chrono::seconds>(fs::file_time_type::clock::now() - written);
  return ago(0, std::max<Seconds>(age.count(), 0));
}

void check_locks(const Workspace& workspace, Problems& problems) {
  const auto stale = git::stale_locks(workspace.repository());
  for (const std::string& path : lasting_locks(workspace.repository().common_dir())) {
    const bool ours = std::find(stale.begin(), stale.end(), path) != stale.end();
    problems.push_back(
        {ours ? "stale_lock" : "foreign_lock",
         fmt::format(
             "lock '{}', {}, was left by {}", text::printable(path), age_of(path),
             ours ? "a command of ours that was killed" : "another program, which may still run"),
         ours ? std::string("any writing command removes it: git plan doctor --fix")
              : fmt::format("if no git runs in this repository, run: rm -f {}",
                            text::shell_quote(path))});
  }
}

/// In the name of what a process made for itself, behind the prefix, stands whose it is.
void add_left(const git::Repository& repository, const std::string& folder, std::string_view prefix,
              std::vector<std::string>& left) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const ProcessIdentity owner = decode_process(name.substr(prefix.size()), '-');
    if (!git::may_be_alive(repository, owner)) left.push_back(entry.path().string());
  }
}

void check_scraps(const Workspace& workspace, Problems& problems) {
  const std::string state = git::state_folder(workspace.repository());
  const std::string mend = "any writing command clears it up: git plan doctor --fix";
  std::error_code error;
  if (fs::exists(state + "/checkout-journal", error)) {
    problems.push_back({"unfinished_checkout",
                        "a fast-forward of a checkout was cut off, and may stand half done", mend});
  }
  std::vector<std::string> left;
  for (const auto& [folder, prefix] : {std::pair(state, "tmp-"), std::pair(state + "/trash", ""),
                                       std::pair(state + "/adding", "")}) {
    add_left(workspace.repository(), folder, prefix, left);
  }
  if (left.empty()) return;
  problems.push_back(
      {"scraps",
       fmt::format("killed commands left {} in '{}'",
                   text::count(static_cast<long long>(left.size()), "folder", "folders"),
                   text::printable(state)),
       mend});
}

}  // namespace

void check_leftovers(const Workspace& workspace, Problems& problems) {
  check_locks(workspace, problems);
  check_scraps(workspace, problems);
}

}  // namespace gitplan::commands
