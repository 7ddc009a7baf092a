#include "commands/plan/deliver.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/plan/merge.hpp"
#include "git/branch_word.hpp"
#include "git/merge_in_checkout.hpp"
#include "git/objects.hpp"
#include "plan/ids.hpp"
#include "session/base_branch.hpp"
#include "session/conflict_hint.hpp"
#include "session/delivery_message.hpp"
#include "session/following.hpp"
#include "session/record.hpp"
#include "session/remotes.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

const Hint say_where{"to say where to, run: git plan deliver --into='<branch>'"};

/// The branch that is asked for, or the one that flow came from; whether it exists is not asked.
std::string target_of(const Workspace& workspace, const std::string& flow_branch,
                      const std::optional<std::string>& asked) {
  const auto into =
      asked ? std::optional(ref_names::branch_name(*asked)) : base_of(workspace, flow_branch);
  if (!into) {
    throw Error(ErrorKind::usage,
                fmt::format("which branch '{}' came from is not known: neither plan.base nor the "
                            "HEAD of a remote says so",
                            text::printable(flow_branch)),
                say_where);
  }
  if (*into == flow_branch) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' cannot be delivered into itself", text::printable(flow_branch)),
                say_where);
  }
  if (is_reserved_branch(*into)) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' is no branch to deliver into: 'plan' and 'task' are for plans "
                            "and tasks",
                            text::printable(*into)),
                say_where);
  }
  return *into;
}

/// Of flow, which may lag behind the remote that machines share.
git::Oid require_tip(const Workspace& workspace, const std::string& flow_branch) {
  if (workspace.shared_remote() != nullptr) {
    if (const auto tip = flow_tip(workspace, flow_branch)) return *tip;
  }
  return require_branch(workspace, flow_branch);
}

/// Where its branch is pushed to: as git is told, else the remote that machines share.
std::optional<std::string> push_remote(const Workspace& workspace, const std::string& branch) {
  if (auto remote = workspace.config().text(fmt::format("branch.{}.remote", branch))) return remote;
  const SharedRemote* shared = workspace.shared_remote();
  return shared == nullptr ? std::nullopt : std::optional(shared->remote());
}

/// A remote has it, or it went since it was noted.
void refuse_missing(const Workspace& workspace, const DeliverResult& result,
                    const DeliverRequest& request) {
  if (git::read_ref(workspace.repository(), ref_names::branch_ref(result.into))) return;
  if (request.into || remote_branch(workspace, result.into)) require_branch(workspace, result.into);
  throw Error(ErrorKind::not_found,
              fmt::format("'{}' came from branch '{}', which is gone",
                          text::printable(result.flow_branch), text::printable(result.into)),
              say_where);
}

/// How far flow is in the branch already, by its history or by the note of a squash.
struct Before {
  git::Oid since;
  std::optional<git::Oid> squashed;
};

Before delivered_before(const git::Repository& repository, const git::Oid& flow,
                        const git::Oid& tip) {
  const auto base = git::merge_base(repository, tip, flow);
  if (!base) git::refuse_unrelated(tip, flow);
  const auto squashed = squashed_up_to(repository, flow, tip);
  const bool further = squashed && git::is_ancestor(repository, *base, *squashed);
  return {further ? *squashed : *base, squashed};
}

/// Work that is there already, or none.
bool brings_nothing(const git::Repository& repository, const git::Oid& made, const git::Oid& tip,
                    const DeliverResult& result) {
  const bool could_be_said = result.joined == Joined::merge && !result.tasks.empty();
  return !could_be_said && git::tree_of(repository, made) == git::tree_of(repository, tip);
}

