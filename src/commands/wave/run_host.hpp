// A clone belongs to one host: what runs note of processes and slots means nothing on another.
#pragma once

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// Throws Error(wrong_state), with the command that clones, where another host made the slots that
/// stand here. Notes that this one does from now on. Where machines share no plan: nothing.
void refuse_other_host(const Workspace& workspace);

}  // namespace gitplan::commands
