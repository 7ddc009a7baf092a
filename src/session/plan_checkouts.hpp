// Worktrees that have a plan's branch checked out while it is written.
#pragma once

#include <string_view>

namespace gitplan {

class Workspace;

/// A checkout of the plan's branch is never touched: its next commit would undo the write. Warns of
/// each, with the command that brings it up to date and keeps what is edited there.
void warn_of_checkouts(Workspace& workspace, std::string_view session);
/// The same as notes, for whoever only follows what others wrote.
void note_checkouts(const Workspace& workspace, std::string_view session);

}  // namespace gitplan