Made make_delivery(const Workspace& workspace, const DeliverRequest& request, const git::Oid& tip,
                   DeliverResult& result) {
  const git::Repository& repository = workspace.repository();
  const git::Oid flow = require_tip(workspace, result.flow_branch);
  result.tasks.clear();
  if (git::is_ancestor(repository, flow, tip)) return AlreadyMerged{};
  const Before before = delivered_before(repository, flow, tip);
  if (before.squashed == flow) return AlreadyMerged{};
  result.tasks = built_since(repository, before.since, flow, tip);
  std::optional<Squash> squash;
  if (request.joined == Joined::squash) squash = Squash{flow, before.squashed};
  const std::string message =
      delivery_message(result.flow_branch, result.tasks, request.message, squash);
  auto outcome = merge_beside_metadata(repository, {tip, flow, before.squashed, std::nullopt},
                                       message, request.joined);
  if (auto* conflicts = std::get_if<git::Conflicts>(&outcome)) return std::move(*conflicts);
  const git::Merged made = std::get<git::Merged>(outcome);
  if (brings_nothing(repository, made.commit, tip, result)) return AlreadyMerged{};
  return made;
}

/// What was asked for, for hints.
std::string again(const Workspace& workspace, const DeliverRequest& request,
                  const DeliverResult& result) {
  std::string command = "git plan deliver";
  if (request.joined == Joined::squash) command += " --squash";
  if (!request.message.empty()) command += " -m " + text::shell_quote(request.message);
  return command + " --into=" + text::shell_quote(result.into) + plan_word(workspace);
}

MergeInto into_branch(const Workspace& workspace, const DeliverRequest& request,
                      DeliverResult& result) {
  MergeInto into;
  into.branch = result.into;
  into.merged = {fmt::format("branch '{}'", text::printable(result.flow_branch)),
                 git::branch_word(workspace.repository(), result.flow_branch)};
  into.reflog = fmt::format("plan deliver: {}", text::printable(result.flow_branch));
  into.again = again(workspace, request, result);
  into.tip = [&] { return require_branch(workspace, result.into); };
  into.make = [&](const git::Oid& tip) { return make_delivery(workspace, request, tip, result); };
  return into;
}

void advise(const Workspace& workspace, const DeliverRequest& request,
            const DeliverResult& result) {
  const std::string into = git::branch_word(workspace.repository(), result.into);
  if (std::holds_alternative<MergeConflicts>(result.merge)) {
    hint_at_conflicts(workspace, result.flow_branch, into, plan_word(workspace),
                      again(workspace, request, result));
  }
  const auto remote = push_remote(workspace, result.into);
  if (std::holds_alternative<MergedCommit>(result.merge) && remote) {
    workspace.hint(fmt::format("to publish it, run: git push {} {}", text::shell_quote(*remote),
                               text::shell_quote(into)));
  }
}

}  // namespace

DeliverResult deliver_flow(Workspace& workspace, const DeliverRequest& request) {
  workspace.begin_write();
  DeliverResult result;
  result.joined = request.joined;
  result.flow_branch = select_flow(workspace);
  result.into = target_of(workspace, result.flow_branch, request.into);
  require_tip(workspace, result.flow_branch);
  refuse_missing(workspace, result, request);
  record_all_completions(workspace, result.flow_branch);
  result.merge = merge_into(workspace, into_branch(workspace, request, result));
  if (std::holds_alternative<AlreadyMerged>(result.merge)) result.tasks.clear();
  advise(workspace, request, result);
  return result;
}

namespace {

/// As its plan has it; what the file said of one whose plan is gone.
Json built_object(const BuiltTask& task, const PlanView* view) {
  const auto index = view != nullptr ? view->plan().find(task.id) : std::nullopt;
  Json object = index ? task_object(*view, static_cast<TaskIndex>(*index))
                      : Json{{"id", task.id}, {"description", task.description}};
  object["session_id"] = task.session;
  return object;
}

}  // namespace

Json to_json(const Workspace& workspace, const DeliverResult& result) {
  std::map<std::string, std::unique_ptr<PlanView>> views;
  const auto view_of = [&](const std::string& session) -> const PlanView* {
    const auto [place, is_new] = views.try_emplace(session);
    if (is_new) {
      if (auto stored = workspace.store().find(session))
        place->second = std::make_unique<PlanView>(workspace, *std::move(stored));
    }
    return place->second.get();
  };
  Json tasks = Json::array();
  for (const BuiltTask& task : result.tasks)
    tasks.push_back(built_object(task, view_of(task.session)));
  Json object = merge_object(result.merge, result.flow_branch);
  object["into"] = result.into;
  object["tasks"] = std::move(tasks);
  return object;
}

}  // namespace gitplan::commands
