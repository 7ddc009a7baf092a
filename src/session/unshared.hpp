// A plan that is here, and not on the remote.
#pragma once

#include <string>

namespace gitplan {

class SharedRemote;

/// Throws Error(wrong_state), with the command that shares it.
[[noreturn]] void refuse_unshared(const SharedRemote& shared, const std::string& session);

}  // namespace gitplan
