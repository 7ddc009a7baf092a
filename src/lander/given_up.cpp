#include "lander/given_up.hpp"

#include "lander/told.hpp"
#include "session/ready_branch.hpp"

namespace gitplan::lander {

using supervisor::Landing;
using Outcome = Landing::Outcome;

std::optional<Landing> landing_of_given_up(const PlanView& view, TaskIndex index) {
  const auto reason = given_up(view, index);
  if (!reason) return std::nullopt;
  const Status status = view.status(index);
  if (status == Status::pending) return landing_as(Outcome::taken_back, *reason);
  if (status != Status::cancelled) return landing_as(Outcome::given_up, *reason);
  const auto& why = view.task(index).reason;
  return landing_as(Outcome::cancelled, why ? "cancelled: " + *why : "cancelled");
}

Landing landing_of_removed() { return landing_as(Outcome::given_up, "it is in the plan no more"); }

}  // namespace gitplan::lander
