#include "git/temporary_folder.hpp"

#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <filesystem>
#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "tmp-";

// tmp-<process id>-<its start time>-<n>
std::string fresh_name() {
  static std::atomic<unsigned> serial{0};
  const ProcessIdentity self = this_process();
  return fmt::format("{}{}-{}-{}", kPrefix, self.pid, self.start_time, serial++);
}

std::optional<ProcessIdentity> owner_of(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  ProcessIdentity owner;
  const char* end = name.data() + name.size();
  const auto pid = std::from_chars(name.data() + kPrefix.size(), end, owner.pid);
  if (pid.ec != std::errc{} || pid.ptr == end || *pid.ptr != '-') return std::nullopt;
  const auto start = std::from_chars(pid.ptr + 1, end, owner.start_time);
  if (start.ec != std::errc{}) return std::nullopt;
  return owner;
}

}  // namespace

void clear_temporary_folders(const Repository& repository) {
  std::error_code error;
  for (fs::directory_iterator entry(state_folder(repository), error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::optional<ProcessIdentity> owner = owner_of(entry->path().filename().string());
    if (!owner || is_alive(*owner)) continue;
    std::error_code ignored;
    fs::remove_all(entry->path(), ignored);
  }
}

TemporaryFolder::TemporaryFolder(const Repository& repository) {
  path_ = join_path(make_state_folder(repository), fresh_name());
  make_folders(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void discard_folder(const Repository& repository, const std::string& path) {
  const std::string aside = join_path(make_state_folder(repository), fresh_name());
  std::error_code error;
  fs::rename(path, aside, error);
  if (error && error != std::errc::no_such_file_or_directory) {
    throw Error(ErrorKind::fatal, fmt::format("'{}': {}", path, error.message()));
  }
  fs::remove_all(aside, error);
}

}  // namespace gitplan::git
