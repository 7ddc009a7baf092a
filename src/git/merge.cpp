#include "git/merge.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/merge_attributes.hpp"
#include "git/merge_in_checkout.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"

namespace gitplan::git {
namespace {

Outcome run_merge_tree(const Repository& repository, const std::string& folder, const Oid& ours,
                       const Oid& theirs) {
  Command command;
  command.arguments = {"merge-tree", "--write-tree", "-z",        "--name-only",
                       "--messages", ours.hex(),     theirs.hex()};
  command.environment = {{"GIT_DIR", repository.common_dir()}, {"GIT_WORK_TREE", folder}};
  command.folder = folder;
  return run_git(command);
}

// What `git merge-tree -z --name-only --messages` prints: the tree, the paths in conflict, "", then
// messages, each with the number of its paths, the paths, a type and a text.
struct MergeTree {
  std::optional<Oid> tree;
  std::vector<std::string> in_conflict;
};

void add_paths_of_messages(const std::vector<std::string_view>& fields, std::size_t at,
                           std::vector<std::string>& paths) {
  while (at < fields.size() && !fields[at].empty()) {
    const std::size_t count = std::strtoul(std::string(fields[at]).c_str(), nullptr, 10);
    const std::size_t type = at + 1 + count;
    if (count >= fields.size() || type + 1 >= fields.size()) return;
    if (fields[type].starts_with("CONFLICT")) {
      for (std::size_t path = at + 1; path < type; ++path) paths.emplace_back(fields[path]);
    }
    at = type + 2;
  }
}

MergeTree parse_merge_tree(std::string_view output) {
  const std::vector<std::string_view> fields = text::split(output, '\0');
  MergeTree result;
  result.tree = Oid::parse(fields.front());
  std::size_t at = 1;
  for (; at < fields.size() && !fields[at].empty(); ++at)
    result.in_conflict.emplace_back(fields[at]);
  if (result.in_conflict.empty()) add_paths_of_messages(fields, at + 1, result.in_conflict);
  return result;
}

std::variant<Merged, Conflicts> merge_trees(const Repository& repository,
                                            const std::vector<AttributesFile>& attributes,
                                            const Oid& ours, const Oid& theirs,
                                            const std::string& message) {
  // Below an empty folder, the files of `ours` and nothing else decide how paths merge.
  const TemporaryFolder folder(repository);
  write_attributes(folder.path(), attributes);
  const Outcome outcome = run_merge_tree(repository, folder.path(), ours, theirs);
  if (complains_of_unrelated(outcome.errors)) refuse_unrelated(ours, theirs);
  const MergeTree merge = parse_merge_tree(outcome.output);
  if (outcome.exit_status > 1 || !merge.tree) {
    throw Error(ErrorKind::fatal, fmt::format("git merge-tree: {}", first_error_line(outcome)));
  }
  if (outcome.exit_status == 1) return conflicts_of(merge.in_conflict);
  const std::array parents = {ours, theirs};
  return Merged{create_commit(repository, *merge.tree, parents, message)};
}

}  // namespace

std::variant<Merged, Conflicts> merge_commit(const Repository& repository, const Oid& ours,
                                             const Oid& theirs, const std::string& message) {
  if (has_merge_hooks(repository, ours)) {
    return merge_in_checkout(repository, ours, theirs, message);
  }
  const std::vector<AttributesFile> attributes = merge_attributes(repository, ours, theirs);
  if (name_a_merge_driver(repository, attributes)) {
    return merge_in_checkout(repository, ours, theirs, message);
  }
  return merge_trees(repository, attributes, ours, theirs, message);
}

}  // namespace gitplan::git
