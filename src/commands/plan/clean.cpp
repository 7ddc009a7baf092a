#include "commands/plan/clean.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/tree_folder.hpp"
#include "git/worktrees.hpp"
#include "plan/ids.hpp"
#include "session/branch_merge.hpp"
#include "session/branch_work.hpp"
#include "session/done_refs.hpp"
#include "session/following.hpp"
#include "session/guard.hpp"
#include "session/kept_refs.hpp"
#include "session/missing_work.hpp"
#include "session/record.hpp"
#include "session/shared_deletion.hpp"
#include "session/shared_landing.hpp"
#include "session/surroundings.hpp"
#include "session/workspace.hpp"
#include "slots/lost_commits.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

using git::Oid;
using Views = std::vector<std::unique_ptr<PlanView>>;

constexpr Seconds kept_for = 30 * 86'400;

std::string unfinished(const PlanView& view) {
  if (view.size() == 0) return "it has no tasks";
  return fmt::format("{} of {} tasks completed", view.count(Status::completed), view.size());
}

/// Commits that came to a branch after its merge are to be merged first.
std::optional<std::string> ahead_of_flow(const Workspace& workspace, const PlanView& view) {
  const auto& flow = view.flow().commit;
  for (TaskIndex i = 0; flow && i < view.size(); ++i) {
    const TaskBranch* branch = view.task_branch(i);
    if (branch == nullptr || view.status(i) != Status::completed ||
        !has_later_work(workspace, view, i, *flow, branch->tip))
      continue;
    return fmt::format("task '{}' has commits on '{}' that '{}' lacks", view.task(i).id,
                       text::printable(branch->name), text::printable(view.plan().flow_branch));
  }
  return std::nullopt;
}

/// Why a plan is not to be cleaned up; nothing if it is.
std::optional<std::string> reason_to_keep(const Workspace& workspace, const PlanView& view) {
  if (!view.is_finished()) return unfinished(view);
  const auto missing = missing_work(workspace, view);
  if (missing.empty()) return view.is_cleaned() ? std::nullopt : ahead_of_flow(workspace, view);
  return fmt::format("task '{}' is recorded completed, but '{}' does not have it",
                     view.task(missing.front().task).id, text::printable(view.plan().flow_branch));
}

std::vector<PlanTip> asked_for(const Workspace& workspace) {
  const auto& named = workspace.settings().plan;
  if (!named) return workspace.store().list();
  const StoredPlan stored = workspace.store().load(ref_names::session_of(*named));
  return {{stored.session, stored.commit}};
}

[[noreturn]] void refuse_unfinished(const std::string& session, const std::string& reason) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("plan '{}' is not cleaned up: {}", session, reason),
              Hint{"to see it, run: git plan show " + session});
}

/// The plans to clean up; the others are noted as kept.
Views finished_plans(const Workspace& workspace, CleanResult& result) {
  const Surroundings surroundings(workspace);
  Views views;
  for (const PlanTip& tip : asked_for(workspace)) {
    std::optional<std::string> reason;
    try {
      auto view = std::make_unique<PlanView>(
          workspace, workspace.store().load_at(tip.session, tip.commit), surroundings);
      reason = reason_to_keep(workspace, *view);
      if (!reason) views.push_back(std::move(view));
    } catch (const Error& error) {
      reason = error.messages().front();
    }
    if (reason && workspace.settings().plan) refuse_unfinished(tip.session, *reason);
    if (reason) result.kept.push_back({tip.session, *reason});
  }
  return views;
}

bool is_in_flow(const git::Repository& repository, const PlanView& view) {
  const auto& flow = view.flow().commit;
  const std::string folder = fmt::format("{}/{}", ref_names::metadata_folder, view.session());
  return flow && git::entry_at(repository, git::tree_of(repository, *flow), folder);
}

// --- flow ----------------------------------------------------------------------------------------

/// Every task that this commit of flow has is recorded completed: its file may go.
bool is_all_recorded(const Workspace& workspace, const std::string& session, const Oid& flow) {
  const Plan plan = workspace.store().load(session).plan;
  const auto merged = Ledger(workspace.repository(), session).flow_at(flow).merged;
  return std::ranges::all_of(merged, [&](std::uint32_t number) {
    const auto index = plan.find(format_task_id(number));
    return !index || plan.tasks[*index].status == Status::completed;
  });
}

