// The process runner on libuv.
#pragma once

#include <memory>

#include "supervisor/process_runner.hpp"

namespace gitplan::supervisor {

std::unique_ptr<ProcessRunner> make_uv_runner();

}  // namespace gitplan::supervisor
