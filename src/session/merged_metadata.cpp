#include "session/merged_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/merge_in_checkout.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/tree_folder.hpp"
#include "plan/ids.hpp"
#include "session/merged_along.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

using git::Oid;

std::optional<MetadataFile> metadata_in(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index, const Oid& commit) {
  const Ledger ledger(workspace.repository(), view.session());
  const auto file = ledger.metadata_in(commit, task_number(view.task(index).id).value_or(0));
  if (!file) return std::nullopt;
  return MetadataFile{
      fmt::format("{}/{}/{}", ref_names::metadata_folder, view.session(), file->file), file->blob};
}

/// The file that flow is to have. One that flow has keeps its name there.
MetadataFile metadata_for_flow(const Workspace& workspace, const PlanView& view, TaskIndex index,
                               const TaskBranch& branch, const Oid& flow) {
  const auto known = metadata_in(workspace, view, index, flow);
  if (const auto on_tip = metadata_in(workspace, view, index, branch.tip))
    return {known ? known->path : on_tip->path, on_tip->blob};
  if (known) return *known;
  if (auto earlier = metadata_of(workspace, view, index, branch)) return *std::move(earlier);
  return make_metadata(workspace.repository(), view, index, branch.name);
}

/// The metadata folder of a commit; nothing where there is none, or something else stands there.
std::optional<Oid> folder_of(const git::Repository& repository, const Oid& commit) {
  const auto entry =
      git::entry_at(repository, git::tree_of(repository, commit), ref_names::metadata_folder);
  return entry && entry->is_tree() ? std::optional(entry->oid) : std::nullopt;
}

using Files = std::map<std::string, Oid>;

void add_files(const git::Repository& repository, const Oid& tree, const std::string& path,
               Files& files) {
  for (const auto& entry : git::list_tree(repository, tree)) {
    const std::string below = path + "/" + entry.name;
    if (entry.is_tree()) {
      add_files(repository, entry.oid, below, files);
    } else {
      files.emplace(below, entry.oid);
    }
  }
}

Files files_of(const git::Repository& repository, const std::optional<Oid>& commit) {
  Files files;
  const auto folder = commit ? folder_of(repository, *commit) : std::nullopt;
  if (folder) add_files(repository, *folder, std::string(ref_names::metadata_folder), files);
  return files;
}

/// What the branch did to metadata that is not its own, since it and flow parted.
struct Meddling {
  std::vector<std::string> deeds;        ///< "removed '…'"
  std::vector<MetadataFile> came_along;  ///< see comes_along
};

Meddling meddling(const Workspace& workspace, const Oid& flow, const Oid& tip,
                  const std::string& own) {
  const git::Repository& repository = workspace.repository();
  const Files before = files_of(repository, git::merge_base(repository, flow, tip));
  const Files after = files_of(repository, tip);
  Meddling found;
  const auto add = [&](std::string_view deed, const std::string& path) {
    if (path != own) found.deeds.push_back(fmt::format("{} '{}'", deed, text::printable(path)));
  };
  for (const auto& [path, oid] : before) {
    const auto now = after.find(path);
    if (now == after.end()) add("removed", path);
    if (now != after.end() && now->second != oid) add("changed", path);
  }
  for (const auto& [path, oid] : after) {
    if (before.contains(path) || path == own) continue;
    if (comes_along(workspace, {path, oid}, flow, tip)) {
      found.came_along.push_back({path, oid});
    } else {
      add("added", path);
    }
  }
  return found;
}

void warn_of_meddling(Workspace& workspace, const PlanView& view, TaskIndex index,
                      const TaskBranch& branch, std::vector<std::string> deeds) {
  constexpr std::size_t most = 10;
  const std::size_t more = deeds.size() > most ? deeds.size() - most : 0;
  deeds.resize(deeds.size() - more);
  Diagnostic warning{
      Severity::warning, "metadata_kept",
      fmt::format("task '{}': branch '{}' {}{}; '{}' keeps its own", view.task(index).id,
                  text::printable(branch.name), text::join(deeds, ", "),
                  more > 0 ? fmt::format(" and {} more", more) : "",
                  text::printable(view.plan().flow_branch)),
      view.task(index).id, std::nullopt};
  const auto& said = workspace.warnings();
  if (std::find(said.begin(), said.end(), warning) == said.end()) workspace.warn(warning);
}

/// A metadata folder with this file in it.
Oid folder_with(const git::Repository& repository, const std::optional<Oid>& folder,
                const MetadataFile& file) {
  const std::size_t skipped = ref_names::metadata_folder.size() + 1;
  return git::tree_with_file(repository, folder, file.path.substr(skipped), file.blob);
}

/// A commit on top of the branch that has this metadata folder: one that no merge can object to.
Oid with_folder(const git::Repository& repository, const Oid& tip, const Oid& folder) {
  const Oid tree = git::tree_with_folder(repository, git::tree_of(repository, tip),
                                         std::string(ref_names::metadata_folder), folder);
  return git::create_commit(repository, tree, std::span(&tip, 1), "Take the metadata of flow");
}

