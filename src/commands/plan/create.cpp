#include "commands/plan/create.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/edits.hpp"
#include "plan/ids.hpp"
#include "plan/json.hpp"
#include "plan/toml.hpp"
#include "session/flow.hpp"
#include "session/guard.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// A plan on its way in: the value, and the text that becomes plan.toml (a person's own, if it was
/// TOML).
struct Draft {
  toml_io::ParsedPlan parsed;
  std::optional<std::string> toml;
};

Draft read_draft(const std::optional<Document>& document) {
  Draft draft;
  if (!document) return draft;
  if (text::trim(document->text).empty()) {
    throw Error(ErrorKind::fatal, fmt::format("{} is empty", document->name),
                Hint{"to start a plan without tasks, run: git plan create"});
  }
  if (json_io::looks_like_json(document->text)) {
    draft.parsed = json_io::parse_plan(document->text, document->name, document->lines);
  } else {
    draft.parsed = toml_io::parse_plan(document->text, document->name);
    draft.toml = document->text;
    if (!toml_io::parse_approvals(document->text, document->name).empty()) {
      // Nobody has approved this plan yet; written anew, it says so.
      draft.parsed.plan = toml_io::parse_input(document->text, document->name).plan;
      draft.toml.reset();
    }
  }
  return draft;
}

Draft draft_of(const Plan& plan) {
  Draft draft;
  draft.parsed.plan = plan;
  return draft;
}

bool is_taken(const Workspace& workspace, const std::string& session,
              const std::string& flow_branch) {
  if (git::read_ref(workspace.repository(), ref_names::plan_ref(session))) return true;
  const auto flow = git::read_ref(workspace.repository(), ref_names::branch_ref(flow_branch));
  if (!flow) return false;
  const auto folder = fmt::format("{}/{}", ref_names::metadata_folder, session);
  return git::entry_at(workspace.repository(), git::tree_of(workspace.repository(), *flow), folder)
      .has_value();
}

std::string free_session(const Workspace& workspace, const std::string& flow_branch) {
  Seconds time = now();
  while (is_taken(workspace, session_name(time), flow_branch)) ++time;
  return session_name(time);
}

/// The clock names what has no other name, where nothing was read in.
Hint way_out_of_taken(const Workspace& workspace, const Plan& plan, const std::string& again) {
  if (again == CreateRequest().again && plan.tasks.empty())
    return {"to let the clock name a new one, run: " + again};
  return {fmt::format("to give it another name, run: {} {}", again,
                      free_session(workspace, plan.flow_branch))};
}

void refuse_taken(const Workspace& workspace, const Plan& plan, const std::string& again) {
  if (!is_taken(workspace, plan.session_id, plan.flow_branch)) return;
  const std::string session = text::printable(plan.session_id);
  const bool exists =
      git::read_ref(workspace.repository(), ref_names::plan_ref(plan.session_id)).has_value();
  throw Error(
      ErrorKind::wrong_state,
      exists ? fmt::format("plan '{}' already exists", session)
             : fmt::format("the name '{}' is taken: '{}' has '{}/{}'", session,
                           text::printable(plan.flow_branch), ref_names::metadata_folder, session),
      way_out_of_taken(workspace, plan, again));
}

/// Of a plan that was deleted: its tasks would be taken for the new one's, and their work with
/// them.
void refuse_left_behind(const Workspace& workspace, const Plan& plan) {
  const std::string session = text::printable(plan.session_id);
  for (const Slot& slot : workspace.slots().worktrees()) {
    if (!slot.claim || slot.claim->session != plan.session_id) continue;
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("worker {} still works for a plan '{}' that was deleted", slot.number, session),
        Hint{fmt::format("to save what it holds and free it, run: git wave worker remove {}",
                         slot.number)})
        .with_code("left_behind");
  }
  Ledger ledger(workspace.repository(), plan.session_id);
  const auto branches = ledger.task_branches(ledger.flow(plan.flow_branch));
  if (branches.empty()) return;
  std::vector<std::string> names;
  for (const auto& [number, branch] : branches) names.push_back(text::shell_quote(branch.name));
  std::ranges::sort(names);
  throw Error(ErrorKind::wrong_state,
              fmt::format("a plan '{}' that was deleted left {}: {}", session,
                          text::count(static_cast<long long>(names.size()), "branch", "branches"),
                          text::join(names, ", ")),
              Hint{"if nothing on them is wanted, run: git branch -D " + text::join(names, " ")})
      .with_code("left_behind");
}

