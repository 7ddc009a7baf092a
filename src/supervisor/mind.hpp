// Looking after one worker's command: its hooks, its time, and all that came from it. One process
// a worker does this and nothing else, so that a run may be killed at any moment and the worker
// goes on, ends, and leaves its exit status.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/process_runner.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::supervisor {

inline constexpr std::chrono::seconds term_to_kill{5};

struct MindRequest {
  WorkerRecord record;
  ProcessSpec command;
  std::optional<ProcessSpec> before;  ///< the wave-pre-run hook
  /// The wave-post-run hook, told how the command ended.
  std::function<std::optional<ProcessSpec>(int exit_status)> after;
  std::optional<std::chrono::seconds> timeout;  ///< from the first hook on, the last one included
  std::optional<std::chrono::seconds> timeout_in_words;  ///< as its user set it
  /// Ends it when neither output nor commit nor a changed file was seen for so long.
  std::optional<std::chrono::seconds> stall;
  std::string git_folder;     ///< of its worktree
  std::int64_t most_log = 0;  ///< bytes of record.log to keep; 0: all
  /// Git has a worktree in this folder.
  std::function<bool(const std::string& folder)> is_worktree = [](const auto&) { return true; };
};

/// Runs it all, keeping the record up to date. A time-out, TERM, INT or HUP sends TERM to the
/// command and to everything that came from it, and KILL after term_to_kill; what it leaves in the
/// background ends likewise. Returns once nothing is left, with the record of how it ended.
WorkerRecord mind(ProcessRunner& runner, const WorkerRecords& records, MindRequest request);

}  // namespace gitplan::supervisor
