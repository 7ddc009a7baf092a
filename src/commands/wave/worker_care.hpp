// Who takes care of a run's workers: what of a worker lives, and whose run died.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "session/workspace.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::commands {

/// The slot still has what the record says, or nothing.
bool is_with(const Slot& slot, const supervisor::WorkerRecord& record);

/// The workers of one plan, as a run sees those of others. Each call opens the repository afresh.
class WorkerCare {
 public:
  /// `state_folder`: where the repository's processes are announced (git/presence.hpp).
  WorkerCare(Settings settings, Notices notices, std::string session, std::string state_folder,
             supervisor::WorkerRecords records)
      : settings_(std::move(settings)),
        notices_(std::move(notices)),
        session_(std::move(session)),
        state_folder_(std::move(state_folder)),
        records_(std::move(records)) {}

  /// See supervisor::Work, each.
  [[nodiscard]] std::vector<supervisor::WorkerRecord> adopt() const;
  [[nodiscard]] supervisor::WorkerRecord reread(const supervisor::WorkerRecord& record) const;
  [[nodiscard]] supervisor::Living living(const supervisor::WorkerRecord& record) const;
  [[nodiscard]] bool stands(const supervisor::WorkerRecord& record) const;
  void end_strays(const supervisor::WorkerRecord& record) const;
  [[nodiscard]] bool others_work() const;

 private:
  [[nodiscard]] Workspace open() const { return {settings_, notices_}; }
  [[nodiscard]] bool may_live(const ProcessIdentity& process) const;
  /// Another run, or a mind that nobody here can take over, takes care of it.
  [[nodiscard]] bool is_cared_for(const supervisor::WorkerRecord& record) const;

  Settings settings_;
  Notices notices_;
  std::string session_;
  std::string state_folder_;
  supervisor::WorkerRecords records_;
};

}  // namespace gitplan::commands
