#include "commands/plan/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/ids.hpp"
#include "plan/json.hpp"
#include "plan/toml.hpp"
#include "session/flow.hpp"
#include "session/guard.hpp"
#include "session/missing_work.hpp"
#include "session/select.hpp"
#include "session/taken_back.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"
#include "store/session_trees.hpp"

namespace gitplan::commands {
namespace {

void promote_warnings(Diagnostics& diagnostics) {
  for (auto& one : diagnostics) one.severity = Severity::error;
}

std::optional<int> line_of(const PlanView& view, TaskIndex index) {
  const auto& lines = view.stored().task_lines;
  return index < lines.size() ? std::optional(lines[index]) : std::nullopt;
}

void check_against_flow(const Workspace& workspace, const PlanView& view,
                        Diagnostics& diagnostics) {
  for (const MissingWork& missing : missing_work(workspace, view)) {
    diagnostics.push_back({Severity::warning, "not_in_flow", describe(view, missing),
                           view.task(missing.task).id, line_of(view, missing.task)});
  }
}

/// Whatever is called like a task's file and does not say that it is one.
void check_metadata(const Workspace& workspace, const PlanView& view, Diagnostics& diagnostics) {
  if (!view.flow().commit) return;
  SessionTrees trees(workspace.repository());
  trees.for_each_in_flow(
      *view.flow().commit, [&](const std::string& session, const SessionTasks& tasks) {
        if (session != view.session()) return;
        for (const SessionTask& task : tasks) {
          if (task.is_metadata_of(session)) continue;
          diagnostics.push_back(
              {Severity::warning, "no_metadata",
               fmt::format(
                   "'{}/{}/{}' in '{}' is not the metadata of task '{}', and counts for nothing",
                   ref_names::metadata_folder, session, task.file,
                   text::printable(view.plan().flow_branch), format_task_id(task.number)),
               "", std::nullopt});
        }
      });
}

void check_name(const PlanView& view, Diagnostics& diagnostics) {
  if (view.plan().session_id == view.session()) return;
  diagnostics.push_back({Severity::warning, "other_session",
                         fmt::format("session_id is '{}', but the branch is '{}'",
                                     text::printable(view.plan().session_id), view.branch()),
                         "", std::nullopt});
}

/// Only where agents are defined at all: a plan may be run elsewhere.
void check_agents(const Workspace& workspace, const Plan& plan, std::span<const int> lines,
                  Diagnostics& diagnostics) {
  auto known = workspace.config().subsections("wave", "command");
  known.emplace_back("default");
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    const Task& task = plan.tasks[i];
    const bool is_known = !task.agent || std::ranges::find(known, *task.agent) != known.end();
    if (is_known || !is_agent_name(*task.agent)) continue;  // a bad name is an error already
    const auto near = text::did_you_mean(*task.agent, known);
    diagnostics.push_back(
        {Severity::warning, "unknown_agent",
         fmt::format("task '{}': agent '{}' is not defined{}", text::printable(task.id),
                     *task.agent,
                     near ? fmt::format("; did you mean '{}'?", text::printable(*near)) : ""),
         task.id, i < lines.size() ? std::optional(lines[i]) : std::nullopt});
  }
}

void check_workers(const PlanView& view, Diagnostics& diagnostics) {
  for (const Slot& slot : view.slots()) {
    const bool is_ours = slot.claim && slot.claim->session == view.session();
    if (!is_ours || view.plan().find(slot.claim->task)) continue;
    diagnostics.push_back({Severity::warning, "worker_without_task",
                           fmt::format("worker {} has task '{}', which the plan does not have",
                                       slot.number, slot.claim->task),
                           "", std::nullopt});
  }
}

}  // namespace

bool CheckResult::has_errors() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& one) { return one.severity == Severity::error; });
}

CheckResult check(const Workspace& workspace, const PlanView& view) {
  CheckResult result;
  result.name = fmt::format("plan '{}'", view.session());
  result.session = view.session();
  result.diagnostics =
      check_plan(view.plan(), view.given(), view.stored().task_lines, view.stored().diagnostics);
  check_name(view, result.diagnostics);
  if (const auto taken = taken_back(workspace, view.stored()))
    result.diagnostics.push_back(taken->warning);
  check_against_flow(workspace, view, result.diagnostics);
  check_metadata(workspace, view, result.diagnostics);
  check_workers(view, result.diagnostics);
  check_agents(workspace, view.plan(), view.stored().task_lines, result.diagnostics);
  if (workspace.strict()) promote_warnings(result.diagnostics);
  return result;
}

CheckResult check(const Workspace& workspace, const Document& document) {
  CheckResult result;
  result.name = document.name;
  auto parsed = json_io::looks_like_json(document.text)
                    ? json_io::parse_plan(document.text, document.name, document.lines)
                    : toml_io::parse_plan(document.text, document.name);
  std::vector<std::string> given = parsed.plan.provides;
  Ledger ledger(workspace.repository(), parsed.plan.session_id);
  const auto others = ledger.other_provides(ledger.flow(parsed.plan.flow_branch));
  given.insert(given.end(), others.begin(), others.end());
  result.diagnostics = check_plan(parsed.plan, given, parsed.task_lines, parsed.diagnostics);
  check_agents(workspace, parsed.plan, parsed.task_lines, result.diagnostics);
  if (parsed.plan.session_id.empty()) {  // create names it by the clock: nothing to complain of
    std::erase_if(result.diagnostics,
                  [](const Diagnostic& one) { return one.code == "bad_session"; });
  }
  if (workspace.strict()) promote_warnings(result.diagnostics);
  return result;
}

Json to_json(const CheckResult& result) {
  Diagnostics errors;
  Diagnostics warnings;
  for (const auto& one : result.diagnostics) {
    (one.severity == Severity::error ? errors : warnings).push_back(one);
  }
  Json object = new_object();
  if (!result.session.empty()) object["plan_branch"] = plan_branch_text(result.session);
  object["errors"] = to_json(errors);
  object["warnings"] = to_json(warnings);
  return object;
}

namespace {

std::vector<std::string> provides(const PlanView& view) {
  return schedule::available(view.graph(), view.given(), view.progress());
}

std::vector<std::string> flow_provides(const Workspace& workspace) {
  // No session has this name, so that every one in flow counts as another.
  Ledger ledger(workspace.repository(), ".none");
  return ledger.other_provides(ledger.flow(default_flow_branch(workspace)));
}

}  // namespace

Provided provides_here(Workspace& workspace) {
  const bool alone = !workspace.settings().plan && has_no_plans(workspace);
  if (alone) return {"", flow_provides(workspace)};
  const auto view = select_plan(workspace, Access::read);
  return {view->session(), provides(*view)};
}

Json to_json(const Provided& provided) {
  Json object = new_object();
  if (!provided.session.empty()) object["plan_branch"] = plan_branch_text(provided.session);
  object["provides"] = provided.capabilities;
  return object;
}

}  // namespace gitplan::commands
