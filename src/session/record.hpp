// What flow shows, written into the plans before something takes it out of sight.
#pragma once

#include <string>
#include <string_view>

namespace gitplan {

class Workspace;

/// Records the tasks of this plan that flow has and that it does not say are completed yet. Makes
/// no version where there are none.
void record_completions(Workspace& workspace, std::string_view session);

/// The same of every plan that has a task in the flow branch. One that cannot be read, or is gone,
/// is left out.
void record_all_completions(Workspace& workspace, const std::string& flow_branch);

}  // namespace gitplan
