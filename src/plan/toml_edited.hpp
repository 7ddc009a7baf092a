// An edit of plan.toml together with what the new text says, which the edit had to read anyway.
#pragma once

#include <string>
#include <string_view>

#include "plan/toml.hpp"

namespace gitplan::toml_io {

struct EditedPlan {
  std::string text;
  ParsedPlan parsed;
};

/// As edit_plan. `name` is how the diagnostics of the new text call it; `diagnostics` are those of
/// the old one: where there are none, only what was changed is read again.
EditedPlan edit_and_read(std::string_view text, std::string_view name, const Plan& before,
                         const Diagnostics& diagnostics, Plan after);

}  // namespace gitplan::toml_io
