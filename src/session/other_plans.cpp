#include "session/other_plans.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

void add_busy(const Workspace& workspace, const PlanTip& tip, const std::string& flow_branch,
              std::vector<schedule::Busy>& busy) try {
  const PlanView other(workspace, workspace.store().load_at(tip.session, tip.commit));
  if (other.plan().flow_branch != flow_branch) return;
  for (TaskIndex i = 0; i < other.size(); ++i) {
    if (other.status(i) != Status::in_progress) continue;
    busy.push_back({fmt::format("{}/{}", tip.session, other.task(i).id), other.task(i).files});
  }
} catch (const Error&) {
  return;
}

}  // namespace

std::vector<schedule::Busy> busy_in_other_plans(const Workspace& workspace, const PlanView& view) {
  std::vector<schedule::Busy> busy;
  for (const PlanTip& tip : workspace.store().list()) {
    if (tip.session != view.session()) add_busy(workspace, tip, view.plan().flow_branch, busy);
  }
  return busy;
}

}  // namespace gitplan
