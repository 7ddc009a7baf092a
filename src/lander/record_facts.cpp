#include "lander/record_facts.hpp"

#include "agents/agent.hpp"

namespace gitplan::lander {

void note_agent(const supervisor::WorkerRecord& record, RunFacts& facts) {
  if (record.agent != agents::default_agent) facts.agent = record.agent;
  facts.usage = supervisor::usage_of(record);
  if (record.parked_before > 0) facts.parked = static_cast<int>(record.parked_before);
}

}  // namespace gitplan::lander
