// What bounds a run beside its own policy: agents that cannot work now, caps, what the machine
// bears.
#pragma once

#include <optional>

#include "agents/crew.hpp"
#include "agents/usage.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::supervisor {

class Limits {
 public:
  Limits() = default;
  Limits(const Limits&) = delete;
  Limits& operator=(const Limits&) = delete;
  virtual ~Limits() = default;

  virtual agents::Crew& crew() = 0;
  /// Asked of a command that ended by itself, and neither well nor as skipped.
  virtual std::optional<agents::NotNow> not_now(const WorkerRecord& record) = 0;
  /// The cap that the plan's usage has come up to.
  virtual std::optional<agents::Reached> reached_cap() = 0;
  /// Asked where a worker is at work already.
  virtual bool bears_another() = 0;
  /// A worker was started.
  virtual void began() = 0;
};

}  // namespace gitplan::supervisor
