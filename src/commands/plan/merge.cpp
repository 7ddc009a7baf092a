#include "commands/plan/merge.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "plan/ids.hpp"
#include "session/conflict_hint.hpp"
#include "session/delivery.hpp"
#include "session/flow.hpp"
#include "session/merged_metadata.hpp"
#include "session/named_commit.hpp"
#include "session/select.hpp"
#include "session/shared_landing.hpp"
#include "session/workspace.hpp"
#include "store/session_trees.hpp"

namespace gitplan::commands {
namespace {

/// The tasks of a commit that flow does not have, by session.
std::map<std::string, std::set<std::uint32_t>> tasks_beside_flow(const Workspace& workspace,
                                                                 const git::Oid& commit,
                                                                 const git::Oid& flow) {
  std::map<std::string, std::set<std::uint32_t>> found;
  SessionTrees trees(workspace.repository());
  trees.for_each(commit, [&](const std::string& session, const SessionTasks& tasks) {
    for (const SessionTask& task : tasks) {
      if (task.is_metadata_of(session)) found[session].insert(task.number);
    }
  });
  if (found.empty()) return found;
  trees.for_each_in_flow(flow, [&](const std::string& session, const SessionTasks& tasks) {
    const auto place = found.find(session);
    if (place == found.end()) return;
    for (const SessionTask& task : tasks) {
      if (task.is_metadata_of(session)) place->second.erase(task.number);
    }
  });
  return found;
}

/// False also of one that the plan does not have.
bool is_unfinished(const Plan& plan, std::uint32_t number) {
  const auto index = plan.find(format_task_id(number));
  return index && plan.tasks[*index].status != Status::completed;
}

[[noreturn]] void refuse_unfinished(const std::string& what, const std::string& session,
                                    const std::string& id) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("{} has task '{}/{}', which is not completed", what, session, id),
              Hint{fmt::format("to merge it as that task, run: git task done {}/{}", session, id)})
      .with_code("unfinished_task");
}

/// Its work would be in flow, and its task pending for ever. A plan that is gone has no tasks.
void refuse_unfinished_tasks(const Workspace& workspace, const std::string& what,
                             const git::Oid& commit, const git::Oid& flow) {
  for (const auto& [session, numbers] : tasks_beside_flow(workspace, commit, flow)) {
    if (numbers.empty()) continue;
    const auto stored = workspace.store().find(session);
    for (const std::uint32_t number : numbers) {
      if (stored && is_unfinished(stored->plan, number))
        refuse_unfinished(what, session, format_task_id(number));
    }
  }
}

Made make_merge(const Workspace& workspace, const MergeCommitResult& result, const git::Oid& commit,
                const git::Oid& flow) {
  const git::Repository& repository = workspace.repository();
  const MergeSides sides{flow, commit, std::nullopt, squashed_up_to(repository, flow, commit)};
  auto outcome = merge_beside_metadata(
      repository, sides,
      fmt::format("Merge {} into {}\n", result.what, text::printable(result.flow_branch)));
  return std::visit([](auto& made) -> Made { return std::move(made); }, outcome);
}

/// How it was asked for, for hints.
std::string options_of(const Workspace& workspace, const MergeCommitRequest& request) {
  const std::string verify =
      request.verify ? " --verify=" + text::shell_quote(*request.verify) : "";
  return verify + plan_word(workspace);
}

MergeInto into_flow(Workspace& workspace, const MergeCommitRequest& request,
                    const MergeCommitResult& result, const git::Oid& commit) {
  MergeInto into;
  into.branch = result.flow_branch;
  into.merged = {result.what, request.commit};
  into.verify = request.verify;
  into.reflog = fmt::format("plan merge {}", text::printable(request.commit));
  into.again = fmt::format("git plan merge {}{}", text::shell_quote(request.commit),
                           options_of(workspace, request));
  into.publish = publishing_into(workspace, result.flow_branch);
  into.tip = [&] { return require_flow(workspace, result.flow_branch); };
  into.make = [&](const git::Oid& flow) {
    if (git::is_ancestor(workspace.repository(), commit, flow)) return Made(AlreadyMerged{});
    refuse_unfinished_tasks(workspace, result.what, commit, flow);
    return make_merge(workspace, result, commit, flow);
  };
  return into;
}

}  // namespace

MergeCommitResult merge_commit_into_flow(Workspace& workspace, const MergeCommitRequest& request) {
  workspace.begin_write();
  MergeCommitResult result;
  result.flow_branch = select_flow(workspace);
  const git::Oid commit = require_commit(workspace, request.commit);
  result.what = describe_commit(workspace, request.commit, commit);
  result.merge = merge_into(workspace, into_flow(workspace, request, result, commit));
  if (std::holds_alternative<MergeConflicts>(result.merge))
    hint_at_conflicts(workspace, result.flow_branch, request.commit, options_of(workspace, request),
                      "");
  return result;
}

Json merge_object(const BranchMerge& merge, const std::string& flow_branch) {
  Json object = new_object();
  object["success"] = is_merged(merge);
  object["flow_branch"] = flow_branch;
  object["merge_commit"] = nullptr;
  if (const auto* merged = std::get_if<MergedCommit>(&merge))
    object["merge_commit"] = merged->commit.hex();
  object["conflicts"] = Json::array();
  if (const auto* conflicts = std::get_if<MergeConflicts>(&merge))
    object["conflicts"] = conflicts->paths;
  if (const auto* failed = std::get_if<VerificationFailed>(&merge))
    object["verify_exit_status"] = failed->exit_status;
  return object;
}

Json to_json(const MergeCommitResult& result) {
  return merge_object(result.merge, result.flow_branch);
}

}  // namespace gitplan::commands
