// The program that runs, to be started again beside itself.
#pragma once

#include <string>

namespace gitplan::supervisor {

/// Its path. Replaced by a newer one meanwhile: what leads to the one that runs.
std::string own_program();

}  // namespace gitplan::supervisor
