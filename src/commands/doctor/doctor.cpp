#include "commands/doctor/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "commands/wave/worker.hpp"
#include "git/config.hpp"
#include "git/refs.hpp"
#include "session/base_branch.hpp"
#include "session/flow.hpp"
#include "session/view.hpp"
#include "slots/mend.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

Problem problem_of(const Error& error) {
  std::string hint;
  if (!error.hints().empty()) hint = error.hints().front().text;
  return {error.code(), text::join(error.messages(), "; "), hint};
}

/// One failing examination hides no other.
template <class Examination>
void try_to(Problems& problems, Examination examination) {
  try {
    examination();
  } catch (const Error& error) {
    problems.push_back(problem_of(error));
  }
}

std::unique_ptr<Workspace> open_repository(const Settings& settings, const Notices& notices,
                                           Problems& problems) {
  std::unique_ptr<Workspace> workspace;
  try {
    workspace = std::make_unique<Workspace>(settings, notices);
  } catch (const Error& error) {
    Problem problem = problem_of(error);
    if (problem.message.starts_with("not a git repository")) problem.code = "no_repository";
    problems.push_back(std::move(problem));
  }
  return workspace;
}

Problems examine_once(const Settings& settings, const Notices& notices) {
  Problems problems;
  check_machine(problems);
  const auto workspace = open_repository(settings, notices, problems);
  if (!workspace) return problems;
  for (auto* const check : {check_repository, check_plans, check_done, check_slots, check_agents,
                            check_remote, check_leftovers}) {
    try_to(problems, [&] { check(*workspace, problems); });
  }
  return problems;
}

bool has(const Problems& problems, std::string_view code) {
  return std::any_of(problems.begin(), problems.end(),
                     [&](const Problem& problem) { return problem.code == code; });
}

/// A flow branch that no work has reached yet is made as the next command would make it.
void make_missing_flow(Workspace& workspace, const PlanTip& tip) {
  const PlanView view(workspace, workspace.store().load_at(tip.session, tip.commit));
  const bool untouched = view.count(Status::completed) == 0;
  if (!view.flow().commit && untouched) ensure_flow(workspace, view.plan().flow_branch);
}

void forget_missing_current(Workspace& workspace) {
  const auto current = workspace.config().text("plan.current");
  if (!current) return;
  if (!git::read_ref(workspace.repository(), ref_names::plan_ref(ref_names::session_of(*current))))
    git::unset_config(workspace.repository(), "plan.current");
}

/// What every writing command does first, and more of the kind. What cannot be mended is found
/// again afterwards.
void mend_all(const Settings& settings, const Notices& notices, const Problems& found) {
  Problems ignored;
  const auto workspace = open_repository(settings, notices, ignored);
  if (!workspace) return;
  try_to(ignored, [&] { workspace->begin_write(); });
  if (has(found, "slot_damaged"))
    try_to(ignored, [&] { mend_damaged(workspace->repository(), workspace->slots()); });
  if (has(found, "slot_without_folder"))
    try_to(ignored, [&] { prune_workers(*workspace, std::nullopt); });
  if (has(found, "flow_missing")) {
    for (const PlanTip& tip : workspace->store().list())
      try_to(ignored, [&] { make_missing_flow(*workspace, tip); });
  }
  if (has(found, "stray_done")) try_to(ignored, [&] { drop_stray_done(*workspace); });
  if (has(found, "current_missing")) try_to(ignored, [&] { forget_missing_current(*workspace); });
}

Problems fixed_ones(const Problems& before, const Problems& after) {
  std::set<std::pair<std::string, std::string>> left;
  for (const Problem& problem : after) left.emplace(problem.code, problem.message);
  Problems fixed;
  for (Problem problem : before) {
    if (left.contains({problem.code, problem.message})) continue;
    problem.fixed = true;
    fixed.push_back(std::move(problem));
  }
  return fixed;
}

/// No problem, as long as nobody needs what is there: said beside the answer.
void note_flows_behind(const Settings& settings, const Notices& notices) try {
  const Workspace workspace(settings, notices);
  std::set<std::string> said;
  for (const PlanTip& tip : workspace.store().list()) {
    const auto stored = workspace.store().find(tip.session);
    if (stored && stored->plan.cleaned_at.empty() && said.insert(stored->plan.flow_branch).second)
      say_base_ahead(workspace, stored->plan.flow_branch, tip.session);
  }
} catch (const Error&) {
  return;  // what cannot be read is among the problems
}

}  // namespace

Problems examine(const Settings& settings, const Notices& notices, Mend mend) {
  const Notices silent = [](const Notice&) {};
  note_flows_behind(settings, notices);
  Problems problems = examine_once(settings, silent);
  if (mend == Mend::no || problems.empty()) return problems;
  mend_all(settings, notices, problems);
  const Problems left = examine_once(settings, silent);
  problems = fixed_ones(problems, left);
  problems.insert(problems.end(), left.begin(), left.end());
  return problems;
}

Json to_json(const Problems& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems) {
    list.push_back(Json{{"code", problem.code},
                        {"message", problem.message},
                        {"hint", problem.hint},
                        {"fixed", problem.fixed}});
  }
  Json object = new_object();
  object["success"] = std::ranges::all_of(problems, &Problem::fixed);
  object["problems"] = std::move(list);
  return object;
}

}  // namespace gitplan::commands
