#include "session/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/edits.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

using View = std::unique_ptr<PlanView>;

View open_plan(const Workspace& workspace, std::string_view plan_or_session) {
  return std::make_unique<PlanView>(workspace,
                                    workspace.store().load(ref_names::session_of(plan_or_session)));
}

struct Here {
  std::string session;
  std::string task;
};

/// The slot, else the task branch, that the current folder is in.
std::optional<Here> task_here(const Workspace& workspace) {
  const git::Repository& repository = workspace.repository();
  if (!repository.worktree()) return std::nullopt;
  if (const auto claim = read_claim(repository.git_dir()); claim && !claim->session.empty()) {
    return Here{claim->session, claim->task};
  }
  const git::Head head = git::read_head(repository);
  const auto name = ref_names::parse_task_branch(head.branch);
  if (!name || !head.target) return std::nullopt;
  const auto session =
      session_naming(repository, *head.target, ref_names::branch_name(head.branch));
  if (!session) return std::nullopt;
  return Here{*session, name->id};
}

[[noreturn]] void no_choice(const std::vector<View>& plans) {
  if (plans.empty()) {
    throw Error(ErrorKind::not_found, "there is no plan here",
                Hint{"to make one, run: git plan create"});
  }
  std::vector<std::string> messages{"which plan? none is chosen"};
  for (const View& plan : plans) {
    messages.push_back(
        fmt::format("plan '{}' is {}", plan->session(), schedule::to_string(plan->state())));
  }
  const std::string& first = plans.front()->session();
  // plan.current does not choose a finished one.
  throw Error(
      ErrorKind::not_found, std::move(messages),
      {plans.front()->is_finished()
           ? Hint{"to write to a finished one, run: git plan update --note='<text>' --plan=" +
                  first}
           : Hint{"to choose one, run: git plan use " + first}});
}

bool is_newer(const View& a, const View& b) {
  if (a->plan().created_at != b->plan().created_at)
    return a->plan().created_at > b->plan().created_at;
  return a->session() > b->session();
}

/// Looks at the newest first: old plans are finished, and there may be many of them.
bool has_unfinished(const Workspace& workspace, const std::vector<PlanTip>& tips,
                    std::string_view but) {
  return std::any_of(tips.rbegin(), tips.rend(), [&](const PlanTip& tip) {
    if (tip.session == but) return false;
    try {
      return !PlanView(workspace, workspace.store().load_at(tip.session, tip.commit)).is_finished();
    } catch (const Error&) {
      return true;  // unreadable: nobody has finished it
    }
  });
}

View choose(Workspace& workspace, Access access) {
  const auto current = workspace.config().text("plan.current");
  std::vector<View> plans;
  const auto tips = workspace.store().list();
  for (const PlanTip& tip : tips) {
    const bool is_current = current && tip.session == ref_names::session_of(*current);
    // The usual case, a current plan that is unfinished, loads no other plan.
    if (!is_current) continue;
    auto view =
        std::make_unique<PlanView>(workspace, workspace.store().load_at(tip.session, tip.commit));
    if (!view->is_finished()) {
      if (access != Access::read && has_unfinished(workspace, tips, tip.session)) {
        workspace.note(fmt::format("using plan '{}' (plan.current)", view->session()));
      }
      return view;
    }
  }
  for (const PlanTip& tip : tips) {
    plans.push_back(
        std::make_unique<PlanView>(workspace, workspace.store().load_at(tip.session, tip.commit)));
  }
  std::stable_partition(plans.begin(), plans.end(),
                        [](const View& plan) { return !plan->is_finished(); });
  const auto unfinished = std::count_if(plans.begin(), plans.end(),
                                        [](const View& plan) { return !plan->is_finished(); });
  if (unfinished == 1) return std::move(plans.front());
  if (unfinished == 0 && access != Access::write && !plans.empty()) {
    return std::move(*std::min_element(plans.begin(), plans.end(), is_newer));
  }
  no_choice(plans);
}

}  // namespace

