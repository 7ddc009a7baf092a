#include "session/plan_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "git/refs.hpp"
#include "session/surroundings.hpp"
#include "session/workspace.hpp"
#include "store/plan_outlines.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

StoredPlan load_plan(const Workspace& workspace, std::string_view plan_or_session) {
  return workspace.store().load(ref_names::session_of(plan_or_session));
}

/// Looks at the newest first, which are the likeliest.
bool has_unfinished(const Workspace& workspace, std::string_view but) {
  std::optional<Surroundings> surroundings;
  const auto outlines = outline_plans(workspace.repository(), workspace.store(), but);
  return std::any_of(outlines.rbegin(), outlines.rend(), [&](const PlanOutline& outline) {
    if (outline.finished) return false;
    if (!surroundings) surroundings.emplace(workspace);
    try {
      const auto& tip = outline.tip;
      return !PlanView(workspace, workspace.store().load_at(tip.session, tip.commit), *surroundings)
                  .is_finished();
    } catch (const Error&) {
      return false;  // nobody works on one that cannot be read
    }
  });
}

}  // namespace

OpenPlan open_plan(const Workspace& workspace, std::string_view plan_or_session) {
  return std::make_unique<PlanView>(workspace, load_plan(workspace, plan_or_session));
}

OpenPlan open_named(Workspace& workspace, std::string_view plan_or_session) {
  OpenPlan view = open_plan(workspace, plan_or_session);
  workspace.name_plan(view->session());
  return view;
}

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

OpenPlan tell_named(const Workspace& workspace, OpenPlan view) {
  workspace.detail(fmt::format("using plan '{}' (it is named)", view->session()));
  return view;
}

OpenPlan chosen(Workspace& workspace, Access access, OpenPlan view, std::string_view by) {
  if (workspace.settings().verbose ||
      (access == Access::write && has_unfinished(workspace, view->session())))
    workspace.note_plan(view->session(), by);
  return view;
}

std::optional<Choice> choice_of(const Workspace& workspace) {
  const Settings& settings = workspace.settings();
  if (settings.plan) return Choice{load_plan(workspace, *settings.plan), ""};
  const auto find = [&](std::string_view plan) {
    return workspace.store().find(ref_names::session_of(plan));
  };
  if (settings.kept_plan) {
    if (auto stored = find(*settings.kept_plan)) return Choice{*std::move(stored), ""};
  }
  if (const char* session = std::getenv("GIT_PLAN_SESSION"); session != nullptr && *session != '\0')
    return Choice{load_plan(workspace, session), "GIT_PLAN_SESSION"};
  if (const auto here = task_here(workspace))
    return Choice{load_plan(workspace, here->session), "that of the task here"};
  if (const auto current = workspace.config().text("plan.current")) {
    if (auto stored = find(*current)) return Choice{*std::move(stored), "plan.current"};
  }
  return std::nullopt;
}

}  // namespace gitplan
