// The worker that a live run has for a task: its branch is that run's to verify and to merge.
#pragma once

#include <optional>
#include <string>

#include "session/view.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

/// The run, or the process that looks after the worker, lives, and has not given the task up.
std::optional<supervisor::WorkerRecord> live_worker(const Workspace& workspace,
                                                    const PlanView& view, TaskIndex index);

/// Throws Error(wrong_state) where a run has a worker in this slot: nothing is put in its place, or
/// taken from it, while it is at work.
void refuse_live_worker(const Workspace& workspace, int worker);

/// Throws Error(wrong_state) where this command is part of a worker of a run of that plan: the two
/// would wait for each other.
void refuse_run_in_run(const Workspace& workspace, const std::string& session);

/// Notes for the run that the worker says that its task is done. False where it has none any more.
bool tell_run(const Workspace& workspace, const supervisor::WorkerRecord& worker,
              supervisor::WorkerRecord::Word word);

}  // namespace gitplan::commands
