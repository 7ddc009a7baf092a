// The examinations of `git plan doctor`, one a part of the body. For doctor*.cpp.
#pragma once

#include "commands/doctor/doctor.hpp"

namespace gitplan::commands {

/// git, the programs on PATH, aliases. Needs no repository.
void check_machine(Problems& problems);
/// Who commits, branches in the way, plan.current, kept texts and rescued work.
void check_repository(const Workspace& workspace, Problems& problems);
/// Every plan: readable, without errors, its flow branch there, its tasks where it says.
void check_plans(const Workspace& workspace, Problems& problems);
/// What is done and waits to be merged, or says so though it cannot be.
void check_done(const Workspace& workspace, Problems& problems);
/// The refs of which check_done says that they mean nothing go; what nothing else has becomes an
/// attempt.
void drop_stray_done(const Workspace& workspace);
/// Worker slots and the folder that they stand in.
void check_slots(const Workspace& workspace, Problems& problems);
/// Agents: what git config says of them, and whether their programs are there.
void check_agents(const Workspace& workspace, Problems& problems);
/// The remote that plans are shared through: whether it answers and takes our pushes, what it
/// lacks, and who holds claims for too long. Nothing where none is.
void check_remote(const Workspace& workspace, Problems& problems);
/// Locks, and what killed commands left.
void check_leftovers(const Workspace& workspace, Problems& problems);

}  // namespace gitplan::commands
