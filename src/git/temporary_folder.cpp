#include "git/temporary_folder.hpp"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "tmp-";

// tmp-<process>-<n>
std::string fresh_name(const Repository& repository) {
  static std::atomic<unsigned> serial{0};
  return fmt::format("{}{}-{}", kPrefix, encode(announced_process(repository), '-'), serial++);
}

std::optional<ProcessIdentity> owner_of(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const ProcessIdentity owner = decode_process(name.substr(kPrefix.size()), '-');
  return owner.pid == 0 ? std::nullopt : std::optional(owner);
}

}  // namespace

void clear_temporary_folders(const Repository& repository) {
  std::error_code error;
  for (fs::directory_iterator entry(state_folder(repository), error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::optional<ProcessIdentity> owner = owner_of(entry->path().filename().string());
    if (!owner || may_be_alive(repository, *owner)) continue;
    std::error_code ignored;
    fs::remove_all(entry->path(), ignored);
  }
}

TemporaryFolder::TemporaryFolder(const Repository& repository) {
  path_ = join_path(make_state_folder(repository), fresh_name(repository));
  make_folders(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void discard_folder(const Repository& repository, const std::string& path) {
  const std::string aside = join_path(make_state_folder(repository), fresh_name(repository));
  std::error_code error;
  fs::rename(path, aside, error);
  if (error && error != std::errc::no_such_file_or_directory) {
    throw Error(ErrorKind::fatal, fmt::format("'{}': {}", path, error.message()));
  }
  fs::remove_all(aside, error);
}

}  // namespace gitplan::git
