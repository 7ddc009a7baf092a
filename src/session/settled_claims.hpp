// Claims of tasks that are over.
#pragma once

#include <string>

#include "remote/transact.hpp"

namespace gitplan {

class Workspace;

/// Ends claims of tasks that are completed, failed or cancelled in the plan as it was seen, whoever
/// made them: puts that into a push.
void end_settled(const Workspace& workspace, const std::string& session, const remote::Seen& seen,
                 remote::Transaction& made);
/// The same in a push of its own, where any were seen last. What cannot be reached is noted.
void end_settled_claims(const Workspace& workspace, const std::string& session);

}  // namespace gitplan
