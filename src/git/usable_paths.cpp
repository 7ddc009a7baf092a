#include "git/usable_paths.hpp"

#include <strings.h>

#include <algorithm>
#include <climits>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

/// Far more than any project adds at once, and few enough for whoever looks at each.
constexpr std::size_t most_new_paths = 4'000'000;

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

/// Trees that hold one another again and again are few objects and no end of paths: what was found
/// out about two folders holds wherever they stand.
class Search {
 public:
  explicit Search(const Repository& repository) : repository_(&repository) {}

  /// The first path that no checkout can hold, of those below `folder` that `before` has not.
  std::optional<std::string> run(const std::optional<Oid>& before, const Oid& after,
                                 const std::string& folder) {
    if (is_fine(before, after, folder)) return std::nullopt;
    const auto had = before ? list_tree(*repository_, *before) : std::vector<TreeEntry>();
    Names known;
    for (const TreeEntry& entry : had) known.emplace(entry.name, &entry);
    Below below;
    for (const TreeEntry& entry : list_tree(*repository_, after)) {
      const auto place = known.find(entry.name);
      const TreeEntry* old = place == known.end() ? nullptr : place->second;
      if (old != nullptr && old->oid == entry.oid && old->mode == entry.mode) continue;
      if (auto found = look_at(entry, old, folder, below)) return found;
    }
    if (below.paths > most_new_paths) return folder;
    seen_.insert_or_assign({before.value_or(Oid()), after}, below);
    return std::nullopt;
  }

 private:
  struct Below {
    std::size_t longest = 0;  ///< path, from there
    std::size_t paths = 0;
  };

  [[nodiscard]] const Below* find(const std::optional<Oid>& before, const Oid& after) const {
    const auto found = seen_.find({before.value_or(Oid()), after});
    return found == seen_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] bool is_fine(const std::optional<Oid>& before, const Oid& after,
                             const std::string& folder) const {
    const Below* below = find(before, after);
    return below != nullptr && folder.size() + below->longest < PATH_MAX;
  }

  std::optional<std::string> look_at(const TreeEntry& entry, const TreeEntry* old,
                                     const std::string& folder, Below& below) {
    std::string path = folder + entry.name;
    if (!is_usable_name(entry.name, entry.is_symlink()) || path.size() >= PATH_MAX) return path;
    if (entry.is_symlink() && !is_usable_link(*repository_, entry)) return path;
    ++below.paths;
    std::size_t length = entry.name.size();
    if (entry.is_tree()) {
      const auto before = old != nullptr && old->is_tree() ? std::optional(old->oid) : std::nullopt;
      if (auto found = run(before, entry.oid, path + "/")) return found;
      const Below& inside = *find(before, entry.oid);
      length += 1 + inside.longest;
      below.paths += inside.paths;
    }
    below.longest = std::max(below.longest, length);
    return std::nullopt;
  }

  const Repository* repository_;
  std::map<std::pair<Oid, Oid>, Below> seen_;
};

}  // namespace

bool is_usable_name(std::string_view name, bool is_link) {
  if (name.empty() || name.size() > NAME_MAX || name == "." || name == ".." || is_git_folder(name))
    return false;
  return !is_link || !begins_with(name, ".gitmodules") || name.size() != 11;
}

std::optional<std::string> unusable_path(const Repository& repository, const Oid& before,
                                         const Oid& after) {
  return Search(repository).run(tree_of(repository, before), tree_of(repository, after), "");
}

}  // namespace gitplan::git
