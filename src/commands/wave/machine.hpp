// What the machine says of its load and memory, and the container that we may be in.
#pragma once

#include "agents/load.hpp"

namespace gitplan::commands {

agents::MachineState machine_state();

}  // namespace gitplan::commands
