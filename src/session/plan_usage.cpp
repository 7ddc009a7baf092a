#include "session/plan_usage.hpp"

#include <set>

#include "agents/agent.hpp"
#include "plan/ids.hpp"
#include "session/flow_walk.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

void count(PlanUsage& sum, const std::string& task, const RunFacts& facts) {
  if (facts.parked) sum.parked[task] += *facts.parked;
  if (facts.usage.empty()) return;
  agents::add(sum.all, facts.usage);
  agents::add(sum.by_task[task], facts.usage);
  agents::add(sum.by_agent[facts.agent.empty() ? std::string(agents::default_agent) : facts.agent],
              facts.usage);
}

}  // namespace

PlanUsage plan_usage(const PlanView& view, const RunHistory& history) {
  PlanUsage sum;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto& landing = history.tasks[i].landing;
    if (landing) count(sum, view.task(i).id, landing->facts);
  }
  for (const Setback& setback : history.setbacks) {
    if (setback.facts.outcome != RunFacts::Outcome::done)  // its merge has told of it
      count(sum, setback.task, setback.facts);
  }
  return sum;
}

agents::Usage used_by_plan(const Workspace& workspace, const PlanView& view) {
  agents::Usage sum;
  const git::Repository& repository = workspace.repository();
  std::set<git::Oid> counted;  // one may have brought several tasks
  for (const auto& [number, arrival] : arrivals(repository, view)) {
    if (!counted.insert(arrival.first.id).second) continue;
    for (const RunFacts& facts : parse_trailers(arrival.first.message))
      agents::add(sum, facts.usage);
  }
  for (const Setback& setback : told_by_plan(repository, view.stored().commit))
    agents::add(sum, setback.facts.usage);
  return sum;
}

}  // namespace gitplan
