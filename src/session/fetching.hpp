// What machines share, asked for anew: `git plan sync`, and --fetch of commands that only read.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "session/json.hpp"

namespace gitplan {

class Publishing;
class Workspace;

/// Fetches what decides: beats first, by themselves, as what is read after them is no older; then
/// plans, claims, flow branches and task branches. Branches here that were copies of what is gone
/// there go, too. Of plans that cannot be read it says why. Throws
/// as Publishing::look.
void fetch_all(const Workspace& workspace, Publishing& publishing);

/// The sessions that the remote was seen to have.
std::set<std::string> shared_sessions(const Workspace& workspace);
/// The flow branch of such a plan, as the remote has it; nothing, and a note, where it cannot be
/// read.
std::optional<std::string> shared_flow(const Workspace& workspace, const std::string& session);

/// --fetch: the same, and what stands here follows where it is checked out nowhere. Without
/// plan.remote there is nothing to fetch.
void fetch_shared(const Workspace& workspace);

/// "remote": {name, fetched_at}, for answers of commands that only read, where plans are shared.
void add_remote(const Workspace& workspace, Json& object);

}  // namespace gitplan
