// A verb of all three programs, for our own processes: whichever lands verifies by itself again.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/verb.hpp"

namespace gitplan::cli {

class Arguments;

extern const Verb run_verify_verb;

/// --timeout, which one of our processes hands on to another; a person's is checked before.
std::optional<std::chrono::seconds> handed_on_timeout(const Arguments& arguments);
/// The same of another option, without its dashes.
std::optional<std::chrono::seconds> handed_on_time(const Arguments& arguments,
                                                   const std::string& option);

}  // namespace gitplan::cli
