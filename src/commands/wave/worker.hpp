// `git wave worker add | remove | prune`: slots by hand.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "git/refs.hpp"
#include "session/json.hpp"
#include "slots/slot.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// "1", "worker-1". Throws Error(usage).
int parse_worker(const std::string& word);

struct WorkerAdded {
  Slot slot;
  std::string branch;
};
/// Puts a branch into a slot, replacing (and rescuing) what is there. Throws Error(not_found) for a
/// branch that does not exist, Error(wrong_state) for one that is checked out elsewhere.
WorkerAdded add_worker(Workspace& workspace, int worker, const std::string& branch);
Json to_json(const WorkerAdded& added);

/// Throws Error(not_found) if there is no such worker. Returns the path.
std::string remove_worker(Workspace& workspace, int worker);
Json removed_object(const std::string& path);

struct PruneResult {
  std::vector<std::string> removed_worktrees;  ///< slots whose folder was gone
  std::vector<git::Ref> dropped_refs;          ///< old rescue and attempt refs
};
/// Forgets slots whose folder is gone; with `expire`, drops rescue and attempt refs made before
/// that time.
PruneResult prune_workers(Workspace& workspace, std::optional<Seconds> expire);
Json to_json(const PruneResult& result);
/// "now", "2 weeks", "10d", "2.weeks.ago": seconds before now. Throws Error(usage).
Seconds parse_age(const std::string& word);

}  // namespace gitplan::commands
