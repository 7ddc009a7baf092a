#include "git/objects.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/process.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

constexpr std::string_view empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// git knows the empty tree without having it.
bool is_empty_tree(const Oid& tree) { return tree == Oid::parse(empty_tree); }

/// Runs a libgit2 lookup. Where it fails, once more: after git was asked for a missing object, or
/// with the packs that are there now, should a gc have replaced them.
template <typename Lookup>
int with_fetch(const Repository& repository, const Oid& id, Lookup lookup) {
  const int result = lookup();
  if (result >= 0) return result;
  const bool again = result == GIT_ENOTFOUND ? fetch_promised(repository, id)
                                             : git_odb_refresh(odb_of(repository)) == 0;
  return again ? lookup() : result;
}

[[noreturn]] void throw_missing(const Oid& id, std::string_view kind) {
  throw Error(ErrorKind::fatal,
              fmt::format("cannot read {} {}: {}", kind, id.abbreviated(), libgit2_message()),
              Hint{"to find what is damaged, run: git fsck"});
}

TreeHandle lookup_tree(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  TreeHandle tree;
  const int result = with_fetch(
      repository, id, [&] { return git_tree_lookup(out(tree), repository.handle(), &oid); });
  if (result < 0) throw_missing(id, "tree");
  return tree;
}

OdbObjectHandle read_object(const Repository& repository, const Oid& id, std::string_view kind) {
  const git_oid oid = to_libgit2(id);
  OdbObjectHandle object;
  const int result = with_fetch(
      repository, id, [&] { return git_odb_read(out(object), odb_of(repository), &oid); });
  if (result < 0) throw_missing(id, kind);
  return object;
}

CommitHandle lookup_commit(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  CommitHandle commit;
  const int result = with_fetch(
      repository, id, [&] { return git_commit_lookup(out(commit), repository.handle(), &oid); });
  if (result < 0) throw_missing(id, "commit");
  return commit;
}

bool is_in_other_encoding(const git_commit* commit) {
  const char* encoding = git_commit_message_encoding(commit);
  return encoding != nullptr && ::strcasecmp(encoding, "UTF-8") != 0 &&
         ::strcasecmp(encoding, "UTF8") != 0;
}

/// As git shows them: it knows all encodings.
void read_texts_in_utf8(const Repository& repository, Commit& commit) {
  Command log;
  log.arguments = {git_dir_option(repository),
                   "log",
                   "-z",
                   "--max-count=1",
                   "--no-show-signature",
                   "--encoding=UTF-8",
                   "--format=%an%x00%B",
                   commit.id.hex()};
  const Outcome outcome = run_git(log);
  const auto fields = text::split(outcome.output, '\0');
  if (!outcome.ok() || fields.size() < 2) return;
  commit.author_name = fields[0];
  commit.message = fields[1];
}

[[noreturn]] void throw_unreadable(std::string_view name) {
  throw Error(ErrorKind::fatal, fmt::format("cannot read '{}': {}", name, libgit2_message()),
              Hint{"to find what is damaged, run: git fsck"});
}

TreeEntry described(const git_tree_entry* entry) {
  return {git_tree_entry_name(entry), from_libgit2(*git_tree_entry_id(entry)),
          static_cast<std::uint32_t>(git_tree_entry_filemode_raw(entry))};
}

}  // namespace

std::string Commit::subject() const { return message.substr(0, message.find('\n')); }

bool fetch_promised(const Repository& repository, const Oid& id) {
  Command command;
  command.arguments = {git_dir_option(repository), "cat-file", "-e", id.hex()};
  if (!run_git(command).ok()) return false;
  return git_odb_refresh(odb_of(repository)) == 0;
}

Commit read_commit(const Repository& repository, const Oid& id) {
  const CommitHandle handle = lookup_commit(repository, id);
  Commit commit;
  commit.id = id;
  commit.tree = from_libgit2(*git_commit_tree_id(handle.get()));
  commit.is_cut = is_shallow_boundary(repository, id);
  if (!commit.is_cut) {
    for (unsigned int i = 0; i < git_commit_parentcount(handle.get()); ++i) {
      commit.parents.push_back(from_libgit2(*git_commit_parent_id(handle.get(), i)));
    }
  }
  commit.message = git_commit_message(handle.get());
  const git_signature* author = git_commit_author(handle.get());
  commit.author_name = author->name;
  if (is_in_other_encoding(handle.get())) read_texts_in_utf8(repository, commit);
  commit.author_email = author->email;
  commit.author_time = author->when.time;
  commit.committer_time = git_commit_time(handle.get());
  return commit;
}

