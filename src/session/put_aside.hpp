// How what stands in the way of a checkout is put aside by a person, such that nothing of it is
// lost.
#pragma once

#include <string>

#include "git/merge.hpp"

namespace gitplan {

/// A command that takes the paths of a blocked result out of the way, for any shell: a stash; what
/// a stash does not take is renamed: repositories, what is marked or only intended to be added, and
/// content that git would not store as it is.
std::string command_to_put_aside(const git::FlowResult& blocked);

}  // namespace gitplan
