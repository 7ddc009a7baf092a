#include "commands/plan/list.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "session/surroundings.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {

std::vector<PlanSummary> list_plans(const Workspace& workspace) {
  const auto current = workspace.config().text("plan.current");
  const Surroundings surroundings(workspace);
  std::vector<PlanSummary> plans;
  for (const PlanTip& tip : workspace.store().list()) {
    PlanSummary summary;
    summary.session = tip.session;
    summary.current = current && ref_names::session_of(*current) == tip.session;
    try {
      const PlanView view(workspace, workspace.store().load_at(tip.session, tip.commit),
                          surroundings);
      summary.version = view.version();
      summary.total_tasks = view.size();
      summary.completed_tasks = view.count(Status::completed);
      summary.state = view.state();
      summary.stuck = schedule::stuck_reason(view.graph(), view.progress());
      summary.user_request = view.plan().user_request;
    } catch (const Error& error) {
      summary.problem = error.what();
    }
    plans.push_back(std::move(summary));
  }
  return plans;
}

Json to_json(const std::vector<PlanSummary>& plans) {
  Json list = Json::array();
  for (const PlanSummary& plan : plans) {
    Json object{{"session_id", plan.session},
                {"plan_branch", ref_names::plan_branch(plan.session)}};
    if (plan.problem.empty()) {
      object["plan_version"] = plan.version;
      object["total_tasks"] = plan.total_tasks;
      object["completed_tasks"] = plan.completed_tasks;
      object["state"] = schedule::to_string(plan.state);
      if (!plan.stuck.empty()) object["reason"] = plan.stuck;
    } else {
      for (const char* unknown : {"plan_version", "total_tasks", "completed_tasks", "state"})
        object[unknown] = nullptr;
      object["error"] = plan.problem;
    }
    object["current"] = plan.current;
    list.push_back(std::move(object));
  }
  Json object = new_object();
  object["plans"] = std::move(list);
  return object;
}

}  // namespace gitplan::commands
