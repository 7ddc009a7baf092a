#include "session/approval.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

/// What stands in the commit that an approval by `git plan approve` names, if that is one of this
/// plan's, in its history or not.
std::optional<StoredPlan> named_version(const Workspace& workspace, const StoredPlan& now,
                                        const toml_io::Approval& approval) {
  const git::Repository& repository = workspace.repository();
  const auto commit = git::Oid::parse(approval.commit);
  if (!commit || !git::object_exists(repository, *commit)) return std::nullopt;
  auto stored = workspace.store().load_at(now.session, *commit);
  return stored.plan.session_id == now.session ? std::optional(std::move(stored)) : std::nullopt;
}

/// For an approval that a person wrote: the newest commit of that version.
std::optional<StoredPlan> numbered_version(const Workspace& workspace, const StoredPlan& now,
                                           const toml_io::Approval& approval) {
  std::optional<git::Oid> commit = now.commit;
  while (commit) {
    auto stored = workspace.store().load_at(now.session, *commit);
    if (stored.plan.version == approval.version) return stored;
    if (stored.plan.version < approval.version) return std::nullopt;
    const auto parents = git::read_commit(workspace.repository(), *commit).parents;
    commit = parents.empty() ? std::nullopt : std::optional(parents.front());
  }
  return std::nullopt;
}

std::optional<StoredPlan> approved_version(const Workspace& workspace, const StoredPlan& now,
                                           const toml_io::Approval& approval) {
  try {
    if (auto named = named_version(workspace, now, approval))
      return named->plan.version == approval.version ? std::move(named) : std::nullopt;
    return numbered_version(workspace, now, approval);
  } catch (const Error&) {
    return std::nullopt;  // a version that cannot be read approves nothing
  }
}

std::vector<std::string> changed_keys(const Task& then, const Task& now) {
  std::vector<std::string> keys;
  const auto compare = [&](std::string_view key, const auto& a, const auto& b) {
    if (!(a == b)) keys.emplace_back(key);
  };
  compare("description", then.description, now.description);
  compare("preconditions", then.preconditions, now.preconditions);
  compare("provides", then.provides, now.provides);
  compare("depends_on", then.depends_on, now.depends_on);
  compare("files", then.files, now.files);
  compare("estimated_time", then.estimated_time, now.estimated_time);
  compare("priority", then.effective_priority(), now.effective_priority());
  compare("slug", then.slug, now.slug);
  compare("part_of", then.part_of, now.part_of);
  compare("details", then.details, now.details);
  compare("test_strategy", then.test_strategy, now.test_strategy);
  compare("agent", then.agent, now.agent);
  return keys;
}

/// Of all tasks, where there is no approval.
std::vector<ApprovalState::Difference> differences(const std::optional<Plan>& approved,
                                                   const Plan& now) {
  std::vector<ApprovalState::Difference> all;
  for (TaskIndex i = 0; i < now.tasks.size(); ++i) {
    const Task& task = now.tasks[i];
    const auto earlier = approved ? approved->find(task.id) : std::nullopt;
    if (!earlier) {
      all.push_back({i, {}});
      continue;
    }
    auto keys = changed_keys(approved->tasks[*earlier], task);
    if (!keys.empty()) all.push_back({i, std::move(keys)});
  }
  return all;
}

}  // namespace

bool ApprovalState::covers(TaskIndex task) const {
  return std::none_of(unapproved.begin(), unapproved.end(),
                      [&](const Difference& one) { return one.task == task; });
}

std::vector<toml_io::Approval> plan_approvals(const Workspace& workspace,
                                              const StoredPlan& stored) {
  const std::string text = workspace.store().text(stored);
  // Most plans have none, and reading one twice takes time.
  if (text.find("approvals") == std::string::npos) return {};
  return toml_io::parse_approvals(text, fmt::format("plan '{}'", stored.session));
}

bool approval_required(const Workspace& workspace) {
  return workspace.config().boolean("plan.requireApproval").value_or(false);
}

ApprovalState approval_state(const Workspace& workspace, const PlanView& view) {
  ApprovalState state;
  state.required = approval_required(workspace);
  const auto approvals = plan_approvals(workspace, view.stored());
  std::optional<StoredPlan> approved;
  if (!approvals.empty()) {
    state.latest = approvals.back();
    approved = approved_version(workspace, view.stored(), approvals.back());
  }
  state.unapproved =
      differences(approved ? std::optional(approved->plan) : std::nullopt, view.plan());
  return state;
}

std::string describe(const ApprovalState& state, const ApprovalState::Difference& difference) {
  if (!state.latest) return "is in a plan that nobody has approved";
  if (difference.keys.empty()) return fmt::format("was added after v{}", state.latest->version);
  return fmt::format("was changed after v{} ({})", state.latest->version,
                     text::join(difference.keys, ", "));
}

void refuse_unapproved(const ApprovalState& state, const PlanView& view, TaskIndex task) {
  if (!state.holds_back(task)) return;
  const auto found =
      std::find_if(state.unapproved.begin(), state.unapproved.end(),
                   [&](const ApprovalState::Difference& one) { return one.task == task; });
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("task '{}' is not approved: it {}", view.task(task).id, describe(state, *found)),
      Hint{fmt::format("to approve the plan as it is, run: git plan approve {}", view.session())})
      .with_code("not_approved");
}

std::vector<TaskIndex> waiting_for_approval(const ApprovalState& state, const PlanView& view) {
  std::vector<TaskIndex> waiting;
  if (!state.required) return waiting;
  const auto ready = schedule::ready_tasks(view.graph(), view.progress());
  for (const auto& one : state.unapproved) {
    if (ready[one.task] || view.is_free(one.task)) waiting.push_back(one.task);
  }
  return waiting;
}

Json approval_object(const ApprovalState& state, const PlanView& view) {
  Json object{{"required", state.required}};
  if (state.latest) {
    object["version"] = state.latest->version;
    object["at"] = state.latest->at;
    object["by"] = state.latest->by;
    object["note"] = state.latest->note;
  }
  Json unapproved = Json::array();
  for (const auto& one : state.unapproved)
    unapproved.push_back(Json{{"id", view.task(one.task).id}, {"reason", describe(state, one)}});
  object["unapproved"] = std::move(unapproved);
  return object;
}

void say_unapproved(const Workspace& workspace, const std::vector<std::string>& tasks) {
  if (tasks.empty()) return;
  constexpr std::size_t most = 10;
  std::vector<std::string> ids(
      tasks.begin(), tasks.begin() + static_cast<std::ptrdiff_t>(std::min(tasks.size(), most)));
  std::string list = text::printable(text::join(ids, ", "));
  if (tasks.size() > most) list += fmt::format(" and {} more", tasks.size() - most);
  workspace.note(fmt::format("held back, not approved: {}", list));
  workspace.hint("to approve the plan as it is, run: git plan approve");
}

}  // namespace gitplan
