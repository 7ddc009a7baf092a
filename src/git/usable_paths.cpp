#include "git/usable_paths.hpp"

#include <strings.h>

#include <algorithm>
#include <climits>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

bool begins_with(std::string_view name, std::string_view word) {
  return name.size() >= word.size() && ::strncasecmp(name.data(), word.data(), word.size()) == 0;
}

/// What file systems of Windows drop from the end of a name, or take for a stream of the file.
bool is_dropped(std::string_view rest) {
  const auto end = std::ranges::find_if(rest, [](char c) { return c != ' ' && c != '.'; });
  return end == rest.end() || *end == ':' || *end == '\\';
}

bool is_git_folder(std::string_view name) {
  const auto stands_for = [&](std::string_view word) {
    return begins_with(name, word) && is_dropped(name.substr(word.size()));
  };
  return stands_for(".git") || stands_for("git~1");
}

/// Whether it leads to a path that a file system may hold.
bool is_usable_link(const Repository& repository, const TreeEntry& link) try {
  const std::string target = read_blob(repository, link.oid, link.name, PATH_MAX - 1);
  return !target.empty() && target.find('\0') == std::string::npos;
} catch (const Error&) {
  return false;
}

using Names = std::unordered_map<std::string_view, const TreeEntry*>;

std::optional<std::string> unusable_in(const Repository& repository,
                                       const std::optional<Oid>& before, const Oid& after,
                                       const std::string& folder) {
  const auto had = before ? list_tree(repository, *before) : std::vector<TreeEntry>();
  Names known;
  for (const TreeEntry& entry : had) known.emplace(entry.name, &entry);
  for (const TreeEntry& entry : list_tree(repository, after)) {
    const auto place = known.find(entry.name);
    const TreeEntry* old = place == known.end() ? nullptr : place->second;
    if (old != nullptr && old->oid == entry.oid && old->mode == entry.mode) continue;
    std::string path = folder + entry.name;
    if (!is_usable_name(entry.name, entry.is_symlink()) || path.size() >= PATH_MAX) return path;
    if (entry.is_symlink() && !is_usable_link(repository, entry)) return path;
    if (!entry.is_tree()) continue;
    const auto old_tree = old != nullptr && old->is_tree() ? std::optional(old->oid) : std::nullopt;
    if (auto found = unusable_in(repository, old_tree, entry.oid, path + "/")) return found;
  }
  return std::nullopt;
}

}  // namespace

bool is_usable_name(std::string_view name, bool is_link) {
  if (name.empty() || name.size() > NAME_MAX || name == "." || name == ".." || is_git_folder(name))
    return false;
  return !is_link || !begins_with(name, ".gitmodules") || name.size() != 11;
}

std::optional<std::string> unusable_path(const Repository& repository, const Oid& before,
                                         const Oid& after) {
  return unusable_in(repository, tree_of(repository, before), tree_of(repository, after), "");
}

}  // namespace gitplan::git
