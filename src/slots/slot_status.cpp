// What stands changed in a slot.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/as_checked_out.hpp"
#include "git/complaint.hpp"
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

/// Git cuts off what it says of a path that is too long.
std::string reason_in(const std::string& line) {
  const std::size_t end_of_path = line.rfind("': ");
  return end_of_path == std::string::npos ? "a path is too long" : line.substr(end_of_path + 3);
}

/// Paths that are too long for it, say, git leaves out, and calls that a success. In a folder that
/// went meanwhile nothing stands.
void refuse_half_a_look(const SlotFolder& folder, const git::Outcome& outcome) {
  for (const std::string& line : git::error_lines(outcome)) {
    const bool is_left_out = line.find("could not open directory") != std::string::npos &&
                             line.find("No such file or directory") == std::string::npos;
    if (!is_left_out) continue;
    throw Error(ErrorKind::wrong_state,
                fmt::format("git cannot look everywhere in '{}': {}",
                            text::printable(folder.slot().path), reason_in(line)),
                Hint{fmt::format("to see where, run: git -C {} status",
                                 text::shell_quote(folder.slot().absolute_path))})
        .with_code("unreadable");
  }
}

/// As `git status --porcelain=v2 -z` prints them: the first form does not say what a submodule's
/// change is.
StatusEntries status_entries(const SlotFolder& folder) {
  git::Command command;
  command.environment.emplace_back("GIT_OPTIONAL_LOCKS", "0");
  const auto outcome =
      folder.git({"-c", "core.ignoreCase=" + ignores_case(folder), "status", "--porcelain=v2", "-z",
                  "--untracked-files=all", "--ignore-submodules=none", "--no-renames"},
                 std::move(command));
  if (!outcome.ok()) throw git::complaint("git status", outcome);
  refuse_half_a_look(folder, outcome);
  StatusEntries entries;
  for (const std::string_view entry : text::split(outcome.output, '\0')) {
    if (!entry.empty() && !entry.starts_with('#')) entries.emplace_back(entry);
  }
  if (!entries.empty() && is_as_checked_out(folder, entries)) entries.clear();
  for (const std::string& file : files_in_submodules(folder)) entries.push_back("? " + file);
  return entries;
}

bool is_dirty(const SlotFolder& folder) { return !status_entries(folder).empty(); }

}  // namespace gitplan
