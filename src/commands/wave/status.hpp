// `git wave status` and `git wave worker list`: the slots and what goes on in them.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/parking.hpp"
#include "agents/usage.hpp"
#include "base/clock.hpp"
#include "commands/wave/queue.hpp"
#include "remote/claim.hpp"
#include "session/json.hpp"
#include "session/outlook.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct WorkerStatus {
  /// parked: its agent cannot go on with its task now. working: on an unfinished task. done: a run
  /// left it when it had ended well: the next one merges its task. merged: its task is in flow,
  /// with all that its branch has. failed: its task failed. idle: no task (or one that was given
  /// up), or a run left it and none of its processes lives. broken: no usable worktree.
  enum class State { working, parked, done, merged, failed, idle, broken } state = State::idle;
  Slot slot;
  std::string task;         ///< "001", or "session/001" of another plan; empty: none
  std::string description;  ///< of the task
  std::string reason;       ///< why it failed, or what it asks
  bool needs_decision = false;
  std::string agent;         ///< of a run's worker, if it has a name or is parked
  Seconds parked_until = 0;  ///< of a parked one, as far as is known
  bool interrupted = false;  ///< idle, though its task is in progress: the next run goes on with it
  std::string ended_with;    ///< idle, and not interrupted: what the next run judges it by
  std::string log;           ///< of the task's last worker in a run; empty: there is none
  std::vector<std::string> last_output;  ///< of a failed one: the end of its log
  bool dirty = false;
  int commits_ahead = 0;
  std::string last_commit;  ///< subject
  Seconds last_commit_time = 0;
};

/// All slots, of every plan. With `view`, tasks of that plan go by their id alone.
std::vector<WorkerStatus> worker_status(const Workspace& workspace, const PlanView* view);
Json to_json(const std::vector<WorkerStatus>& workers);
std::string_view to_string(WorkerStatus::State state);

/// A worker of another machine, by its claim as it was seen last.
struct WorkerElsewhere {
  std::string task;  ///< as WorkerStatus has it
  std::string description;
  remote::StandingClaim standing;
};

/// `git wave status`: the slots, and how far the plan is.
struct WaveStatus {
  std::vector<WorkerStatus> workers;
  std::vector<WorkerElsewhere> elsewhere;  ///< by machine and worker; none where nothing is shared
  std::vector<supervisor::WorkerRecord> running;  ///< those that a run looks after
  std::unique_ptr<PlanView> view;                 ///< null: there is no plan
  Outlook outlook;                                ///< of the plan
  std::vector<QueuedTask> queue;                  ///< done, and not in flow yet
  agents::Parkings parked;                        ///< agents, by name
  agents::Usage usage;                            ///< of the plan, where caps are set
  std::vector<agents::Cap> caps;                  ///< that the config sets
  /// Nothing more happens by itself: the plan is completed or stuck, and no run is at work.
  [[nodiscard]] bool is_over() const;
};
WaveStatus wave_status(Workspace& workspace);
/// wave.poll: how often whoever watches looks at the shared remote.
std::chrono::milliseconds poll_time(const Workspace& workspace);
/// Notes that flow lacks commits of its base, and hints at starting tasks where no worker has one.
void say_what_to_do(const Workspace& workspace, const WaveStatus& status);
Json to_json(const WaveStatus& status);

}  // namespace gitplan::commands
