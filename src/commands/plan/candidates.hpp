// What may stand at a place of a command line, for completion: names with what they are. Each is
// quick and reads only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct Candidate {
  std::string value;
  std::string description;  ///< on one line, printable; may be empty
};
using Candidates = std::vector<Candidate>;

enum class Which { all, unfinished };

Candidates plan_candidates(const Workspace& workspace);
/// Of the plan that a command would choose; of another one where `word` begins with "session/".
Candidates task_candidates(Workspace& workspace, std::string_view word, Which which);
Candidates branch_candidates(const Workspace& workspace);
Candidates worker_candidates(const Workspace& workspace);
/// Those with a command, as a task or a run may name them.
Candidates agent_candidates(const Workspace& workspace);
/// "v3", "v2", …: of the plan that a command would choose.
Candidates version_candidates(Workspace& workspace);

}  // namespace gitplan::commands
