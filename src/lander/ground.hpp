// The repository as it is at one moment, for a process that may last for hours: opened afresh
// whenever something is to be done.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "lander/hand_in.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"

namespace gitplan::lander {

/// A task of a plan that is there.
struct Placed {
  const PlanView* view = nullptr;
  TaskIndex task = 0;
};

class Ground {
 public:
  Ground(const Settings& settings, const Notices& notices) : workspace_(settings, notices) {
    workspace_.begin_write();
  }

  [[nodiscard]] Workspace& workspace() { return workspace_; }
  [[nodiscard]] const Workspace& workspace() const { return workspace_; }
  [[nodiscard]] const git::Repository& repository() const { return workspace_.repository(); }
  /// Nothing where the task, or its plan, is gone.
  [[nodiscard]] std::optional<Placed> find(const HandIn& hand_in);

 private:
  Workspace workspace_;
  std::map<std::string, std::unique_ptr<PlanView>> views_;  ///< by session; null: it is gone
};

}  // namespace gitplan::lander
