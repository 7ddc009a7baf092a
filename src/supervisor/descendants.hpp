// The processes that came from this one, found whatever session or group they went to: a
// sub-reaper stays the ancestor of all of them (prctl(2), PR_SET_CHILD_SUBREAPER).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gitplan::supervisor {

/// From now on, orphaned descendants become children of this process.
void become_subreaper();

/// True if any process that came from this one is left; ended ones are reaped, so no other code may
/// be waiting for one then.
bool has_descendants();

/// All of them, by /proc; those of `but` (and their own descendants) left out.
std::vector<int> descendants(const std::vector<int>& but = {});

/// Processes of this user, wherever they came from, whose environment holds "NAME=value".
std::vector<int> processes_with(std::string_view variable);

/// True if the process was started with these words among its arguments.
bool runs_with(int pid, const std::vector<std::string>& words);

/// True if the process's environment holds "NAME=value".
bool has_variable(int pid, std::string_view variable);

/// Sends them TERM, then KILL after `patience_ms`; returns when none is left.
void end_processes_with(std::string_view variable, int patience_ms);

/// Sends TERM to what is left, then KILL after `patience_ms`; returns when nothing is.
void end_descendants(int patience_ms);

}  // namespace gitplan::supervisor
