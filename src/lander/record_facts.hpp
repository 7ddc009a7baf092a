// What a worker's record says of agents, for the facts that git keeps.
#pragma once

#include "session/run_facts.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::lander {

/// Who made the attempt (unless it is the usual command, which has no name), what it used, and how
/// long it was parked.
void note_agent(const supervisor::WorkerRecord& record, RunFacts& facts);

}  // namespace gitplan::lander
