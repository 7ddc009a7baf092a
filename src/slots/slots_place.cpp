// Where the slots of a repository stand: wave.worktreeDir.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/discovery.hpp"
#include "git/repository.hpp"
#include "slots/slot_folder.hpp"

namespace gitplan {
namespace {

constexpr std::string_view default_folder = ".worktrees";

/// As git records it, also where the last folders of it are still to be made.
std::string real_path(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real.string();
}

[[noreturn]] void refuse_place(const std::string& folder) {
  throw Error(ErrorKind::fatal,
              fmt::format("bad value '{}' for 'wave.worktreeDir'", text::printable(folder)),
              Hint{"to use .worktrees again, run: git config --unset wave.worktreeDir"});
}

/// "~/slots" is in the home folder, as in git's own settings that name a path.
std::string configured_folder(const git::Config& config) {
  std::string folder = config.text("wave.worktreeDir").value_or(std::string(default_folder));
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  const char* home = std::getenv("HOME");
  return home != nullptr && folder.starts_with("~/") ? home + folder.substr(1) : folder;
}

std::optional<std::string> path_below(const std::string& top, const std::string& path) {
  if (!path.starts_with(top + "/")) return std::nullopt;
  return path.substr(top.size() + 1);
}

}  // namespace

SlotsPlace find_slots_place(const git::Repository& repository, const git::Config& config) {
  const std::string folder = configured_folder(config);
  if (folder.empty() || folder == "." || folder == "/") refuse_place(folder);
  const bool outside = folder.starts_with('/') || folder.find("..") != std::string::npos;
  const std::filesystem::path base(repository.base_folder());
  const auto full = (base / folder).lexically_normal();
  const std::string real = real_path(full.string());
  const std::string real_base = real_path(base.string());
  const std::string git = real_path(repository.common_dir());
  const bool in_git = repository.main_worktree() && (real + "/").starts_with(git + "/");
  if (full.filename().empty() || real == real_base || in_git) refuse_place(folder);
  SlotsPlace place;
  if (outside) {
    place = {real_path(full.parent_path().string()), full.filename().string(), folder, {}};
  } else {
    const std::string below = full.lexically_relative(base.lexically_normal()).string();
    place = {real_base, below, below, {}};
  }
  if (const auto& main = repository.main_worktree()) {
    const std::string top = *main == repository.base_folder() ? real_base : real_path(*main);
    place.in_main = path_below(top, join_path(place.root, place.folder));
  } else if (git::current_folder() != repository.base_folder()) {
    place.shown = join_path(place.root, place.folder);  // no place of its own to count from
  }
  return place;
}

}  // namespace gitplan
