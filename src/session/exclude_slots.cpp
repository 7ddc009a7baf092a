#include "session/exclude_slots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/repository.hpp"
#include "slots/slot_folder.hpp"

namespace gitplan {
namespace {

std::string info_folder(const git::Repository& repository) {
  return repository.common_dir() + "/info";
}

std::string exclude_file(const git::Repository& repository) {
  return info_folder(repository) + "/exclude";
}

/// As git reads it: through links, and nothing where they lead nowhere.
std::string content_of(const std::string& file) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) ? read_named_file(file) : "";
}

/// As a pattern that means the path alone. No line can hold a newline: any character will do.
std::string as_pattern(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (std::string_view("\\*?[").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c == '\n' ? '?' : c;
  }
  return pattern;
}

bool has_line(const std::string& content, const std::string& line) {
  const auto lines = text::split(content, '\n');
  return std::ranges::any_of(lines,
                             [&](std::string_view known) { return text::trim(known) == line; });
}

void append_line(const git::Repository& repository, std::string content, const std::string& line) {
  if (!content.empty() && !content.ends_with('\n')) content += '\n';
  make_folders(info_folder(repository));
  write_file_atomically(exclude_file(repository), content + line + "\n");
}

/// All of the folder, this file too.
void ignore_within(const SlotsPlace& place) {
  const std::string folder = join_path(place.root, place.folder);
  const std::string file = folder + "/.gitignore";
  make_folders(folder);
  if (!open_beneath(place.root, place.folder) || exists(file)) return;
  write_file_atomically(file, "*\n");
}

}  // namespace

bool is_exclude_elsewhere(const git::Repository& repository) {
  const std::string file = exclude_file(repository);
  std::error_code error;
  return is_symlink(info_folder(repository)) ||
         (exists(file) &&
          !std::filesystem::is_regular_file(std::filesystem::symlink_status(file, error)));
}

void exclude_slots(const git::Repository& repository, const SlotsPlace& place) try {
  if (!place.in_main) return;
  const std::string line = fmt::format("/{}/", as_pattern(*place.in_main));
  const std::string content = content_of(exclude_file(repository));
  if (has_line(content, line)) return;
  if (is_exclude_elsewhere(repository)) return ignore_within(place);
  append_line(repository, content, line);
} catch (const Error&) {
  return;  // a worktree that `git status` shows stands in nobody's way
}

}  // namespace gitplan
