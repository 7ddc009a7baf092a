#include "session/flow.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "plan/ids.hpp"
#include "session/base_branch.hpp"
#include "session/following.hpp"
#include "session/named_commit.hpp"
#include "session/remotes.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

struct Start {
  git::Oid commit;
  std::string from;
};

/// Where remotes have a branch of that name, by the remote.
std::map<std::string, Start> remote_starts(const Workspace& workspace,
                                           const std::string& flow_branch) {
  constexpr std::string_view prefix = "refs/remotes/";
  const std::string end = "/" + flow_branch;
  std::map<std::string, Start> found;
  for (const auto& ref : git::list_refs(workspace.repository(), std::string(prefix))) {
    if (ref.name.size() <= prefix.size() + end.size() || !ref.name.ends_with(end)) continue;
    found[ref.name.substr(prefix.size(), ref.name.size() - prefix.size() - end.size())] = {
        ref.target, ref.name};
  }
  if (found.empty()) return found;
  std::erase_if(found, [remotes = remotes_of(workspace.repository())](const auto& one) {
    return !remotes.contains(one.first);
  });
  return found;
}

/// The flow branch of checkout.defaultRemote, else of origin, else of the only remote that has it.
std::optional<Start> remote_start(const Workspace& workspace, const std::string& flow_branch) {
  const auto starts = remote_starts(workspace, flow_branch);
  const auto preferred = workspace.config().text("checkout.defaultRemote").value_or("origin");
  for (const std::string& remote : {preferred, std::string("origin")}) {
    if (const auto found = starts.find(remote); found != starts.end()) return found->second;
  }
  return starts.size() == 1 ? std::optional(starts.begin()->second) : std::nullopt;
}

std::optional<Start> head_start(const Workspace& workspace, const std::string& flow_branch) {
  const git::Worktree main = main_head(workspace.repository());
  if (main.branch.empty()) {
    if (main.head) return Start{*main.head, "HEAD"};
    return std::nullopt;
  }
  const auto tip = git::read_ref(workspace.repository(), main.branch);
  if (!tip) return std::nullopt;  // unborn
  if (main.branch.starts_with(ref_names::task_prefix)) {
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("flow branch '{}' does not exist, and a task branch is checked out: '{}'",
                    text::printable(flow_branch),
                    text::printable(ref_names::branch_name(main.branch))),
        Hint{fmt::format("to start it here, run: git plan init --flow={} HEAD",
                         text::shell_quote(flow_branch))});
  }
  return Start{*tip, ref_names::branch_name(main.branch)};
}

/// Who writes a branch's name in full means that branch.
Hint name_hint(const std::string& flow_branch) {
  constexpr std::string_view prefix = "refs/heads/";
  const std::string rest =
      flow_branch.starts_with(prefix) ? flow_branch.substr(prefix.size()) : std::string();
  if (is_branch_name(rest))
    return Hint{fmt::format("for example: git plan init --flow={}", text::shell_quote(rest))};
  return Hint{"to see what a name may be, run: git help check-ref-format"};
}

void refuse_bad_name(const std::string& flow_branch) {
  if (is_reserved_branch(flow_branch)) {
    throw Error(ErrorKind::fatal,
                fmt::format("bad flow branch '{}': 'plan' and 'task' are for plans and tasks",
                            text::printable(flow_branch)),
                Hint{"for example: git plan init --flow=flow"});
  }
  if (!is_branch_name(flow_branch)) {
    throw Error(ErrorKind::fatal,
                fmt::format("'{}' is no valid branch name", text::printable(flow_branch)),
                name_hint(flow_branch));
  }
}

void note_unused(const Workspace& workspace, const std::string& flow_branch, const git::Oid& tip,
                 const std::string& start) {
  if (require_commit(workspace, start) == tip) return;
  workspace.note(fmt::format("branch '{}' exists, at {}: '{}' is not used",
                             text::printable(flow_branch), tip.abbreviated(),
                             text::printable(start)));
}

}  // namespace

std::string default_flow_branch(const Workspace& workspace) {
  if (const char* name = std::getenv("GIT_PLAN_FLOW_BRANCH"); name != nullptr && *name != '\0')
    return name;
  return configured_flow_branch(workspace);
}

std::string configured_flow_branch(const Workspace& workspace) {
  return workspace.config().text("plan.flowBranch").value_or("flow");
}

std::optional<git::Oid> ensure_flow(Workspace& workspace, const std::string& flow_branch,
                                    const std::optional<std::string>& requested) {
  refuse_bad_name(flow_branch);
  const std::string ref = ref_names::branch_ref(flow_branch);
  if (const auto tip = flow_tip(workspace, flow_branch)) return tip;
  std::optional<Start> start;
  if (requested) start = Start{require_commit(workspace, *requested), *requested};
  if (!start) start = remote_start(workspace, flow_branch);
  if (!start) start = head_start(workspace, flow_branch);
  if (!start) return std::nullopt;
  note_base(workspace, flow_branch, requested);
  const auto result =
      git::compare_and_swap(workspace.repository(), ref, std::nullopt, start->commit,
                            fmt::format("branch: Created from {}", start->from));
  if (result == git::SwapResult::swapped) {
    workspace.note(fmt::format("created branch '{}' at {} ({})", text::printable(flow_branch),
                               start->commit.abbreviated(), text::printable(start->from)));
  }
  return git::read_ref(workspace.repository(), ref);
}

FlowFacts flow_facts(const Workspace& workspace, Ledger& ledger, const std::string& flow_branch) {
  if (workspace.shared_remote() == nullptr) return ledger.flow(flow_branch);
  const auto tip = flow_tip(workspace, flow_branch);
  if (!tip) return ledger.flow(flow_branch);
  FlowFacts facts = ledger.flow_at(*tip);
  facts.branch = flow_branch;
  return facts;
}

git::Oid require_flow(Workspace& workspace, const std::string& flow_branch) {
  if (const auto tip = ensure_flow(workspace, flow_branch)) return *tip;
  throw Error(ErrorKind::wrong_state,
              fmt::format("flow branch '{}' has no commit to start from: HEAD is unborn",
                          text::printable(flow_branch)),
              Hint{"to make a first commit, run: git commit --allow-empty -m 'Start'"});
}

InitResult init(Workspace& workspace, const InitRequest& request) {
  workspace.begin_write();
  InitResult result;
  result.flow_branch = request.flow.value_or(default_flow_branch(workspace));
  refuse_bad_name(result.flow_branch);
  const auto there =
      git::read_ref(workspace.repository(), ref_names::branch_ref(result.flow_branch));
  result.created = !there;
  if (there && request.start) note_unused(workspace, result.flow_branch, *there, *request.start);
  const auto commit = ensure_flow(workspace, result.flow_branch, request.start);
  result.commit = commit ? *commit : require_flow(workspace, result.flow_branch);
  return result;
}

}  // namespace gitplan
