// Tasks whose branches were merged into another task's: which of them are done when that one is.
#pragma once

#include "session/task_branch.hpp"

namespace gitplan {

/// True if the task of this metadata file may come into `flow` along with the branch that ends at
/// `tip`: all of its own branch is in there, with work of its own, and nobody is at it any more.
bool comes_along(const Workspace& workspace, const MetadataFile& file, const git::Oid& flow,
                 const git::Oid& tip);

}  // namespace gitplan
