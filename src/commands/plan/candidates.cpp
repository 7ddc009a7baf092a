#include "commands/plan/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/json.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// Reading plans takes time where there are many: the newest are described.
constexpr std::size_t most_described = 20;

std::string one_line(std::string_view text) {
  constexpr int columns = 60;
  return text::cut(text::printable(text::fold_space(text)), columns);
}

std::string description_of(const Workspace& workspace, const PlanTip& tip) {
  try {
    return one_line(workspace.store().load_at(tip.session, tip.commit).plan.user_request);
  } catch (const Error&) {
    return "unreadable";
  }
}

bool is_unfinished(Status status) {
  return status == Status::pending || status == Status::in_progress;
}

}  // namespace

Candidates plan_candidates(const Workspace& workspace) {
  auto tips = workspace.store().list();
  std::reverse(tips.begin(), tips.end());  // by name, which is by time: the newest first
  Candidates plans;
  for (const PlanTip& tip : tips) {
    const bool described = plans.size() < most_described;
    plans.push_back({tip.session, described ? description_of(workspace, tip) : ""});
  }
  return plans;
}

Candidates task_candidates(Workspace& workspace, std::string_view word, Which which) {
  const auto slash = word.rfind('/');
  const std::string session(slash == std::string_view::npos ? "" : word.substr(0, slash));
  const auto view =
      select_plan(workspace, Access::read, session.empty() ? std::nullopt : std::optional(session));
  Candidates tasks;
  for (TaskIndex i = 0; i < view->size(); ++i) {
    if (which == Which::unfinished && !is_unfinished(view->status(i))) continue;
    const Task& task = view->task(i);
    if (!task_number(task.id)) continue;  // no id that a command takes
    tasks.push_back({session.empty() ? task.id : session + "/" + task.id,
                     one_line(fmt::format("{}: {}", spoken(*view, i), task.description))});
  }
  return tasks;
}

Candidates branch_candidates(const Workspace& workspace) {
  Candidates branches;
  for (const auto& ref : git::list_refs(workspace.repository(), "refs/heads/")) {
    std::string name = ref_names::branch_name(ref.name);
    const bool can_be_typed = is_branch_name(name) && text::printable(name) == name;
    if (can_be_typed) branches.push_back({std::move(name), ""});
  }
  return branches;
}

Candidates worker_candidates(const Workspace& workspace) {
  Candidates workers;
  for (const Slot& slot : workspace.slots().list())
    workers.push_back({std::to_string(slot.number), one_line(slot.branch)});
  return workers;
}

Candidates agent_candidates(const Workspace& workspace) {
  Candidates agents;
  if (const auto command = workspace.config().text("wave.command"))
    agents.push_back({"default", one_line(*command)});
  for (const std::string& name : workspace.config().subsections("wave", "command")) {
    if (is_agent_name(name) && name != "default")
      agents.push_back(
          {name, one_line(workspace.config().text("wave." + name + ".command").value_or(""))});
  }
  return agents;
}

Candidates version_candidates(Workspace& workspace) {
  const auto view = select_plan(workspace, Access::read);
  constexpr std::size_t most = 50;
  Candidates versions;
  auto version = view->plan().version;
  for (const auto& commit : workspace.store().history(view->stored().commit, most)) {
    if (version < 1) break;
    versions.push_back({version_text(version--), one_line(commit.subject())});
  }
  return versions;
}

}  // namespace gitplan::commands