/// The tree of flow without the metadata of these sessions.
Oid tree_without(const git::Repository& repository, const Oid& flow,
                 const std::vector<std::string>& sessions) {
  const std::string name(ref_names::metadata_folder);
  const Oid tree = git::tree_of(repository, flow);
  const auto folder = git::entry_at(repository, tree, name);
  if (!folder || !folder->is_tree()) return tree;
  Oid metadata = folder->oid;
  for (const std::string& session : sessions)
    metadata = git::tree_without_folder(repository, metadata, session);
  if (metadata == folder->oid) return tree;
  return git::list_tree(repository, metadata).empty()
             ? git::tree_without_folder(repository, tree, name)
             : git::tree_with_folder(repository, tree, name, metadata);
}

std::string clean_message(const std::vector<std::string>& sessions) {
  std::string message = sessions.size() == 1
                            ? fmt::format("Clean up plan {}\n", sessions.front())
                            : fmt::format("Clean up {} finished plans\n\n", sessions.size());
  if (sessions.size() == 1) return message;
  for (const std::string& session : sessions) message += fmt::format("- {}\n", session);
  return message;
}

Made make_clean(Workspace& workspace, const std::vector<std::string>& sessions, const Oid& flow) {
  std::vector<std::string> ready;
  for (const std::string& session : sessions) {
    if (!is_all_recorded(workspace, session, flow)) record_completions(workspace, session);
    if (is_all_recorded(workspace, session, flow)) ready.push_back(session);
  }
  const git::Repository& repository = workspace.repository();
  const Oid tree = tree_without(repository, flow, ready);
  if (tree == git::tree_of(repository, flow)) return AlreadyMerged{};
  return git::Merged{
      git::create_commit(repository, tree, std::span(&flow, 1), clean_message(ready))};
}

void clean_flow(Workspace& workspace, const std::string& flow_branch,
                const std::vector<std::string>& sessions, CleanResult& result) {
  MergeInto into;
  into.branch = flow_branch;
  into.merged = {"the metadata", flow_branch, "nothing was cleaned up"};
  into.reflog = "plan clean";
  into.again = "git plan clean";
  into.tip = [&] { return *flow_tip(workspace, flow_branch); };
  into.publish = publishing_into(workspace, flow_branch);
  into.make = [&](const Oid& flow) { return make_clean(workspace, sessions, flow); };
  const auto outcome = merge_into(workspace, into);
  if (const auto* made = std::get_if<MergedCommit>(&outcome))
    result.commits.push_back({flow_branch, made->commit});
}

void clean_all_flows(Workspace& workspace, const Views& views, CleanResult& result) {
  std::map<std::string, std::vector<std::string>> sessions;
  for (const auto& view : views) {
    if (is_in_flow(workspace.repository(), *view))
      sessions[view->plan().flow_branch].push_back(view->session());
  }
  for (const auto& [flow_branch, of_it] : sessions)
    clean_flow(workspace, flow_branch, of_it, result);
}

/// From here on its record counts alone. A plan that went on meanwhile is left as it is.
void note_cleaned(Workspace& workspace, const std::string& session) {
  write_plan(workspace, session, "Clean up", [](const EditContext& context) {
    Plan plan = context.current.plan;
    const bool has_ended = std::ranges::all_of(plan.tasks, [&](const Task& task) {
      return context.in_flow(task) || task.status == Status::completed ||
             task.status == Status::cancelled;
    });
    if (has_ended && plan.cleaned_at.empty()) plan.cleaned_at = rfc3339(now());
    return plan;
  });
}

// --- branches ------------------------------------------------------------------------------------

std::optional<std::string> holder_of(const std::vector<git::Worktree>& worktrees,
                                     const std::string& ref) {
  const auto holder = std::ranges::find(worktrees, ref, &git::Worktree::branch);
  return holder == worktrees.end() ? std::nullopt : std::optional(holder->path);
}

