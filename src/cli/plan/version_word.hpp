// Versions of a plan as users type them.
#pragma once

#include "commands/plan/version_word.hpp"

namespace gitplan::cli {

using commands::parse_version;

}  // namespace gitplan::cli
