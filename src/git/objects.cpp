#include "git/objects.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/process.hpp"
#include "git/repository_state.hpp"
#include "git/tree_reader.hpp"

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

[[noreturn]] void throw_missing(const Oid& id, std::string_view kind,
                                const std::string& reason = libgit2_message()) {
  throw Error(ErrorKind::fatal,
              fmt::format("cannot read {} {}: {}", kind, id.abbreviated(), reason),
              Hint{"to find what is damaged, run: git fsck"});
}

OdbObjectHandle read_object(const Repository& repository, const Oid& id, std::string_view kind) {
  const git_oid oid = to_libgit2(id);
  OdbObjectHandle object;
  const int result = with_fetch(
      repository, id, [&] { return git_odb_read(out(object), odb_of(repository), &oid); });
  if (result < 0) throw_missing(id, kind);
  return object;
}

/// What git reads and libgit2 does not.
std::optional<TreeReader> read_odd_tree(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  OdbObjectHandle object;
  if (git_odb_read(out(object), odb_of(repository), &oid) < 0) return std::nullopt;
  if (git_odb_object_type(object.get()) != GIT_OBJECT_TREE) return std::nullopt;
  auto entries = parse_tree({static_cast<const char*>(git_odb_object_data(object.get())),
                             git_odb_object_size(object.get())});
  return entries ? std::optional<TreeReader>(*std::move(entries)) : std::nullopt;
}

TreeReader read_tree(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  TreeHandle tree;
  const int result = with_fetch(
      repository, id, [&] { return git_tree_lookup(out(tree), repository.handle(), &oid); });
  if (result >= 0) return TreeReader(std::move(tree));
  const std::string reason = libgit2_message();
  if (auto odd = read_odd_tree(repository, id)) return *std::move(odd);
  throw_missing(id, "tree", reason);
}

CommitHandle lookup_commit(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  CommitHandle commit;
  with_fetch(repository, id,
             [&] { return git_commit_lookup(out(commit), repository.handle(), &oid); });
  return commit;
}

/// As git shows them, in UTF-8: it knows all encodings, and passes over what it cannot make out.
/// Nothing where it cannot read the commit.
std::optional<std::vector<std::string>> ask_git(const Repository& repository, const Oid& id,
                                                const std::string& format) {
  Command log;
  log.arguments = {git_dir_option(repository),
                   "log",
                   "-z",
                   "--max-count=1",
                   "--no-show-signature",
                   "--encoding=UTF-8",
                   "--format=" + format,
                   id.hex()};
  const Outcome outcome = run_git(log);
  if (!outcome.ok()) return std::nullopt;
  const auto fields = text::split(outcome.output, '\0');
  return std::vector<std::string>(fields.begin(), fields.end());
}

Seconds seconds_in(const std::string& digits) {
  Seconds time = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), time);
  return time;
}

/// One whose author or date libgit2 does not take.
std::optional<Commit> read_odd_commit(const Repository& repository, const Oid& id) {
  const auto fields = ask_git(repository, id, "%T%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%B");
  constexpr std::size_t count = 7;
  if (!fields || fields->size() < count) return std::nullopt;
  const auto tree = Oid::parse((*fields)[0]);
  if (!tree) return std::nullopt;
  Commit commit;
  commit.id = id;
  commit.tree = *tree;
  commit.is_cut = is_shallow_boundary(repository, id);
  for (const std::string_view parent : text::split((*fields)[1], ' ')) {
    if (const auto oid = Oid::parse(parent)) commit.parents.push_back(*oid);
  }
  commit.author_name = (*fields)[2];
  commit.author_email = (*fields)[3];
  commit.author_time = seconds_in((*fields)[4]);
  commit.committer_time = seconds_in((*fields)[5]);
  commit.message = (*fields)[6];
  return commit;
}

bool is_in_other_encoding(const git_commit* commit) {
  const char* encoding = git_commit_message_encoding(commit);
  return encoding != nullptr && ::strcasecmp(encoding, "UTF-8") != 0 &&
         ::strcasecmp(encoding, "UTF8") != 0;
}

void read_texts_in_utf8(const Repository& repository, Commit& commit) {
  const auto fields = ask_git(repository, commit.id, "%an%x00%B");
  if (!fields || fields->size() < 2) return;
  commit.author_name = (*fields)[0];
  commit.message = (*fields)[1];
}

[[noreturn]] void throw_unreadable(std::string_view name) {
  throw Error(ErrorKind::fatal, fmt::format("cannot read '{}': {}", name, libgit2_message()),
              Hint{"to find what is damaged, run: git fsck"});
}

/// Both are in the same order: the other's entry is next to the last one found, mostly.
std::vector<TreeEntry> only_in(const TreeReader& tree, const TreeReader& other) {
  std::vector<TreeEntry> entries;
  std::size_t near = 0;
  for (std::size_t i = 0; i < tree.count(); ++i) {
    const std::string_view name = tree.name(i);
    const bool is_next = near < other.count() && other.name(near) == name;
    if (is_next || other.find(name)) {
      ++near;
    } else {
      entries.push_back(tree.entry(i));
    }
  }
  return entries;
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
  if (!handle) {
    const std::string reason = libgit2_message();
    if (auto odd = read_odd_commit(repository, id)) return *std::move(odd);
    throw_missing(id, "commit", reason);
  }
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
  const TreeReader reader = read_tree(repository, tree);
  entries.reserve(reader.count());
  for (std::size_t i = 0; i < reader.count(); ++i) entries.push_back(reader.entry(i));
  return entries;
}

TreeDifference compare_names(const Repository& repository, const std::optional<Oid>& before,
                             const std::optional<Oid>& after) {
  const auto open = [&](const std::optional<Oid>& tree) {
    return tree && !is_empty_tree(*tree) ? read_tree(repository, *tree) : TreeReader();
  };
  const TreeReader old_tree = open(before);
  const TreeReader new_tree = open(after);
  return {only_in(new_tree, old_tree), only_in(old_tree, new_tree)};
}

std::optional<TreeEntry> entry_at(const Repository& repository, const Oid& tree,
                                  std::string_view path) {
  std::optional<TreeEntry> found = TreeEntry{"", tree, 0040000};
  for (const std::string_view name : text::split(path, '/')) {
    if (!found->is_tree() || is_empty_tree(found->oid)) return std::nullopt;
    found = read_tree(repository, found->oid).find(name);
    if (!found) return std::nullopt;
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

std::optional<std::size_t> object_size(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const int found = git_odb_read_header(&size, &type, odb_of(repository), &oid);
  return found == 0 ? std::optional(size) : std::nullopt;
}

bool object_exists(const Repository& repository, const Oid& id) {
  const git_oid oid = to_libgit2(id);
  return git_odb_exists(odb_of(repository), &oid) == 1;
}

}  // namespace gitplan::git
