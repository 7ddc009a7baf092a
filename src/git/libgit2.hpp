// What the .cpp files of this room share about libgit2. Never included from outside the room.
#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include "git/oid.hpp"

namespace gitplan::git {

/// Frees a libgit2 object with its own function.
template <auto Function>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};

using RepositoryHandle = std::unique_ptr<git_repository, FreeWith<git_repository_free>>;
using OdbHandle = std::unique_ptr<git_odb, FreeWith<git_odb_free>>;
using OdbObjectHandle = std::unique_ptr<git_odb_object, FreeWith<git_odb_object_free>>;
using TreeHandle = std::unique_ptr<git_tree, FreeWith<git_tree_free>>;
using TreeBuilderHandle = std::unique_ptr<git_treebuilder, FreeWith<git_treebuilder_free>>;
using CommitHandle = std::unique_ptr<git_commit, FreeWith<git_commit_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, FreeWith<git_reference_free>>;
using RevwalkHandle = std::unique_ptr<git_revwalk, FreeWith<git_revwalk_free>>;
using ConfigHandle = std::unique_ptr<git_config, FreeWith<git_config_free>>;
using ConfigIteratorHandle =
    std::unique_ptr<git_config_iterator, FreeWith<git_config_iterator_free>>;

/// Lets a libgit2 function fill a handle: `git_tree_lookup(out(tree), …)`. The handle is filled at
/// the end of the statement, not before.
template <typename Handle>
class Out {
 public:
  explicit Out(Handle& handle) : handle_(handle) {}
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  ~Out() { handle_.reset(raw_); }
  operator typename Handle::pointer *() { return &raw_; }  // NOLINT(google-explicit-constructor)

 private:
  Handle& handle_;
  typename Handle::pointer raw_ = nullptr;
};
template <typename Handle>
Out<Handle> out(Handle& handle) {
  return Out<Handle>(handle);
}

/// Starts libgit2 once for the process, and follows a HOME that changed since.
void start_libgit2();

git_oid to_libgit2(const Oid& oid);
Oid from_libgit2(const git_oid& oid);

/// libgit2's last error, as a clause of a message of ours.
std::string libgit2_message();
/// The last error's class (GIT_ERROR_OS, …).
int libgit2_error_class();

/// True if this result says that a file's folder was gone when the file was to be made in it.
bool lost_a_folder(int result);

/// Throws Error(fatal) "<problem>: <libgit2's message>".
[[noreturn]] void throw_libgit2(std::string_view problem);
/// Does so where `result` is negative; else returns it.
int check_libgit2(int result, std::string_view problem);

/// Runs a libgit2 call that writes an object, again where a gc has removed the folder under it.
template <typename Write>
int write_beside_gc(Write write) {
  int result = write();
  for (int i = 0; i < 50 && lost_a_folder(result); ++i) result = write();
  return result;
}

}  // namespace gitplan::git
