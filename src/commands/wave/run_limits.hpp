// What bounds a run, in life: its agents with their parkings in a file, caps on what the plan has
// used, the machine's load.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/crew.hpp"
#include "agents/load.hpp"
#include "agents/not_now.hpp"
#include "commands/wave/parking_file.hpp"
#include "session/workspace.hpp"
#include "supervisor/limits.hpp"

namespace gitplan::commands {

struct LimitsSetup {
  agents::Agents agents;
  std::string usual;  ///< the agent of tasks that name none
  Seconds most_parked = 0;
  std::vector<agents::Cap> caps;
  agents::LoadLimit load;
};

class RunLimits final : public supervisor::Limits {
 public:
  /// `settings`: with the plan, of `session`.
  RunLimits(LimitsSetup setup, Settings settings, Notices notices, std::string session);

  agents::Crew& crew() override { return crew_; }
  std::optional<agents::NotNow> not_now(const supervisor::WorkerRecord& record) override;
  std::optional<agents::Reached> reached_cap() override;
  bool bears_another() override;
  void began() override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] const agents::Pattern* pattern_of(const std::string& agent);

  LimitsSetup setup_;
  Settings settings_;
  Notices notices_;
  std::string session_;
  supervisor::WorkerRecords records_;
  ParkingFile parkings_;
  agents::Crew crew_;
  std::map<std::string, std::optional<agents::Pattern>> patterns_;  ///< by agent
  std::optional<Time> began_at_;
};

}  // namespace gitplan::commands
