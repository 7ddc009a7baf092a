// What git remembers of how tasks went: merges into flow, the plan's own history, earlier attempts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"
#include "session/run_facts.hpp"

namespace gitplan {
namespace git {
class Repository;
}

class Workspace;

/// The commit that brought a task's metadata file into flow, by whatever way it came: a merge, a
/// squash, a rebase.
struct Landing {
  git::Oid commit;
  std::string by;       ///< who committed it
  std::string message;  ///< body of the message, without trailers
  Seconds time = 0;
  RunFacts facts;
  /// Unknown where objects are missing. A commit that brought several tasks counts for each.
  struct Changes {
    int files = 0;
    long long added = 0;
    long long removed = 0;
  };
  std::optional<Changes> changes;
  std::vector<std::string> files;  ///< paths, at most `most_files`
};
inline constexpr std::size_t most_files = 200;

/// A failure, skip or reset that the plan's history tells of, an attempt that was kept, or (outcome
/// done) one that failed before the one that was merged.
struct Setback {
  std::string task;
  RunFacts facts;
  Seconds time = 0;
  std::string kept;  ///< the ref that keeps the attempt's branch
};

struct TaskRun {
  std::optional<Landing> landing;
  std::optional<Seconds> started;
  std::optional<Seconds> finished;
  std::optional<int> worker;
  std::string machine = {};  ///< whose worker; empty: machines do not share the plan
  std::optional<int> attempts;
  std::optional<int> exit_status;
  bool flaky = false;  ///< its tree was red before it was green
};

struct RunHistory {
  std::vector<TaskRun> tasks;     ///< parallel to the plan's
  std::vector<Setback> setbacks;  ///< in the order of time
  /// Sums over distinct commits.
  Landing::Changes total;
  bool incomplete = false;  ///< some commit's changes could not be counted
};

RunHistory run_history(const Workspace& workspace, const PlanView& view);

/// The failures, skips and resets that the plan's own commits up to `tip` tell of, oldest first.
std::vector<Setback> told_by_plan(const git::Repository& repository, const git::Oid& tip);

/// Tasks that ran at the same time: each task starts before the first one of its wave ends. First
/// to last; tasks without a start are left out.
struct RealWave {
  std::vector<TaskIndex> tasks;
  Seconds started = 0;
  Seconds finished = 0;  ///< of the last one that ended; `now` while some still run
};
std::vector<RealWave> real_waves(const std::vector<TaskRun>& tasks, Seconds now);

}  // namespace gitplan
