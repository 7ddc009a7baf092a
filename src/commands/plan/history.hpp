// `git plan log` and `git plan diff`: a plan's versions, and what changed between two of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "git/oid.hpp"
#include "plan/diff.hpp"
#include "plan/toml.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// One commit of a plan's branch.
struct PlanVersion {
  std::int64_t version = 0;
  git::Oid commit;
  std::string author;
  Seconds at = 0;
  std::string subject;
  std::string changes;  ///< in one line, printable
  std::vector<Update> notes;
  std::vector<toml_io::Approval> approvals;  ///< recorded by this commit
  bool by_hand = false;                      ///< it changed the plan, and not its version
  std::string problem;                       ///< why it cannot be read; version is then 0
};

struct PlanLog {
  std::string session;
  std::vector<PlanVersion> versions;  ///< newest first
};
PlanLog plan_log(const Workspace& workspace, const std::string& session, std::size_t limit);
Json to_json(const PlanLog& log);

struct DiffRequest {
  std::optional<std::string> before;  ///< "v3", "3", or a commit; nothing: see `after`
  std::optional<std::string> after;   ///< nothing: the newest
};
struct PlanDiff {
  struct Side {
    std::int64_t version = 0;
    git::Oid commit;  ///< zero: before the plan's first version
  };
  std::string session;
  Side before;
  Side after;
  PlanChange change;
  std::vector<toml_io::Approval> approvals;       ///< that only the later one has
  std::vector<toml_io::Approval> lost_approvals;  ///< that only the earlier one has
  bool same_text = false;
};
/// A number names the newest commit of that version. Without `before`: the newest version against
/// the one before it, that is the newest commit of another version. Throws Error(not_found) for
/// what is no version and no commit.
PlanDiff plan_diff(const Workspace& workspace, const std::string& session,
                   const DiffRequest& request);
Json to_json(const PlanDiff& diff);

}  // namespace gitplan::commands