/// Why a task's branch stays; nothing if it goes.
std::optional<std::string> reason_to_keep(const Workspace& workspace, const PlanView& view,
                                          const git::Ref& ref,
                                          const std::vector<git::Worktree>& worktrees,
                                          CleanRequest::Branches branches) {
  const git::Repository& repository = workspace.repository();
  if (const auto holder = holder_of(worktrees, ref.name))
    return fmt::format("it is checked out in '{}'", text::printable(*holder));
  const auto flow = git::read_ref(repository, ref_names::branch_ref(view.plan().flow_branch));
  if (flow && git::is_ancestor(repository, ref.target, *flow)) return std::nullopt;
  const std::string name = ref_names::branch_name(ref.name);
  const bool is_its_own = session_naming(repository, ref.target, name) == view.session();
  if (branches == CleanRequest::Branches::all && is_its_own) return std::nullopt;
  return fmt::format("'{}' lacks commits of it", text::printable(view.plan().flow_branch));
}

/// Those to delete; the others are noted as kept.
std::vector<git::Ref> judge_branches(const Workspace& workspace, const PlanView& view,
                                     const CleanRequest& request,
                                     const std::vector<git::Worktree>& worktrees,
                                     CleanResult& result) {
  std::vector<git::Ref> deletable;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const TaskBranch* branch = view.task_branch(i);
    if (branch == nullptr) continue;
    const std::string name = ref_names::branch_ref(branch->name);
    const auto tip = git::read_ref(workspace.repository(), name);
    if (!tip) continue;
    const git::Ref ref{name, *tip};
    auto reason = reason_to_keep(workspace, view, ref, worktrees, request.branches);
    if (reason) {
      result.kept_branches.push_back({branch->name, *tip, *std::move(reason)});
    } else {
      deletable.push_back(ref);
    }
  }
  return deletable;
}

/// Of one of the plan's branches.
std::string task_of(const PlanView& view, const std::string& branch) {
  TaskIndex index = 0;
  while (view.task_branch(index) == nullptr || view.task_branch(index)->name != branch) ++index;
  return view.task(index).id;
}

/// Commits that were amended or reset away on a branch would go with its log.
void keep_logged_commits(const git::Repository& repository, const PlanView& view,
                         const std::vector<git::Ref>& refs, CleanResult& result) {
  std::vector<std::string> branches;
  for (const git::Ref& ref : refs) branches.push_back(ref_names::branch_name(ref.name));
  for (const LoggedCommit& one : only_in_reflogs(repository, branches)) {
    const std::string task = task_of(view, one.branch);
    result.kept_commits.push_back(
        {one.branch,
         keep_commit_as_attempt(repository, one.commit, view.session(), task, "plan clean"),
         one.commit});
  }
}

/// Branches are given out under the lock of the slots: none that is looked at gets a worktree.
std::vector<git::Ref> clean_branches(const Workspace& workspace, const Views& views,
                                     const CleanRequest& request, CleanResult& result) {
  const bool for_real = request.doing == CleanRequest::Doing::for_real;
  std::optional<git::NamedLock> turn;
  if (for_real) turn.emplace(workspace.slots().lock());
  const auto worktrees = git::list_worktrees(workspace.repository());
  std::vector<git::Ref> all;
  for (const auto& view : views) {
    const auto deletable = judge_branches(workspace, *view, request, worktrees, result);
    if (for_real) keep_logged_commits(workspace.repository(), *view, deletable, result);
    all.insert(all.end(), deletable.begin(), deletable.end());
  }
  if (for_real) all = git::delete_refs(workspace.repository(), all);
  for (const git::Ref& ref : all)
    result.removed_branches.push_back({ref_names::branch_name(ref.name), ref.target, ""});
  return all;
}

/// Where machines share the plans: the same branches there, and what is left of claims. What cannot
/// be reached, or does not want it, keeps them until the next time.
void clean_remote(const Workspace& workspace, const Views& views,
                  const std::vector<git::Ref>& removed) try {
  for (const auto& view : views) publish_clean(workspace, *view, removed);
} catch (const Error& error) {
  workspace.note(fmt::format("what the remote has stays: {}", error.what()));
}

