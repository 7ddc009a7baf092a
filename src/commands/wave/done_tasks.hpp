// The tasks of one plan that are done and have no slot: handed in by a run, and taken over by the
// next one where that died.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lander/hand_in.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::commands {

class DoneTasks {
 public:
  DoneTasks(Settings settings, Notices notices, std::string session)
      : settings_(std::move(settings)),
        notices_(std::move(notices)),
        session_(std::move(session)) {}

  /// One that waits already stays as it is.
  void offer(const supervisor::WorkerRecord& record,
             const std::optional<std::string>& verify) const;
  void settled(const supervisor::WorkerRecord& record) const;
  /// Those that nobody alive takes care of; each is this run's from now on.
  std::vector<supervisor::WorkerRecord> adopt(const std::optional<std::string>& verify) const;
  /// Another run that lives has handed some in.
  [[nodiscard]] bool others_wait() const;

 private:
  [[nodiscard]] Workspace open() const { return {settings_, notices_}; }

  Settings settings_;
  Notices notices_;
  std::string session_;
};

}  // namespace gitplan::commands
