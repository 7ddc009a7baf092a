// Parkings without a file.
#pragma once

#include <functional>

#include "agents/crew.hpp"

namespace gitplan::agents {

class MemoryLot final : public ParkingLot {
 public:
  Parkings read() override { return parkings; }
  Parkings update(const std::function<void(Parkings&)>& change) override {
    change(parkings);
    ++writes;
    return parkings;
  }
  Parkings parkings;
  int writes = 0;
};

}  // namespace gitplan::agents
