// Which checkout follows a branch that moves, or why the branch must not move.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "git/checkout.hpp"
#include "git/merge.hpp"

namespace gitplan::git {

/// The checkout that has the branch (full name, no symbolic ref); nothing where none has it. As
/// `git branch -f` does, it refuses where a checkout would be left behind: FlowResult with busy,
/// away, unplaced or shared.
std::variant<std::optional<Checkout>, FlowResult> follower_of(const Repository& repository,
                                                              const std::string& branch);

}  // namespace gitplan::git
