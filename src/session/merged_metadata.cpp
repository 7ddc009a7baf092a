#include "session/merged_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/tree_folder.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

using git::Oid;

std::optional<MetadataFile> metadata_in(const Workspace& workspace, const PlanView& view,
                                        TaskIndex index, const Oid& commit) {
  Ledger ledger(workspace.repository(), view.session());
  const auto file = ledger.file_in(commit, task_number(view.task(index).id).value_or(0));
  if (!file) return std::nullopt;
  std::string path = fmt::format("{}/{}/{}", ref_names::metadata_folder, view.session(), *file);
  const auto entry =
      git::entry_at(workspace.repository(), git::tree_of(workspace.repository(), commit), path);
  return MetadataFile{std::move(path), entry->oid};
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
  std::vector<MetadataFile> came_along;  ///< of tasks whose branches were merged into this one
};

/// The file of a task whose own branch this one contains: its work comes with it.
bool is_of_merged_branch(const git::Repository& repository, const std::string& path,
                         const Oid& blob, const Oid& tip) try {
  const auto file = toml_io::parse_task_file(git::read_blob(repository, blob, path), path);
  const auto other = git::read_ref(repository, ref_names::branch_ref(file.branch));
  return other && git::is_ancestor(repository, *other, tip);
} catch (const Error&) {
  return false;
}

Meddling meddling(const git::Repository& repository, const Oid& flow, const Oid& tip,
                  const std::string& own) {
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
    if (is_of_merged_branch(repository, path, oid, tip)) {
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

/// The merge, with this metadata folder and with the branch itself as second parent.
Oid settled(const git::Repository& repository, const Oid& merge, const Oid& tip,
            const Oid& folder) {
  const git::Commit made = git::read_commit(repository, merge);
  if (folder_of(repository, merge) == folder && made.parents.back() == tip) return merge;
  const Oid tree =
      git::tree_with_folder(repository, made.tree, std::string(ref_names::metadata_folder), folder);
  const std::array parents{made.parents.front(), tip};
  return git::create_commit(repository, tree, parents, made.message);
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
  Meddling found = meddling(repository, flow, branch.tip, file.path);
  for (const MetadataFile& other : found.came_along)
    folder = folder_with(repository, folder, other);
  if (!found.deeds.empty()) {
    warn_of_meddling(workspace, view, index, branch, std::move(found.deeds));
    outcome =
        git::merge_commit(repository, flow, with_folder(repository, branch.tip, folder), message);
    merged = std::get_if<git::Merged>(&outcome);
  }
  if (merged == nullptr) return outcome;
  return git::Merged{settled(repository, merged->commit, branch.tip, folder)};
}

}  // namespace gitplan