void apply_options(Plan& plan, const CreateRequest& request) {
  const auto set = [](std::string& field, const std::optional<std::string>& value) {
    if (value) field = *value;
  };
  set(plan.user_request, request.request);
  set(plan.architecture, request.architecture);
  set(plan.design_patterns, request.design_patterns);
  set(plan.technology_stack, request.technology_stack);
  set(plan.flow_branch, request.flow_branch);
}

std::string render(const Draft& draft, const Plan& plan) {
  if (!draft.toml) return toml_io::render_plan(plan);
  // Every plan says these itself, whatever they were left out for.
  Plan before = draft.parsed.plan;
  std::string text = toml_io::set_top_level(*draft.toml, "version", std::to_string(before.version));
  text = toml_io::set_top_level(text, "format", std::to_string(format_version));
  if (!draft.parsed.names_flow) {
    text = toml_io::set_top_level(text, "flow_branch", toml_io::quote(plan.flow_branch));
    before.flow_branch = plan.flow_branch;
  }
  return toml_io::edit_plan(text, before, plan);
}

/// Current first, made last: what a lock or a kill keeps from either, the same command still does.
git::Oid create_as_current(const Workspace& workspace, const std::string& session,
                           const std::string& toml) {
  const git::Repository& repository = workspace.repository();
  const auto current = workspace.config().text("plan.current");
  git::set_config(repository, "plan.current", session);
  try {
    return workspace.store()
        .create(session, toml, fmt::format("Create plan {} (v1)", session))
        .commit;
  } catch (const Error&) {
    if (current) git::set_config(repository, "plan.current", *current);
    if (!current) git::unset_config(repository, "plan.current");
    throw;
  }
}

}  // namespace

CreateResult create_plan(Workspace& workspace, const CreateRequest& request) {
  const Draft draft = request.plan ? draft_of(*request.plan) : read_draft(request.document);
  CreateResult result;
  Plan& plan = result.plan;
  plan = draft.parsed.plan;
  for (Task& task : plan.tasks) {
    if (draft.toml) {
      edits::split_description(task.description, task.details);  // the rest stays as it is written
    } else {
      edits::settle_texts(task);
    }
  }
  apply_options(plan, request);
  if (!request.flow_branch && !draft.parsed.names_flow)
    plan.flow_branch = default_flow_branch(workspace);
  plan.version = 1;
  plan.created_at = rfc3339(now());
  plan.cleaned_at.clear();
  if (request.session) plan.session_id = ref_names::session_of(*request.session);
  const bool from_clock = plan.session_id.empty();
  if (from_clock) plan.session_id = free_session(workspace, plan.flow_branch);

  if (is_session(plan.session_id)) {
    refuse_taken(workspace, plan, request.again);
    if (!from_clock) refuse_left_behind(workspace, plan);
  }

  std::vector<std::string> given = plan.provides;
  {
    Ledger ledger(workspace.repository(), plan.session_id);
    const auto others = ledger.other_provides(ledger.flow(plan.flow_branch));
    given.insert(given.end(), others.begin(), others.end());
  }
  const Diagnostics found =
      check_plan(plan, given, draft.parsed.task_lines, draft.parsed.diagnostics);
  refuse_new_errors(workspace, plan.session_id, {}, found);
  result.warnings = workspace.warnings();
  if (request.effect == Effect::dry_run) return result;

  workspace.begin_write();
  ensure_flow(workspace, plan.flow_branch);
  const git::NamedLock turn(workspace.repository(), "plans");
  if (from_clock) plan.session_id = free_session(workspace, plan.flow_branch);
  refuse_taken(workspace, plan, request.again);
  result.commit = create_as_current(workspace, plan.session_id, render(draft, plan));
  return result;
}

Json to_json(const CreateResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["session_id"] = result.plan.session_id;
  object["plan_branch"] = ref_names::plan_branch(result.plan.session_id);
  object["plan_version"] = version_text(result.plan.version);
  if (!result.commit.is_zero()) object["commit"] = result.commit.hex();
  object["total_tasks"] = result.plan.tasks.size();
  object["warnings"] = to_json(result.warnings);
  return object;
}

}  // namespace gitplan::commands