std::vector<git::Ref> waiting_refs_of(const Workspace& workspace, const Views& views) {
  std::vector<git::Ref> all;
  for (const auto& view : views) {
    const auto refs = waiting_refs(workspace.repository(), view->session());
    all.insert(all.end(), refs.begin(), refs.end());
  }
  return all;
}

/// Nothing of a finished plan waits to be merged. Some went as it was noted that it is cleaned up.
void drop_waiting_refs(const Workspace& workspace, std::vector<git::Ref> waiting,
                       CleanResult& result) {
  const git::Repository& repository = workspace.repository();
  if (result.doing == CleanRequest::Doing::for_real) {
    git::delete_refs(repository, waiting);
    std::erase_if(waiting, [&](const git::Ref& ref) {
      return git::read_ref(repository, ref.name).has_value();
    });
  }
  result.dropped_refs.insert(result.dropped_refs.end(), waiting.begin(), waiting.end());
}

void drop_old_refs(const Workspace& workspace, const Views& views, CleanResult& result) {
  if (views.empty()) return;
  std::set<std::string> finished;
  for (const auto& view : views) finished.insert(view->session());
  const auto wanted = [&](const git::Ref& ref) {
    if (!ref.name.starts_with(ref_names::attempt_prefix)) return true;
    const std::string rest = ref.name.substr(ref_names::attempt_prefix.size());
    return finished.contains(rest.substr(0, rest.find('/')));
  };
  const auto drop = result.doing == CleanRequest::Doing::dry_run ? old_kept_refs : drop_kept_refs;
  result.dropped_refs = drop(workspace.repository(), now() - kept_for, wanted);
}

}  // namespace

CleanResult clean_plans(Workspace& workspace, const CleanRequest& request) {
  CleanResult result;
  result.doing = request.doing;
  const bool for_real = request.doing == CleanRequest::Doing::for_real;
  if (for_real) workspace.begin_write();
  const Views views = finished_plans(workspace, result);
  const auto waiting = waiting_refs_of(workspace, views);
  if (for_real) clean_all_flows(workspace, views, result);
  for (const auto& view : views) {
    if (view->is_cleaned() && !is_in_flow(workspace.repository(), *view)) continue;
    if (for_real) note_cleaned(workspace, view->session());
    result.cleaned.push_back(view->session());
  }
  const auto removed = clean_branches(workspace, views, request, result);
  if (for_real) clean_remote(workspace, views, removed);
  drop_old_refs(workspace, views, result);
  drop_waiting_refs(workspace, waiting, result);
  return result;
}

Json to_json(const CleanResult& result) {
  Json kept = Json::array();
  for (const auto& one : result.kept)
    kept.push_back(Json{{"session_id", one.session}, {"reason", one.reason}});
  const auto branch_objects = [](const std::vector<CleanResult::Branch>& branches) {
    Json list = Json::array();
    for (const auto& one : branches) {
      list.push_back(Json{{"branch", one.name}, {"tip", one.tip.hex()}});
      if (!one.reason.empty()) list.back()["reason"] = one.reason;
    }
    return list;
  };
  Json object = new_object();
  object["success"] = true;
  object["dry_run"] = result.doing == CleanRequest::Doing::dry_run;
  object["cleaned"] = result.cleaned;
  object["kept"] = std::move(kept);
  object["removed_branches"] = branch_objects(result.removed_branches);
  object["kept_branches"] = branch_objects(result.kept_branches);
  object["dropped_refs"] = dropped_objects(result.dropped_refs);
  for (const auto& one : result.kept_commits) {
    object["kept_commits"].push_back(
        Json{{"branch", one.branch}, {"ref", one.ref}, {"commit", one.commit.hex()}});
  }
  object["commit"] = nullptr;
  if (!result.commits.empty()) object["commit"] = result.commits.front().commit.hex();
  if (result.commits.size() > 1) {
    for (const auto& one : result.commits)
      object["commits"].push_back(
          Json{{"flow_branch", one.flow_branch}, {"commit", one.commit.hex()}});
  }
  return object;
}

}  // namespace gitplan::commands
