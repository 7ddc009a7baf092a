#include "slots/staged.hpp"

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"

namespace gitplan {
namespace {

git::Command in(const Slot& slot, const std::vector<std::string>& words) {
  git::Command command;
  command.arguments = {"--git-dir=" + slot.admin_folder};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  return command;
}

std::optional<git::Oid> tree_written(const git::Command& write_tree) {
  const auto outcome = git::run_git(write_tree);
  return outcome.ok() ? git::Oid::parse(text::trim(outcome.output)) : std::nullopt;
}

/// "<mode> <id> <stage>\t<path>"
struct Entry {
  std::string_view object;  ///< mode and id
  std::size_t stage = 0;
  std::string_view path;
};

std::vector<Entry> entries_in(std::string_view listing) {
  constexpr std::size_t least = 3;  // " 0\t"
  std::vector<Entry> entries;
  for (const std::string_view line : text::split(listing, '\0')) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos || tab < least) continue;
    const auto stage = static_cast<std::size_t>(line[tab - 1] - '0');
    entries.push_back({line.substr(0, tab - 2), stage, line.substr(tab + 1)});
  }
  return entries;
}

/// The same without conflicts, as `update-index --index-info` reads it.
std::string side_by_side(const std::vector<Entry>& entries) {
  constexpr std::array<std::string_view, 4> versions = {"", "~base", "~ours", "~theirs"};
  std::set<std::string, std::less<>> taken;
  for (const Entry& entry : entries) taken.emplace(entry.path);
  std::string lines;
  for (const Entry& entry : entries) {
    std::string path(entry.path);
    if (entry.stage > 0) {
      path += versions.at(entry.stage);
      while (!taken.insert(path).second) path += '~';
    }
    lines += std::string(entry.object) + " 0\t" + path + '\0';
  }
  return lines;
}

}  // namespace

std::optional<git::Oid> staged_tree(const git::Repository& repository, const Slot& slot) {
  if (const auto tree = tree_written(in(slot, {"write-tree"}))) return tree;
  const auto listed = git::run_git(in(slot, {"ls-files", "--stage", "-z"}));
  if (!listed.ok()) return std::nullopt;
  const std::string lines = side_by_side(entries_in(listed.output));
  const git::TemporaryFolder place(repository);
  git::Command fill = in(slot, {"update-index", "-z", "--index-info"});
  fill.input = lines;
  fill.environment.emplace_back("GIT_INDEX_FILE", place.path() + "/index");
  if (!git::run_git(fill).ok()) return std::nullopt;
  git::Command write = in(slot, {"write-tree"});
  write.environment = fill.environment;
  return tree_written(write);
}

}  // namespace gitplan
