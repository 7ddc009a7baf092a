#include "session/delivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "store/ref_names.hpp"
#include "store/session_trees.hpp"

namespace gitplan {
namespace {

using git::Oid;

constexpr std::string_view trailer = "Delivered: ";
constexpr std::string_view after_trailer = "Delivered-After: ";

/// Session and number of each task.
using Key = std::pair<std::string, std::uint32_t>;
/// The metadata file of each.
using Files = std::map<Key, Oid>;

std::optional<Oid> metadata_folder(const git::Repository& repository, const Oid& commit) {
  const auto entry =
      git::entry_at(repository, git::tree_of(repository, commit), ref_names::metadata_folder);
  return entry && entry->is_tree() ? std::optional(entry->oid) : std::nullopt;
}

/// Which files are what they are called, each read once.
class Metadata {
 public:
  explicit Metadata(const git::Repository& repository) : repository_(&repository) {}

  bool is_of(const Key& key, const Oid& file) {
    const auto [place, is_new] = facts_.try_emplace(file);
    if (is_new) place->second = read_task_facts(*repository_, file, "metadata file");
    const TaskFileFacts& said = place->second;
    return said.absent || (said.session == key.first && said.number == key.second);
  }

 private:
  const git::Repository* repository_;
  std::unordered_map<Oid, TaskFileFacts, git::OidHash> facts_;
};

void add_tasks(const git::Repository& repository, const git::TreeEntry& session, Metadata& metadata,
               Files& files) {
  if (!session.is_tree()) return;
  for (const auto& file : git::list_tree(repository, session.oid)) {
    const auto name = ref_names::parse_task_file(file.name);
    const auto number = name && file.is_regular_file() ? task_number(name->id) : std::nullopt;
    if (!number) continue;
    const Key key{session.name, *number};
    if (metadata.is_of(key, file.oid)) files.emplace(key, file.oid);
  }
}

/// The tasks of those sessions whose folders are not the same in `other`.
Files tasks_beside(const git::Repository& repository, const std::optional<Oid>& folder,
                   const std::optional<Oid>& other, Metadata& metadata) {
  Files files;
  if (!folder) return files;
  for (const auto& session : git::list_tree(repository, *folder)) {
    const auto same = other ? git::entry_at(repository, *other, session.name) : std::nullopt;
    if (!same || same->oid != session.oid) add_tasks(repository, session, metadata, files);
  }
  return files;
}

/// True if two commits differ in nothing but metadata.
bool same_work(const git::Repository& repository, const Oid& a, const Oid& b) {
  const auto work_of = [&](const Oid& commit) {
    auto entries = git::list_tree(repository, git::tree_of(repository, commit));
    std::erase_if(entries, [](const auto& one) { return one.name == ref_names::metadata_folder; });
    return entries;
  };
  return std::ranges::equal(work_of(a), work_of(b), [](const auto& one, const auto& other) {
    return one.name == other.name && one.oid == other.oid && one.mode == other.mode;
  });
}

/// What one commit of flow did to the tasks that are known to be built.
void play(const git::Repository& repository, const Oid& parent, const Oid& commit,
          Metadata& metadata, Files& built) {
  const auto before = metadata_folder(repository, parent);
  const auto after = metadata_folder(repository, commit);
  if (before == after) return;
  const Files had = tasks_beside(repository, before, after, metadata);
  const Files has = tasks_beside(repository, after, before, metadata);
  for (const auto& [key, file] : has) {
    if (!had.contains(key)) built[key] = file;
  }
  const bool taken_back = !same_work(repository, parent, commit);
  for (const auto& [key, file] : had) {
    if (taken_back && !has.contains(key)) built.erase(key);
  }
}

/// Flow's own commits after `since`, oldest first, each after its first parent.
std::vector<std::pair<Oid, Oid>> steps(const git::Repository& repository, const Oid& since,
                                       const Oid& flow) {
  constexpr int most = 1'000'000;
  const auto new_ones = git::commits_between(repository, since, flow, most);
  const std::unordered_set<Oid, git::OidHash> is_new(new_ones.begin(), new_ones.end());
  std::vector<std::pair<Oid, Oid>> found;
  for (Oid commit = flow; is_new.contains(commit);) {
    const auto parents = git::read_commit(repository, commit).parents;
    if (parents.empty()) break;
    found.emplace_back(parents.front(), commit);
    commit = parents.front();
  }
  std::ranges::reverse(found);
  return found;
}

/// The commit that the last such trailer names.
std::optional<Oid> named_in(std::string_view message, std::string_view key) {
  std::optional<Oid> found;
  for (const std::string_view line : text::split(message, '\n')) {
    if (!line.starts_with(key)) continue;
    if (const auto commit = Oid::parse(text::trim(line.substr(key.size())))) found = commit;
  }
  return found;
}

/// A commit that says what of flow it brought.
struct Delivery {
  Oid commit;
  Oid brought;
  std::optional<Oid> after;  ///< what had been squashed there before
};

/// One that changes nothing brought nothing, whatever it says.
std::optional<Delivery> delivery_of(const git::Repository& repository, const Oid& id) {
  const git::Commit commit = git::read_commit(repository, id);
  const auto brought = delivered_in(commit.message);
  if (!brought || commit.parents.empty()) return std::nullopt;
  const bool changes = commit.tree != git::tree_of(repository, commit.parents.front());
  if (!changes || !git::object_exists(repository, *brought)) return std::nullopt;
  return Delivery{id, *brought, named_in(commit.message, after_trailer)};
}

/// What was brought before it is there, too. It may not be where the commit was picked from another
/// branch.
bool is_true(const git::Repository& repository, const std::vector<Delivery>& older,
             const Delivery& one) {
  if (!one.after || git::is_ancestor(repository, *one.after, one.commit)) return true;
  return std::ranges::any_of(older, [&](const Delivery& before) {
    return before.brought == *one.after && git::is_ancestor(repository, before.commit, one.commit);
  });
}

/// Those of the commits of `tip` that `base` lacks, newest first.
std::vector<Delivery> deliveries(const git::Repository& repository, const Oid& base,
                                 const Oid& tip) {
  auto commits = git::commits_between(repository, base, tip);
  std::ranges::reverse(commits);
  std::vector<Delivery> found;
  for (const Oid& id : commits) {
    const auto one = delivery_of(repository, id);
    if (one && is_true(repository, found, *one)) found.push_back(*one);
  }
  std::ranges::reverse(found);
  return found;
}

/// Leaves out the first of these steps, which squashes in the history of `tip` brought there: flow
/// has them by a merge of `tip`, so that no merge base tells.
void leave_out_squashed(const git::Repository& repository, const Oid& tip,
                        std::vector<std::pair<Oid, Oid>>& line) {
  if (line.empty()) return;
  for (const Delivery& one : deliveries(repository, line.front().first, tip)) {
    const auto is_in = [&](const auto& step) {
      return git::is_ancestor(repository, step.second, one.brought);
    };
    line.erase(line.begin(), std::ranges::partition_point(line, is_in));
    if (line.empty()) return;
  }
}

BuiltTask read_task(const git::Repository& repository, const Key& key, const Oid& file) {
  BuiltTask task{key.first, format_task_id(key.second), {}, {}};
  try {
    const auto said = toml_io::parse_task_file(git::read_blob(repository, file, task.id), task.id);
    if (task_number(said.id) == key.second) task.id = said.id;
    task.description = said.description;
    task.goal = said.session_goal;
  } catch (const Error&) {
    return task;  // what cannot be read has its number alone
  }
  return task;
}

}  // namespace

std::string delivered_trailers(const Squash& squash) {
  const std::string said = fmt::format("{}{}", trailer, squash.flow.hex());
  if (!squash.after) return said;
  return fmt::format("{}{}\n{}", after_trailer, squash.after->hex(), said);
}

std::optional<Oid> delivered_in(std::string_view message) { return named_in(message, trailer); }

std::optional<Oid> squashed_up_to(const git::Repository& repository, const Oid& flow,
                                  const Oid& tip) {
  for (const Delivery& one : deliveries(repository, flow, tip)) {
    if (git::is_ancestor(repository, one.brought, flow)) return one.brought;
  }
  return std::nullopt;
}

std::vector<BuiltTask> built_since(const git::Repository& repository, const Oid& since,
                                   const Oid& flow, const Oid& tip) {
  Files built;
  auto line = steps(repository, since, flow);
  leave_out_squashed(repository, tip, line);
  Metadata metadata(repository);
  for (const auto& [parent, commit] : line) play(repository, parent, commit, metadata, built);
  std::vector<BuiltTask> tasks;
  std::ranges::transform(built, std::back_inserter(tasks), [&](const auto& one) {
    return read_task(repository, one.first, one.second);
  });
  return tasks;
}

}  // namespace gitplan
