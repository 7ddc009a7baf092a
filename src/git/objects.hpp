// Objects: commits, trees, blobs. Reading checks sizes and modes first; writing goes to the object
// database in process.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

struct TreeEntry {
  std::string name;
  Oid oid;
  std::uint32_t mode = 0;
  [[nodiscard]] bool is_tree() const { return mode == 0040000; }
  [[nodiscard]] bool is_regular_file() const {
    return mode == 0100644 || mode == 0100755 || mode == 0100664;
  }
  [[nodiscard]] bool is_symlink() const { return mode == 0120000; }
};

struct Commit {
  Oid id;
  Oid tree;
  std::vector<Oid> parents;
  bool is_cut = false;  ///< a shallow clone ends here: it has parents, but they were not fetched
  std::string message;
  std::string author_name;
  std::string author_email;
  Seconds author_time = 0;
  Seconds committer_time = 0;
  [[nodiscard]] std::string subject() const;
};

/// Throws Error(fatal) if it is missing or no commit (tags are not peeled).
Commit read_commit(const Repository& repository, const Oid& id);
/// The tree of a commit, also of one that read_commit cannot read; throws as above.
Oid tree_of(const Repository& repository, const Oid& commit);
/// Throws Error(fatal) if it is missing or no tree.
std::vector<TreeEntry> list_tree(const Repository& repository, const Oid& tree);
/// The entries that only one of two trees (nothing: the empty one) has, by name; their content is
/// not compared. Throws as above.
struct TreeDifference {
  std::vector<TreeEntry> added;
  std::vector<TreeEntry> removed;
};
TreeDifference compare_names(const Repository& repository, const std::optional<Oid>& before,
                             const std::optional<Oid>& after);
/// The entry at "a/b/c" below a tree; nothing if it, or a folder on the way, is not there (a
/// symlink or submodule on the way counts as not there).
std::optional<TreeEntry> entry_at(const Repository& repository, const Oid& tree,
                                  std::string_view path);
/// Throws Error(fatal), naming `name`, if the blob is missing or larger than `max_bytes` (its
/// header is asked before its content).
std::string read_blob(const Repository& repository, const Oid& blob, std::string_view name,
                      std::size_t max_bytes = 64U << 20U);
/// Throws Error(fatal) if it is missing.
bool is_commit(const Repository& repository, const Oid& id);
bool object_exists(const Repository& repository, const Oid& id);
/// In bytes, by its header; nothing where it is missing or its header cannot be read.
std::optional<std::size_t> object_size(const Repository& repository, const Oid& id);

/// Written, for commits that hold no file.
Oid empty_tree(const Repository& repository);
Oid write_blob(const Repository& repository, std::string_view content);
/// `base` (nothing: the empty tree) with `path` holding this blob as a regular file. Folders on the
/// way are made; an entry on the way that is no folder (symlink, file, submodule) throws
/// Error(fatal).
Oid tree_with_file(const Repository& repository, const std::optional<Oid>& base,
                   std::string_view path, const Oid& blob);

/// A new commit object by the committer that git itself would use now (author the same), signed
/// where commit.gpgSign says so. Moves no ref. Throws Error(fatal) without an identity, with git's
/// own advice as hint.
Oid create_commit(const Repository& repository, const Oid& tree, std::span<const Oid> parents,
                  std::string_view message);

/// "Name <email>" of the committer that git itself would use now.
std::string committer_name(const Repository& repository);

/// True if `ancestor` is `descendant` or reachable from it.
bool is_ancestor(const Repository& repository, const Oid& ancestor, const Oid& descendant);
/// Number of commits reachable from `tip` and not from `base`; stops counting at `limit`.
int commits_ahead(const Repository& repository, const Oid& base, const Oid& tip, int limit = 10000);
/// The commits of base..tip, newest first, at most `limit`.
std::vector<Oid> commits_between(const Repository& repository, const Oid& base, const Oid& tip,
                                 int limit = 10000);
std::optional<Oid> merge_base(const Repository& repository, const Oid& a, const Oid& b);

/// After a compare-and-swap, best after letting go of locks: writes again what this process wrote
/// through `write_blob`, `tree_with_file` and `create_commit` and a gc has deleted. While a `git
/// gc` runs that may prune what is new (--prune=now, gc.pruneExpire), waits for it first, 2 s at
/// most. A few access(2) otherwise.
void heal_after_gc(const Repository& repository);

}  // namespace gitplan::git
