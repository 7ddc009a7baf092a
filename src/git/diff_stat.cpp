#include "git/diff_stat.hpp"

#include <utility>

#include "git/objects.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

using DiffHandle = std::unique_ptr<git_diff, FreeWith<git_diff_free>>;
using PatchHandle = std::unique_ptr<git_patch, FreeWith<git_patch_free>>;

TreeHandle find_tree(const Repository& repository, const std::optional<Oid>& id) {
  TreeHandle tree;
  if (!id) return tree;
  const git_oid oid = to_libgit2(*id);
  git_tree_lookup(out(tree), repository.handle(), &oid);
  return tree;
}

/// Looking for renames compares files with files: only where there are few.
void find_renames(git_diff* diff) {
  constexpr std::size_t most = 400;
  const std::size_t count = git_diff_num_deltas_of_type(diff, GIT_DELTA_ADDED) +
                            git_diff_num_deltas_of_type(diff, GIT_DELTA_DELETED);
  if (git_diff_num_deltas_of_type(diff, GIT_DELTA_ADDED) == 0 ||
      git_diff_num_deltas_of_type(diff, GIT_DELTA_DELETED) == 0 || count > most)
    return;
  git_diff_find_options options;
  git_diff_find_options_init(&options, GIT_DIFF_FIND_OPTIONS_VERSION);
  options.flags = GIT_DIFF_FIND_RENAMES;
  git_diff_find_similar(diff, &options);
}

bool is_below(std::string_view path, std::string_view folder) {
  return !folder.empty() && path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
}

}  // namespace

std::optional<std::vector<FileChange>> changes_between(const Repository& repository,
                                                       const std::optional<Oid>& before,
                                                       const Oid& after,
                                                       std::string_view left_out) {
  const TreeHandle old_tree = find_tree(repository, before);
  const TreeHandle new_tree = find_tree(repository, after);
  if ((before && !old_tree) || !new_tree) return std::nullopt;
  git_diff_options options;
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.context_lines = 0;
  DiffHandle diff;
  if (git_diff_tree_to_tree(out(diff), repository.handle(), old_tree.get(), new_tree.get(),
                            &options) < 0)
    return std::nullopt;
  find_renames(diff.get());
  std::vector<FileChange> changes;
  for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
    const git_diff_delta* delta = git_diff_get_delta(diff.get(), i);
    const bool deleted = delta->status == GIT_DELTA_DELETED;
    FileChange change{deleted ? delta->old_file.path : delta->new_file.path};
    if (is_below(change.path, left_out)) continue;
    PatchHandle patch;
    if (git_patch_from_diff(out(patch), diff.get(), i) < 0) return std::nullopt;
    std::size_t added = 0;
    std::size_t removed = 0;
    if (patch && git_patch_line_stats(nullptr, &added, &removed, patch.get()) == 0) {
      change.added = static_cast<int>(added);
      change.removed = static_cast<int>(removed);
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace gitplan::git