/// A tree with this metadata folder, or without one.
Oid tree_with_metadata(const git::Repository& repository, const Oid& tree,
                       const std::optional<Oid>& folder) {
  const std::string name(ref_names::metadata_folder);
  return folder ? git::tree_with_folder(repository, tree, name, *folder)
                : git::tree_without_folder(repository, tree, name);
}

/// The merge, with this metadata folder and with these parents.
Oid settled(const git::Repository& repository, const Oid& merge, std::span<const Oid> parents,
            const std::optional<Oid>& folder) {
  const git::Commit made = git::read_commit(repository, merge);
  if (folder_of(repository, merge) == folder && std::ranges::equal(made.parents, parents))
    return merge;
  return git::create_commit(repository, tree_with_metadata(repository, made.tree, folder), parents,
                            made.message);
}

/// True if a merge of the two leaves the metadata of `ours` as it is. Throws Error(wrong_state) for
/// unrelated histories.
bool leaves_metadata(const git::Repository& repository, const Oid& ours, const Oid& theirs) {
  const auto base = git::merge_base(repository, ours, theirs);
  if (!base) git::refuse_unrelated(ours, theirs);
  const auto folder = folder_of(repository, theirs);
  return folder == folder_of(repository, ours) || folder == folder_of(repository, *base);
}

/// A commit that stands for `side` in a merge: with this metadata folder, and with a history that
/// says what it has.
Oid stand_in(const git::Repository& repository, const Oid& side, const std::optional<Oid>& has,
             const std::optional<Oid>& folder) {
  std::vector<Oid> parents{side};
  if (has) parents.push_back(*has);
  const Oid tree = tree_with_metadata(repository, git::tree_of(repository, side), folder);
  return git::create_commit(repository, tree, parents, "Stand in for one side of a merge");
}

}  // namespace

std::optional<MetadataFile> metadata_of(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index, const TaskBranch& branch) {
  if (auto file = metadata_in(workspace, view, index, branch.tip)) return file;
  const auto& flow = view.flow().commit;
  if (!flow) return std::nullopt;
  for (const Oid& commit : git::commits_between(workspace.repository(), *flow, branch.tip)) {
    if (auto file = metadata_in(workspace, view, index, commit)) return file;
  }
  return std::nullopt;
}

std::variant<git::Merged, git::Conflicts> merge_with_metadata(Workspace& workspace,
                                                              const PlanView& view, TaskIndex index,
                                                              const TaskBranch& branch,
                                                              const Oid& flow,
                                                              const std::string& message) {
  const git::Repository& repository = workspace.repository();
  const MetadataFile file = metadata_for_flow(workspace, view, index, branch, flow);
  Oid folder = folder_with(repository, folder_of(repository, flow), file);
  auto outcome = git::merge_commit(repository, flow, branch.tip, message);
  const auto* merged = std::get_if<git::Merged>(&outcome);
  if (merged != nullptr && folder_of(repository, merged->commit) == folder) return outcome;
  Meddling found = meddling(workspace, flow, branch.tip, file.path);
  for (const MetadataFile& other : found.came_along)
    folder = folder_with(repository, folder, other);
  if (!found.deeds.empty()) {
    warn_of_meddling(workspace, view, index, branch, std::move(found.deeds));
    outcome =
        git::merge_commit(repository, flow, with_folder(repository, branch.tip, folder), message);
    merged = std::get_if<git::Merged>(&outcome);
  }
  if (merged == nullptr) return outcome;
  const std::array parents{flow, branch.tip};
  return git::Merged{settled(repository, merged->commit, parents, folder)};
}

std::variant<git::Merged, git::Conflicts> merge_beside_metadata(const git::Repository& repository,
                                                                const MergeSides& sides,
                                                                const std::string& message,
                                                                Joined joined) {
  const auto folder = folder_of(repository, sides.ours);
  const bool alike = leaves_metadata(repository, sides.ours, sides.theirs);
  const Oid ours =
      sides.ours_has ? stand_in(repository, sides.ours, sides.ours_has, folder) : sides.ours;
  const bool as_they_are = alike && !sides.ours_has && !sides.theirs_have;
  const Oid theirs =
      as_they_are ? sides.theirs : stand_in(repository, sides.theirs, sides.theirs_have, folder);
  auto outcome = git::merge_commit(repository, ours, theirs, message);
  const auto* merged = std::get_if<git::Merged>(&outcome);
  if (merged == nullptr) return outcome;
  std::vector<Oid> parents{sides.ours};
  if (joined == Joined::merge) parents.push_back(sides.theirs);
  return git::Merged{settled(repository, merged->commit, parents, folder)};
}

}  // namespace gitplan
