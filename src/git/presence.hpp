// Which processes of ours live, also those of other containers: each holds flock(2) on a file of
// its own, "<common>/git-plan/alive/<identity>", for as long as it does.
#pragma once

#include <string>

#include "base/process_identity.hpp"

namespace gitplan::git {

class Repository;

/// This process, for a name or a note that others will judge its life by: its file is there and
/// held from now to its end. Throws Error(fatal) where it cannot be made.
ProcessIdentity announced_process(const Repository& repository);

/// True unless it is known to have ended. A process of this boot and pid namespace is judged by
/// /proc; any other by its file: held, it lives; free, it has ended, unless it is of another kernel
/// that may be running still (flock does not reach everywhere): one whose file was made after we
/// booted is never called dead.
bool may_be_alive(const Repository& repository, const ProcessIdentity& process);
/// The same by the folder, "<common>/git-plan".
bool may_be_alive(const std::string& state_folder, const ProcessIdentity& process);

/// Another process of ours lives, or may: a run, say. For those that announced themselves.
bool others_may_live(const Repository& repository);

/// Removes the files of those that have ended; one readdir when there are none.
void clear_the_dead(const Repository& repository);

}  // namespace gitplan::git
