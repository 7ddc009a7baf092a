#include "commands/wave/run_limits.hpp"

#include <utility>

#include "base/clock.hpp"
#include "commands/wave/machine.hpp"
#include "commands/wave/usage_now.hpp"
#include "commands/wave/worker_files.hpp"
#include "commands/wave/worker_process.hpp"
#include "git/lock.hpp"
#include "session/view.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

std::string state_folder_of(const Settings& settings, const Notices& notices) {
  const Workspace workspace(settings, notices);
  return git::state_folder(workspace.repository());
}

}  // namespace

RunLimits::RunLimits(LimitsSetup setup, Settings settings, Notices notices, std::string session)
    : setup_(std::move(setup)),
      settings_(std::move(settings)),
      notices_(std::move(notices)),
      session_(std::move(session)),
      records_(worker_records(Workspace(settings_, notices_))),
      parkings_(state_folder_of(settings_, notices_)),
      crew_(setup_.agents, setup_.usual, setup_.most_parked, parkings_, now) {}

const agents::Pattern* RunLimits::pattern_of(const std::string& agent) {
  const auto [place, is_new] = patterns_.try_emplace(agent);
  const agents::Agent* found = crew_.find(agent);
  if (is_new && found != nullptr && !found->not_now.empty()) place->second.emplace(found->not_now);
  return place->second ? &*place->second : nullptr;
}

std::optional<agents::NotNow> RunLimits::not_now(const WorkerRecord& record) {
  constexpr std::size_t lines_that_count = 20;
  const agents::Pattern* pattern = pattern_of(record.agent);
  std::vector<std::string> lines;
  if (pattern != nullptr)
    lines = supervisor::last_lines(record.log, lines_that_count, record.log_begin);
  return agents::not_now({record.exit_status, lines, named_retry(records_, record.worker),
                          record.ended > 0 ? record.ended : now()},
                         pattern);
}

std::optional<agents::Reached> RunLimits::reached_cap() {
  if (setup_.caps.empty()) return std::nullopt;
  const Workspace workspace(settings_, notices_);
  const PlanView view(workspace, workspace.store().load(session_));
  return agents::reached(usage_now(workspace, view), setup_.caps);
}

/// What is started shows only after a while.
bool RunLimits::bears_another() {
  constexpr std::chrono::seconds to_show{1};
  if (!setup_.load.bounds()) return true;
  if (began_at_ && std::chrono::steady_clock::now() - *began_at_ < to_show) return false;
  return agents::bears_another(setup_.load, machine_state());
}

void RunLimits::began() { began_at_ = std::chrono::steady_clock::now(); }

}  // namespace gitplan::commands
