#include "slots/own_content.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "slots/slot.hpp"
#include "slots/slot_folder.hpp"

namespace gitplan {
namespace {

using Paths = std::set<std::string>;

std::optional<std::string> file_at(const git::Repository& repository, const git::Oid& tree,
                                   const std::string& path) {
  const auto entry = git::entry_at(repository, tree, path);
  if (!entry || !entry->is_regular_file()) return std::nullopt;
  return git::read_blob(repository, entry->oid, path);
}

bool is_half_written(const git::Repository& repository, const git::Oid& tree,
                     const git::Oid& origin, const std::string& path) {
  try {
    const auto half = file_at(repository, tree, path);
    const auto whole = file_at(repository, origin, path);
    return half && whole && whole->starts_with(*half);
  } catch (const Error&) {
    return false;  // too large, or damaged: somebody may want it
  }
}

/// Paths in `tree` whose file does not come from `origin`; nothing where git cannot tell.
std::optional<Paths> strangers_to(const git::Repository& repository, const SlotFolder& folder,
                                  const git::Oid& tree, const git::Oid& origin) {
  const auto listed = folder.git({"diff-tree", "-r", "-z", "--no-renames", "--name-only",
                                  "--diff-filter=d", origin.hex(), tree.hex()});
  if (!listed.ok()) return std::nullopt;
  Paths strangers;
  for (const std::string_view word : text::split(listed.output, '\0')) {
    std::string path(word);
    if (!path.empty() && !is_half_written(repository, tree, origin, path))
      strangers.insert(std::move(path));
  }
  return strangers;
}

/// Whether one of the trees has the very same at this path.
bool is_in(const git::Repository& repository, const std::vector<git::Oid>& trees,
           const git::Oid& tree, const std::string& path) {
  const auto mine = git::entry_at(repository, tree, path);
  return mine && std::any_of(trees.begin(), trees.end(), [&](const git::Oid& saved) {
           const auto same = git::entry_at(repository, saved, path);
           return same && same->oid == mine->oid && same->mode == mine->mode;
         });
}

/// What a rescue holds: the work, and what was staged.
void add_trees(const git::Repository& repository, const git::Oid& rescue,
               std::vector<git::Oid>& trees) {
  const git::Commit commit = git::read_commit(repository, rescue);
  trees.push_back(commit.tree);
  for (const git::Oid& parent : commit.parents) trees.push_back(git::tree_of(repository, parent));
}

}  // namespace

Origins origins_of(const git::Repository& repository, const Slot& slot,
                   const std::optional<git::Oid>& head, const std::string& rescues) {
  if (!slot.claim || slot.claim->cut_off.empty()) return {};
  Origins origins;
  if (head) origins.trees.push_back(git::tree_of(repository, *head));
  const auto other = git::read_ref(repository, "refs/heads/" + slot.claim->cut_off);
  if (other && other != head) origins.trees.push_back(git::tree_of(repository, *other));
  for (const git::Ref& rescue : git::list_refs(repository, rescues))
    add_trees(repository, rescue.target, origins.saved);
  return origins;
}

bool has_own_content(const git::Repository& repository, const SlotFolder& folder,
                     const git::Oid& tree, const Origins& origins) {
  std::optional<Paths> own;
  for (const git::Oid& origin : origins.trees) {
    auto strangers = strangers_to(repository, folder, tree, origin);
    if (!strangers) continue;
    if (own)
      std::erase_if(*strangers, [&](const std::string& path) { return !own->contains(path); });
    own = std::move(strangers);
  }
  if (!own) return true;
  std::erase_if(*own,
                [&](const auto& path) { return is_in(repository, origins.saved, tree, path); });
  return !own->empty();
}

}  // namespace gitplan
