#include "session/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "session/flow.hpp"
#include "session/plan_choice.hpp"
#include "session/remotes.hpp"
#include "session/surroundings.hpp"
#include "session/workspace.hpp"
#include "store/plan_outlines.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

bool is_newer(const OpenPlan& a, const OpenPlan& b) {
  if (a->plan().created_at != b->plan().created_at)
    return a->plan().created_at > b->plan().created_at;
  return a->session() > b->session();
}

/// Plans as they stand, the unfinished first.
struct Plans {
  std::vector<OpenPlan> readable;
  std::size_t unfinished = 0;
  Diagnostics unreadable;
};

enum class Which { not_recorded_finished, all };

Plans open_plans(const Workspace& workspace, Which which) {
  Plans plans;
  const Surroundings surroundings(workspace);
  for (const PlanOutline& outline : outline_plans(workspace.repository(), workspace.store())) {
    const PlanTip& tip = outline.tip;
    if (outline.finished && which != Which::all) continue;
    try {
      plans.readable.push_back(std::make_unique<PlanView>(
          workspace, workspace.store().load_at(tip.session, tip.commit), surroundings));
    } catch (const Error& error) {
      plans.unreadable.push_back(
          {Severity::warning, "plan_unreadable", error.messages().front(), "", std::nullopt});
    }
  }
  const auto ended =
      std::stable_partition(plans.readable.begin(), plans.readable.end(),
                            [](const OpenPlan& plan) { return !plan->is_finished(); });
  plans.unfinished = static_cast<std::size_t>(ended - plans.readable.begin());
  return plans;
}

[[noreturn]] void no_choice(Workspace& workspace, const Plans& plans) {
  for (const Diagnostic& warning : plans.unreadable) workspace.warn(warning);
  if (plans.readable.empty() && !plans.unreadable.empty()) {
    throw Error(ErrorKind::fatal, "there is no plan here that can be read",
                Hint{"to see how to mend them, run: git plan doctor"});
  }
  if (plans.readable.empty()) {
    const auto elsewhere = remote_plans(workspace.repository());
    if (elsewhere.empty()) {
      throw Error(ErrorKind::not_found, "there is no plan here",
                  Hint{"to make one, run: git plan create"});
    }
    throw Error(
        ErrorKind::not_found,
        fmt::format("there is no plan here, but '{}' is", text::printable(elsewhere.back())),
        Hint{how_to_take_up(elsewhere.back())});
  }
  std::vector<std::string> messages{"which plan? none is chosen"};
  for (const OpenPlan& plan : plans.readable) {
    messages.push_back(
        fmt::format("plan '{}' is {}", plan->session(), schedule::to_string(plan->state())));
  }
  throw Error(ErrorKind::not_found, std::move(messages),
              {Hint{"to choose one, run: git plan use " + plans.readable.front()->session()}});
}

/// Where nobody chose.
OpenPlan only_candidate(Workspace& workspace, Access access) {
  Plans plans = open_plans(workspace, Which::not_recorded_finished);
  if (plans.unfinished == 1) {
    OpenPlan only = std::move(plans.readable.front());
    workspace.note_plan(only->session(), "the only unfinished one");
    if (access == Access::write) workspace.choose_plan(only->session());
    return only;
  }
  plans = open_plans(workspace, Which::all);
  if (plans.unfinished == 0 && access == Access::read && !plans.readable.empty())
    return std::move(*std::min_element(plans.readable.begin(), plans.readable.end(), is_newer));
  no_choice(workspace, plans);
}

void refuse_two_plans(const Workspace& workspace, const std::string& explicit_plan) {
  const auto& option = workspace.settings().plan;
  const std::string session = ref_names::session_of(explicit_plan);
  if (!option || ref_names::session_of(*option) == session) return;
  throw Error(ErrorKind::usage,
              fmt::format("two plans are named: '{}', and '{}' by --plan", text::printable(session),
                          text::printable(ref_names::session_of(*option))),
              Hint{"to see what there is, run: git plan list"});
}

}  // namespace

std::string plan_around(const Workspace& workspace) {
  const char* session = std::getenv("GIT_PLAN_SESSION");
  if (session != nullptr && *session != '\0') return ref_names::session_of(session);
  const auto here = task_here(workspace);
  return here ? here->session : "";
}

bool has_no_plans(const Workspace& workspace) { return workspace.store().list().empty(); }

OpenPlan select_plan(Workspace& workspace, Access access,
                     const std::optional<std::string>& explicit_plan) {
  if (explicit_plan) {
    refuse_two_plans(workspace, *explicit_plan);
    return tell_named(workspace, open_named(workspace, *explicit_plan));
  }
  if (auto choice = choice_of(workspace)) {
    auto view = std::make_unique<PlanView>(workspace, std::move(choice->stored));
    if (!choice->by.empty()) return chosen(workspace, access, std::move(view), choice->by);
    return tell_named(workspace, std::move(view));
  }
  return only_candidate(workspace, access);
}

std::string select_flow(const Workspace& workspace) {
  if (const auto choice = choice_of(workspace)) return choice->stored.plan.flow_branch;
  std::map<std::string, std::string> plan_of;  // a plan of each flow branch
  for (const PlanTip& tip : workspace.store().list()) {
    try {
      plan_of.emplace(workspace.store().load_at(tip.session, tip.commit).plan.flow_branch,
                      tip.session);
    } catch (const Error&) {
      continue;  // one that cannot be read names no flow branch
    }
  }
  if (plan_of.empty()) return default_flow_branch(workspace);
  if (plan_of.size() == 1) return plan_of.begin()->first;
  std::vector<std::string> messages{"which flow branch? the plans here have several"};
  for (const auto& [flow, plan] : plan_of)
    messages.push_back(fmt::format("plan '{}' has '{}'", plan, text::printable(flow)));
  throw Error(ErrorKind::not_found, std::move(messages),
              {Hint{"to choose a plan, run: git plan use " + plan_of.begin()->second}});
}

git::Oid require_branch(const Workspace& workspace, const std::string& branch) {
  const auto tip = git::read_ref(workspace.repository(), ref_names::branch_ref(branch));
  if (tip) return *tip;
  if (const auto remote = remote_branch(workspace, branch)) {
    throw Error(ErrorKind::not_found,
                fmt::format("no branch named '{}' here, but '{}' is", text::printable(branch),
                            text::printable(*remote)),
                Hint{fmt::format("to have it here, run: git branch {} {}",
                                 text::shell_quote(branch), text::shell_quote(*remote))});
  }
  std::vector<std::string> names;
  for (const auto& ref : git::list_refs(workspace.repository(), "refs/heads/")) {
    names.push_back(ref_names::branch_name(ref.name));
  }
  std::string message = fmt::format("no branch named '{}'", text::printable(branch));
  if (const auto near = text::did_you_mean(branch, names))
    message += fmt::format("; did you mean '{}'?", *near);
  throw Error(ErrorKind::not_found, message, Hint{"to see all branches, run: git branch --list"});
}

}  // namespace gitplan
