#include "lander/ground.hpp"

#include <utility>

namespace gitplan::lander {

std::optional<Placed> Ground::find(const HandIn& hand_in) {
  const std::string& session = hand_in.record.session;
  auto found = views_.find(session);
  if (found == views_.end()) {
    auto stored = workspace_.store().find(session);
    found =
        views_
            .emplace(session,
                     stored ? std::make_unique<PlanView>(workspace_, *std::move(stored)) : nullptr)
            .first;
  }
  if (!found->second) return std::nullopt;
  const auto task = found->second->plan().find(hand_in.record.task);
  if (!task) return std::nullopt;
  return Placed{found->second.get(), static_cast<TaskIndex>(*task)};
}

}  // namespace gitplan::lander
