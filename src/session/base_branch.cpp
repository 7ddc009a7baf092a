#include "session/base_branch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/branch_word.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/delivery.hpp"
#include "session/flow.hpp"
#include "session/remotes.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// What HEAD of a bare repository says: it is no checkout, so that no worktree has it.
void read_bare_head(const git::Repository& repository, git::Worktree& main) {
  git::Command command;
  command.arguments = {"--git-dir=" + repository.common_dir(), "symbolic-ref", "--quiet", "HEAD"};
  main.branch = text::trim(git::run_git(command).output);
  if (!main.branch.empty()) return;
  command.arguments = {"--git-dir=" + repository.common_dir(), "rev-parse", "--verify", "--quiet",
                       "HEAD^{commit}"};
  main.head = git::Oid::parse(text::trim(git::run_git(command).output));
}

std::string own_key(const std::string& flow_branch) {
  return fmt::format("plan.{}.base", flow_branch);
}

std::optional<std::string> noted_base(const Workspace& workspace, const std::string& flow_branch) {
  if (auto base = workspace.config().text(own_key(flow_branch))) return base;
  const bool is_configured = flow_branch == configured_flow_branch(workspace);
  return is_configured ? workspace.config().text("plan.base") : std::nullopt;
}

bool is_branch(const Workspace& workspace, const std::string& name) {
  return git::read_ref(workspace.repository(), ref_names::branch_ref(name)).has_value();
}

/// The branch that flow starts from; nothing where that is none that work could go back to.
std::optional<std::string> origin_of(const Workspace& workspace, const std::string& flow_branch,
                                     const std::optional<std::string>& start) {
  const std::string head = start && is_branch(workspace, *start)
                               ? *start
                               : ref_names::branch_name(main_head(workspace.repository()).branch);
  const bool usable = !head.empty() && head != flow_branch && !is_reserved_branch(head);
  return usable && is_branch(workspace, head) ? std::optional(head) : std::nullopt;
}

bool was_delivered(const git::Repository& repository, const git::Commit& commit,
                   const git::Oid& flow) {
  const auto delivered = delivered_in(commit.message);
  return delivered && git::object_exists(repository, *delivered) &&
         git::is_ancestor(repository, *delivered, flow);
}

/// Without a plan named, a command would be about this flow branch.
bool is_meant_anyway(const Workspace& workspace, const std::string& flow_branch) try {
  return !workspace.settings().plan && select_flow(workspace) == flow_branch;
} catch (const Error&) {
  return false;
}

/// The flow branches of plans that plan.base was noted for while they were the configured one get
/// it as their own.
void keep_base_of_others(const Workspace& workspace, const std::string& flow_branch) {
  const auto base = workspace.config().text("plan.base");
  if (!base) return;
  std::set<std::string> others;
  for (const PlanTip& tip : workspace.store().list()) {
    try {
      others.insert(workspace.store().load_at(tip.session, tip.commit).plan.flow_branch);
    } catch (const Error&) {
      continue;  // one that cannot be read names no flow branch
    }
  }
  others.erase(flow_branch);
  for (const std::string& other : others) {
    if (is_branch(workspace, other) && !workspace.config().text(own_key(other)))
      git::set_config(workspace.repository(), own_key(other), *base);
  }
}

}  // namespace

git::Worktree main_head(const git::Repository& repository) {
  git::Worktree main = git::list_worktrees(repository).front();
  if (!repository.main_worktree()) read_bare_head(repository, main);
  return main;
}

void note_base(const Workspace& workspace, const std::string& flow_branch,
               const std::optional<std::string>& start) {
  const auto base = origin_of(workspace, flow_branch, start);
  if (!base) return;
  const auto own = workspace.config().text(own_key(flow_branch));
  const auto known = noted_base(workspace, flow_branch);
  const bool is_configured = flow_branch == configured_flow_branch(workspace);
  if (is_configured && workspace.config().text("plan.base") != base) {
    keep_base_of_others(workspace, flow_branch);
    git::set_config(workspace.repository(), "plan.base", *base);
  }
  if ((own || !is_configured) && own != base)
    git::set_config(workspace.repository(), own_key(flow_branch), *base);
  if (known && known != base) {
    workspace.note(fmt::format("'{}' now goes to '{}' when it is delivered, no longer to '{}'",
                               text::printable(flow_branch), text::printable(*base),
                               text::printable(*known)));
  }
}

std::optional<std::string> base_of(const Workspace& workspace, const std::string& flow_branch) {
  if (auto noted = noted_base(workspace, flow_branch)) return noted;
  return remote_head(workspace);
}

std::optional<BaseAhead> base_ahead(const Workspace& workspace, const std::string& flow_branch) {
  const git::Repository& repository = workspace.repository();
  const auto base = base_of(workspace, flow_branch);
  if (!base || *base == flow_branch) return std::nullopt;
  const auto flow = git::read_ref(repository, ref_names::branch_ref(flow_branch));
  const auto tip = git::read_ref(repository, ref_names::branch_ref(*base));
  if (!flow || !tip) return std::nullopt;
  const auto ids = git::commits_between(repository, *flow, *tip);
  const auto counts = [&](const git::Oid& id) {
    const git::Commit commit = git::read_commit(repository, id);
    return commit.parents.size() < 2 && !was_delivered(repository, commit, *flow);
  };
  const auto count = static_cast<int>(std::count_if(ids.begin(), ids.end(), counts));
  return count > 0 ? std::optional(BaseAhead{*base, count}) : std::nullopt;
}

void say_base_ahead(const Workspace& workspace, const std::string& flow_branch,
                    const std::string& session) {
  std::optional<BaseAhead> ahead;
  try {
    ahead = base_ahead(workspace, flow_branch);
  } catch (const Error&) {
    return;  // a branch that cannot be read is not what the command is about
  }
  if (!ahead) return;
  workspace.note(fmt::format("'{}' has {} that '{}' lacks", text::printable(ahead->branch),
                             text::count(ahead->commits, "commit", "commits"),
                             text::printable(flow_branch)));
  workspace.hint(
      fmt::format("to have what is new there, run: git plan merge {}{}",
                  text::shell_quote(git::branch_word(workspace.repository(), ahead->branch)),
                  is_meant_anyway(workspace, flow_branch) ? "" : " --plan=" + session));
}

}  // namespace gitplan
