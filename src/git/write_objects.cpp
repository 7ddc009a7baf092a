// Writing blobs and trees.
#include <fmt/format.h>

#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/repository_state.hpp"
#include "git/tree_folder.hpp"

namespace gitplan::git {
namespace {

std::string content_of(const Repository& repository, const git_oid& oid) {
  OdbObjectHandle object;
  check_libgit2(git_odb_read(out(object), odb_of(repository), &oid),
                "cannot read back what was written");
  return {static_cast<const char*>(git_odb_object_data(object.get())),
          git_odb_object_size(object.get())};
}

/// One level of the way to a file: the folder's own tree, or nothing where it is new.
struct Level {
  std::string name;  ///< of the entry to put into this level
  std::optional<Oid> tree;
};

TreeBuilderHandle builder_for(const Repository& repository, const std::optional<Oid>& source) {
  TreeHandle tree;
  if (source && !list_tree(repository, *source).empty()) {
    const git_oid oid = to_libgit2(*source);
    check_libgit2(git_tree_lookup(out(tree), repository.handle(), &oid), "cannot read a tree");
  }
  TreeBuilderHandle builder;
  check_libgit2(git_treebuilder_new(out(builder), repository.handle(), tree.get()),
                "cannot build a tree");
  return builder;
}

Oid write_tree(const Repository& repository, const TreeBuilderHandle& builder) {
  git_oid written;
  check_libgit2(write_beside_gc([&] { return git_treebuilder_write(&written, builder.get()); }),
                "cannot write a tree");
  const Oid tree = from_libgit2(written);
  remember_written(repository, tree, GIT_OBJECT_TREE, content_of(repository, written));
  return tree;
}

Oid put(const Repository& repository, const Level& level, const Oid& id, git_filemode_t mode,
        std::string_view path) {
  const TreeBuilderHandle builder = builder_for(repository, level.tree);
  const git_oid entry = to_libgit2(id);
  check_libgit2(git_treebuilder_insert(nullptr, builder.get(), level.name.c_str(), &entry, mode),
                fmt::format("cannot put '{}' into a tree", path));
  return write_tree(repository, builder);
}

[[noreturn]] void throw_in_the_way(std::string_view path, const TreeEntry& entry) {
  const std::string_view what = entry.is_symlink()        ? "a symbolic link"
                                : entry.is_tree()         ? "a folder"
                                : entry.is_regular_file() ? "a file"
                                                          : "a submodule";
  throw Error(ErrorKind::fatal,
              fmt::format("cannot write '{}': '{}' is {}", path, entry.name, what));
}

std::vector<Level> levels_to(const Repository& repository, const std::optional<Oid>& base,
                             std::string_view path) {
  std::vector<Level> levels;
  std::optional<Oid> tree = base;
  const auto names = text::split(path, '/');
  for (std::size_t i = 0; i < names.size(); ++i) {
    levels.push_back({std::string(names[i]), tree});
    const auto entry = tree ? entry_at(repository, *tree, names[i]) : std::nullopt;
    const bool last = i + 1 == names.size();
    if (entry && !(last ? entry->is_regular_file() : entry->is_tree())) {
      throw_in_the_way(path, *entry);
    }
    tree = entry ? std::optional(entry->oid) : std::nullopt;
  }
  return levels;
}

}  // namespace

Oid empty_tree(const Repository& repository) {
  return write_object(repository, GIT_OBJECT_TREE, {});
}

Oid write_blob(const Repository& repository, std::string_view content) {
  return write_object(repository, GIT_OBJECT_BLOB, std::string(content));
}

Oid tree_with_file(const Repository& repository, const std::optional<Oid>& base,
                   std::string_view path, const Oid& blob) {
  const std::vector<Level> levels = levels_to(repository, base, path);
  Oid id = blob;
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    id = put(repository, *level, id,
             level == levels.rbegin() ? GIT_FILEMODE_BLOB : GIT_FILEMODE_TREE, path);
  }
  return id;
}

Oid tree_with_folder(const Repository& repository, const Oid& base, const std::string& name,
                     const Oid& tree) {
  return put(repository, Level{name, base}, tree, GIT_FILEMODE_TREE, name);
}

Oid tree_without_folder(const Repository& repository, const Oid& base, const std::string& name) {
  const auto entry = entry_at(repository, base, name);
  if (!entry || !entry->is_tree()) return base;
  const TreeBuilderHandle builder = builder_for(repository, base);
  check_libgit2(git_treebuilder_remove(builder.get(), name.c_str()),
                fmt::format("cannot take '{}' out of a tree", name));
  return write_tree(repository, builder);
}

}  // namespace gitplan::git
