#include "git/note_holders.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    entries.push_back(entry->path());
  return entries;
}

/// The inodes that a process has open; none of one that is another user's.
std::vector<std::uint64_t> open_inodes(const fs::path& process) {
  std::vector<std::uint64_t> inodes;
  for (const fs::path& descriptor : entries_of(process / "fd")) {
    struct stat info {};
    if (::stat(descriptor.c_str(), &info) == 0) inodes.push_back(info.st_ino);
  }
  return inodes;
}

bool is_git(const fs::path& process) {
  std::error_code unknown;
  const std::string name = fs::read_symlink(process / "exe", unknown).filename().string();
  return unknown || name == "git" || name.starts_with("git-");
}

bool is_other_process(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.find_first_not_of("0123456789") == std::string::npos &&
         name != std::to_string(::getpid());
}

}  // namespace

bool may_be_used(std::uint64_t note, std::span<const std::uint64_t> locks) {
  bool is_seen = false;
  for (const fs::path& process : entries_of("/proc")) {
    if (!is_other_process(process)) continue;
    const auto inodes = open_inodes(process);
    const auto has = [&](std::uint64_t inode) {
      return std::find(inodes.begin(), inodes.end(), inode) != inodes.end();
    };
    if (!has(note)) continue;
    if (is_git(process) || std::any_of(locks.begin(), locks.end(), has)) return true;
    is_seen = true;
  }
  return !is_seen;
}

}  // namespace gitplan::git
