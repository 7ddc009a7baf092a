// Why the flow branch does not move, as its user reads it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "git/merge.hpp"

namespace gitplan {

/// Nothing moved because of a checkout of flow: its user's doing, not that of whoever merges.
class FlowBlocked : public Error {
 public:
  explicit FlowBlocked(Error refusal) : Error(std::move(refusal).with_code("blocked")) {}
};

/// Throws FlowBlocked(wrong_state) for what advance_branch answers when nothing moved because of a
/// checkout of flow, or of the branch that is to move otherwise. `again` is the command to run when
/// that is mended, `undone` says what was not done.
[[noreturn]] void refuse_advance(const std::string& flow_branch, const git::FlowResult& result,
                                 const std::string& again,
                                 std::string_view undone = "nothing was merged");

}  // namespace gitplan
