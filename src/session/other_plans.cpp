#include "session/other_plans.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/error.hpp"
#include "session/surroundings.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "store/unsettled_plans.hpp"

namespace gitplan {
namespace {

void add_busy(const Workspace& workspace, const PlanTip& tip, const std::string& flow_branch,
              const Surroundings& surroundings, std::vector<schedule::Busy>& busy) try {
  const PlanView other(workspace, workspace.store().load_at(tip.session, tip.commit), surroundings);
  if (other.plan().flow_branch != flow_branch) return;
  for (TaskIndex i = 0; i < other.size(); ++i) {
    if (other.status(i) != Status::in_progress) continue;
    busy.push_back({fmt::format("{}/{}", tip.session, other.task(i).id), other.task(i).files,
                    other.is_free(i)});
  }
} catch (const Error&) {
  return;
}

}  // namespace

std::vector<schedule::Busy> busy_in_other_plans(const Workspace& workspace, const PlanView& view) {
  std::vector<schedule::Busy> busy;
  std::optional<Surroundings> surroundings;
  for (const PlanTip& tip :
       unsettled_plans(workspace.repository(), workspace.store(), view.session())) {
    if (!surroundings) surroundings.emplace(workspace);
    add_busy(workspace, tip, view.plan().flow_branch, *surroundings, busy);
  }
  return busy;
}

}  // namespace gitplan