/// By its first line, as git finds it: libgit2 reads no commit whose author or date it dislikes.
Oid tree_of(const Repository& repository, const Oid& commit) {
  constexpr std::string_view key = "tree ";
  const OdbObjectHandle object = read_object(repository, commit, "commit");
  const std::string_view content(static_cast<const char*>(git_odb_object_data(object.get())),
                                 git_odb_object_size(object.get()));
  const std::string_view line = content.substr(0, content.find('\n'));
  const bool has_tree =
      git_odb_object_type(object.get()) == GIT_OBJECT_COMMIT && line.starts_with(key);
  const auto tree = has_tree ? Oid::parse(line.substr(key.size())) : std::nullopt;
  if (tree) return *tree;
  throw Error(ErrorKind::fatal, fmt::format("'{}' is no commit", commit.abbreviated()),
              Hint{"to see what it is, run: git cat-file -t " + commit.hex()});
}

std::vector<TreeEntry> list_tree(const Repository& repository, const Oid& tree) {
  std::vector<TreeEntry> entries;
  if (is_empty_tree(tree)) return entries;
  const TreeHandle handle = lookup_tree(repository, tree);
  const std::size_t count = git_tree_entrycount(handle.get());
  entries.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    entries.push_back(described(git_tree_entry_byindex(handle.get(), i)));
  }
  return entries;
}

TreeDifference compare_names(const Repository& repository, const std::optional<Oid>& before,
                             const std::optional<Oid>& after) {
  const auto open = [&](const std::optional<Oid>& tree) {
    return tree && !is_empty_tree(*tree) ? lookup_tree(repository, *tree) : TreeHandle();
  };
  const TreeHandle old_tree = open(before);
  const TreeHandle new_tree = open(after);
  const auto only_in = [](const TreeHandle& tree, const TreeHandle& other) {
    std::vector<TreeEntry> entries;
    const std::size_t count = tree ? git_tree_entrycount(tree.get()) : 0;
    std::size_t near = 0;  // both are in the same order: the other's is next to the last one found
    const std::size_t others = other ? git_tree_entrycount(other.get()) : 0;
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      const char* name = git_tree_entry_name(entry);
      const bool next =
          near < others &&
          std::strcmp(git_tree_entry_name(git_tree_entry_byindex(other.get(), near)), name) == 0;
      if (next || (other && git_tree_entry_byname(other.get(), name) != nullptr)) {
        ++near;
      } else {
        entries.push_back(described(entry));
      }
    }
    return entries;
  };
  return {only_in(new_tree, old_tree), only_in(old_tree, new_tree)};
}

std::optional<TreeEntry> entry_at(const Repository& repository, const Oid& tree,
                                  std::string_view path) {
  std::optional<TreeEntry> found = TreeEntry{"", tree, 0040000};
  for (const std::string_view name : text::split(path, '/')) {
    if (!found->is_tree() || is_empty_tree(found->oid)) return std::nullopt;
    const TreeHandle folder = lookup_tree(repository, found->oid);
    const git_tree_entry* entry = git_tree_entry_byname(folder.get(), std::string(name).c_str());
    if (entry == nullptr) return std::nullopt;
    found = described(entry);
  }
  return found;
}

std::string read_blob(const Repository& repository, const Oid& blob, std::string_view name,
                      std::size_t max_bytes) {
  const git_oid oid = to_libgit2(blob);
  git_odb* odb = odb_of(repository);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const int result =
      with_fetch(repository, blob, [&] { return git_odb_read_header(&size, &type, odb, &oid); });
  if (result < 0) throw_unreadable(name);
  if (type != GIT_OBJECT_BLOB) {
    throw Error(ErrorKind::fatal,
                fmt::format("'{}' is a {}, not a file", name, git_object_type2string(type)));
  }
  if (size > max_bytes) {
    throw Error(ErrorKind::fatal, fmt::format("'{}' is too large: {} bytes, at most {} are read",
                                              name, size, max_bytes));
  }
  OdbObjectHandle object;
  if (with_fetch(repository, blob, [&] { return git_odb_read(out(object), odb, &oid); }) < 0) {
    throw_unreadable(name);
  }
  return {static_cast<const char*>(git_odb_object_data(object.get())),
          git_odb_object_size(object.get())};
}

bool is_commit(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const int result = with_fetch(
      repository, id, [&] { return git_odb_read_header(&size, &type, odb_of(repository), &oid); });
  if (result < 0) throw_missing(id, "object");
  return type == GIT_OBJECT_COMMIT;
}

bool object_exists(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  return git_odb_exists(odb_of(repository), &oid) == 1;
}

}  // namespace gitplan::git
