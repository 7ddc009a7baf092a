#include "slots/own_content.hpp"

#include <set>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "slots/changed_files.hpp"
#include "slots/slot.hpp"
#include "slots/slot_folder.hpp"

namespace gitplan {
namespace {

using Paths = std::set<std::string>;

/// The files that changed since the rest of the slot was saved; nothing where it was not.
std::optional<Paths> since_saved(const SlotFolder& folder) {
  const auto& claim = folder.slot().claim;
  if (!claim || !claim->saved_at) return std::nullopt;
  const auto changed = files_changed_since(folder.fd(), *claim->saved_at);
  return Paths(changed.begin(), changed.end());
}

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

}  // namespace

std::vector<git::Oid> origins_of(const git::Repository& repository, const Slot& slot,
                                 const std::optional<git::Oid>& head) {
  if (!slot.claim || slot.claim->cut_off.empty()) return {};
  std::vector<git::Oid> origins;
  if (head) origins.push_back(git::tree_of(repository, *head));
  const auto other = git::read_ref(repository, "refs/heads/" + slot.claim->cut_off);
  if (other && other != head) origins.push_back(git::tree_of(repository, *other));
  return origins;
}

bool has_own_content(const git::Repository& repository, const SlotFolder& folder,
                     const git::Oid& tree, const std::vector<git::Oid>& origins) {
  auto own = since_saved(folder);
  for (const git::Oid& origin : origins) {
    auto strangers = strangers_to(repository, folder, tree, origin);
    if (!strangers) continue;
    if (own)
      std::erase_if(*strangers, [&](const std::string& path) { return !own->contains(path); });
    own = std::move(strangers);
  }
  return !own || !own->empty();
}

}  // namespace gitplan
