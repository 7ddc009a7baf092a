#include "session/record.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/guard.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"
#include "store/session_trees.hpp"

namespace gitplan {
namespace {

bool says_all(const Plan& plan, const std::string& session, const SessionTasks& in_flow) {
  return std::ranges::all_of(in_flow, [&](const SessionTask& task) {
    if (!task.is_metadata_of(session)) return true;
    const auto index = plan.find(format_task_id(task.number));
    return !index || plan.tasks[*index].status == Status::completed;
  });
}

/// False also of a plan that is not there, or that nobody can read.
bool has_to_be_told(const Workspace& workspace, const std::string& session,
                    const SessionTasks& in_flow) try {
  const auto stored = workspace.store().find(session);
  return stored && !says_all(stored->plan, session, in_flow);
} catch (const Error&) {
  return false;
}

}  // namespace

void record_completions(Workspace& workspace, std::string_view session) {
  write_plan(workspace, session, "Record completed tasks",
             [](const EditContext& context) { return context.current.plan; });
}

void record_all_completions(Workspace& workspace, const std::string& flow_branch) {
  const git::Repository& repository = workspace.repository();
  const auto flow = git::read_ref(repository, ref_names::branch_ref(flow_branch));
  if (!flow) return;
  std::vector<std::string> untold;
  SessionTrees(repository)
      .for_each_in_flow(*flow, [&](const std::string& session, const SessionTasks& tasks) {
        if (has_to_be_told(workspace, session, tasks)) untold.push_back(session);
      });
  for (const std::string& session : untold) record_completions(workspace, session);
}

}  // namespace gitplan
