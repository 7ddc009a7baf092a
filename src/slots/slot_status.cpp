// What stands changed in a slot.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "git/as_checked_out.hpp"
#include "git/repository.hpp"
#include "slots/rescue.hpp"
#include "slots/unseen_work.hpp"

namespace gitplan {
namespace {

/// The path of "1 .M N... <mode> <mode> <mode> <id> <id> <path>": a file that is not as in the
/// index, but for its mode; empty for everything else.
std::string path_if_content_differs(std::string_view entry) {
  constexpr std::string_view start = "1 .M N... ";
  constexpr std::size_t fields_before_path = 8;
  const auto fields = text::split(entry, ' ');
  if (!entry.starts_with(start) || fields.size() <= fields_before_path || fields[4] != fields[5])
    return "";
  std::size_t place = 0;
  for (std::size_t i = 0; i < fields_before_path; ++i) place += fields[i].size() + 1;
  return std::string(entry.substr(place));
}

/// All that git calls modified was only written by its own checkout. The first file of somebody's
/// answers for the others.
bool is_as_checked_out(const SlotFolder& folder, const StatusEntries& entries) {
  std::vector<std::string> paths;
  for (const std::string& entry : entries) {
    paths.push_back(path_if_content_differs(entry));
    if (paths.back().empty()) return false;
  }
  const auto repository = git::Repository::open(folder.slot().admin_folder);
  const git::Checkout checkout{folder.path(), folder.slot().admin_folder};
  return git::as_checked_out(repository, checkout, {paths.front()}).size() == 1 &&
         git::as_checked_out(repository, checkout, paths).size() == paths.size();
}

}  // namespace

/// As `git status --porcelain=v2 -z` prints them: the first form does not say what a submodule's
/// change is.
StatusEntries status_entries(const SlotFolder& folder) {
  git::Command command;
  command.environment.emplace_back("GIT_OPTIONAL_LOCKS", "0");
  const std::string status = folder.git_checked(
      {"-c", "core.ignoreCase=" + ignores_case(folder), "status", "--porcelain=v2", "-z",
       "--untracked-files=all", "--ignore-submodules=none", "--no-renames"},
      std::move(command));
  StatusEntries entries;
  for (const std::string_view entry : text::split(status, '\0')) {
    if (!entry.empty() && !entry.starts_with('#')) entries.emplace_back(entry);
  }
  if (!entries.empty() && is_as_checked_out(folder, entries)) entries.clear();
  return entries;
}

bool is_dirty(const SlotFolder& folder) { return !status_entries(folder).empty(); }

}  // namespace gitplan
