// Where a repository keeps which of its agents are parked: "<common>/git-plan/agents/parked".
#pragma once

#include <string>
#include <utility>

#include "agents/crew.hpp"

namespace gitplan::commands {

class ParkingFile final : public agents::ParkingLot {
 public:
  /// `state_folder`: "<common>/git-plan".
  explicit ParkingFile(std::string state_folder) : folder_(std::move(state_folder) + "/agents") {}
  agents::Parkings read() override;
  agents::Parkings update(const std::function<void(agents::Parkings&)>& change) override;

 private:
  std::string folder_;
};

}  // namespace gitplan::commands
