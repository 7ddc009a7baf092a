// What a Repository keeps. For the .cpp files of this room.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "git/config.hpp"
#include "git/libgit2.hpp"
#include "git/repository.hpp"

namespace gitplan::git {

/// An object that this process wrote, kept until no gc can take it for garbage.
struct WrittenObject {
  Oid id;
  git_object_t type = GIT_OBJECT_INVALID;
  std::string content;
};

struct Repository::State {
  std::string git_dir;
  std::string common_dir;
  bool is_bare = false;
  std::optional<std::string> worktree;
  std::optional<std::string> main_worktree;
  std::string base_folder;
  RepositoryHandle handle;
  RepositoryHandle left;  ///< of the worktree that is gone; others may still hold on to it
  OdbHandle odb;

  std::deque<WrittenObject> written;
  std::size_t written_bytes = 0;
  std::size_t unswapped = 0;  ///< how many at the end of `written` no compare-and-swap has seen
  std::optional<std::set<Oid>> shallow;  ///< commits whose parents were not fetched; read once
  std::unique_ptr<Config> config;
  std::chrono::steady_clock::time_point config_read;
};

/// The repository's config, read again when what we have is older than 2 seconds.
const Config& recent_config(const Repository& repository);

git_odb* odb_of(const Repository& repository);

/// "--git-dir=<git_dir>": how git is told which repository we mean.
std::string git_dir_option(const Repository& repository);

/// Writes an object and remembers it. Throws Error(fatal).
Oid write_object(const Repository& repository, git_object_t type, std::string content);
/// Remembers for heal_after_gc what was written.
void remember_written(const Repository& repository, const Oid& id, git_object_t type,
                      std::string content);
/// Writes again what this process wrote since its last compare-and-swap and a gc has deleted since.
void rewrite_before_swap(const Repository& repository);

/// True if the object is there after git was asked for it (a partial clone fetches it now).
bool fetch_promised(const Repository& repository, const Oid& id);

/// True if the commit is where a shallow clone ends.
bool is_shallow_boundary(const Repository& repository, const Oid& commit);

}  // namespace gitplan::git
