// Why the flow branch does not move, as its user reads it.
#pragma once

#include <string>

#include "git/merge.hpp"

namespace gitplan {

/// Throws Error(wrong_state) "blocked" for what advance_branch answers when nothing moved because
/// of a checkout of flow. `again` is the command to run when that is mended.
[[noreturn]] void refuse_advance(const std::string& flow_branch, const git::FlowResult& result,
                                 const std::string& again);

}  // namespace gitplan