bool has_no_plans(const Workspace& workspace) { return workspace.store().list().empty(); }

View select_plan(Workspace& workspace, Access access,
                 const std::optional<std::string>& explicit_plan) {
  if (explicit_plan) return open_plan(workspace, *explicit_plan);
  if (workspace.settings().plan) return open_plan(workspace, *workspace.settings().plan);
  if (const auto& kept = workspace.settings().kept_plan) {
    if (auto stored = workspace.store().find(ref_names::session_of(*kept)))
      return std::make_unique<PlanView>(workspace, std::move(*stored));
  }
  if (const char* session = std::getenv("GIT_PLAN_SESSION");
      session != nullptr && *session != '\0') {
    return open_plan(workspace, session);
  }
  if (const auto here = task_here(workspace)) {
    if (workspace.store().find(here->session)) return open_plan(workspace, here->session);
  }
  return choose(workspace, access);
}

git::Oid require_branch(const Workspace& workspace, const std::string& branch) {
  const auto tip = git::read_ref(workspace.repository(), ref_names::branch_ref(branch));
  if (tip) return *tip;
  std::vector<std::string> names;
  for (const auto& ref : git::list_refs(workspace.repository(), "refs/heads/")) {
    names.push_back(ref_names::branch_name(ref.name));
  }
  std::string message = fmt::format("no branch named '{}'", text::printable(branch));
  if (const auto near = text::did_you_mean(branch, names))
    message += fmt::format("; did you mean '{}'?", *near);
  throw Error(ErrorKind::not_found, message, Hint{"to see all branches, run: git branch --list"});
}

TaskIndex require_task(const PlanView& view, std::string_view word) {
  if (const auto branch = ref_names::parse_task_branch(word)) {
    const auto found = view.plan().find(branch->id);
    const std::string name = ref_names::branch_name(word);
    if (found) {
      const TaskBranch* known = view.task_branch(static_cast<TaskIndex>(*found));
      if (known != nullptr && known->name == name) return static_cast<TaskIndex>(*found);
    }
    throw Error(ErrorKind::not_found,
                fmt::format("branch '{}' is no task branch of plan '{}'", text::printable(name),
                            view.session()),
                Hint{"to see its tasks, run: git task list --plan=" + view.session()});
  }
  return static_cast<TaskIndex>(edits::require(view.plan(), word));
}

Selected select_task(Workspace& workspace, Access access, const std::optional<std::string>& word) {
  Selected selected;
  if (!word) {
    const auto here = task_here(workspace);
    if (!here) {
      throw Error(ErrorKind::usage, "no task given, and this is no worker's worktree",
                  Hint{"to see the tasks, run: git task list"});
    }
    selected.view = open_plan(workspace, here->session);
    selected.task = require_task(*selected.view, here->task);
    return selected;
  }
  // session/001, but not task/001-slug.
  const auto slash = word->rfind('/');
  if (slash != std::string::npos && !ref_names::parse_task_branch(*word)) {
    selected.view = open_plan(workspace, word->substr(0, slash));
    selected.task = require_task(*selected.view, word->substr(slash + 1));
    return selected;
  }
  if (const auto branch = ref_names::parse_task_branch(*word);
      branch && !workspace.settings().plan) {
    const std::string name = ref_names::branch_name(*word);
    const auto tip = git::read_ref(workspace.repository(), ref_names::branch_ref(name));
    const auto session = tip ? session_naming(workspace.repository(), *tip, name) : std::nullopt;
    if (session && workspace.store().find(*session)) {
      selected.view = open_plan(workspace, *session);
      selected.task = require_task(*selected.view, *word);
      return selected;
    }
  }
  selected.view = select_plan(workspace, access);
  selected.task = require_task(*selected.view, *word);
  return selected;
}

}  // namespace gitplan
