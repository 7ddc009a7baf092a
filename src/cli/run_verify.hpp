// A verb of all three programs, for our own processes: whichever lands verifies by itself again.
#pragma once

#include <chrono>
#include <optional>

#include "cli/verb.hpp"

namespace gitplan::cli {

class Arguments;

extern const Verb run_verify_verb;

/// --timeout, which one of our processes hands on to another; a person's is checked before.
std::optional<std::chrono::seconds> handed_on_timeout(const Arguments& arguments);

}  // namespace gitplan::cli
