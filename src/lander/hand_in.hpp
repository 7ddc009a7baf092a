// A done task on its way into flow: what its run, or whoever ended it by `git task done --verify`,
// hands in to whoever lands. That it is done stands in git (session/done_refs.hpp); this is what
// git does not say of it, in files that may be lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"
#include "git/oid.hpp"
#include "supervisor/supervisor.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan::lander {

struct HandIn {
  /// Of its worker; `run` is the process that waits for what becomes of it.
  supervisor::WorkerRecord record;
  enum class By { run, person } by = By::run;
  std::string flow_branch;
  std::string verify;           ///< the command that must succeed; empty: none
  std::optional<git::Oid> tip;  ///< of its branch, once it is in the queue
  std::int64_t since = 0;       ///< nanoseconds since 1970, when it came into the queue
  enum class State {
    waiting,
    verifying,
    held,    ///< by wave-pre-land
    offered  ///< it was verified, and waits for somebody else to land it
  } state = State::waiting;
  /// Nothing is to be waited for before it lands: no ref says meanwhile that it is done.
  bool is_direct = false;
  bool announced = false;                      ///< wave-post-done has heard of it
  std::optional<supervisor::Landing> outcome;  ///< what became of it

  [[nodiscard]] bool is_queued() const { return tip && !outcome; }
  [[nodiscard]] bool is_offered() const { return state == State::offered; }
};

/// Without a commit of its own it lands as well.
bool may_be_empty(const supervisor::WorkerRecord& record);

/// "waiting", …
std::string_view to_string(HandIn::State state);

/// For `since`.
std::int64_t this_moment();

std::string encode(const HandIn& hand_in);
std::optional<HandIn> decode_hand_in(std::string_view text);

/// Those of one repository: "<common>/git-plan/landing/<session>.<task>", replaced whole.
class HandIns {
 public:
  explicit HandIns(const git::Repository& repository);

  /// By when they came into the queue, those that have not last.
  [[nodiscard]] std::vector<HandIn> all() const;
  [[nodiscard]] std::optional<HandIn> find(std::string_view session, std::string_view task) const;
  void write(const HandIn& hand_in) const;
  /// The same, unless the task was taken over, or begun anew, since it was read.
  void update(const HandIn& hand_in) const;
  void erase(std::string_view session, std::string_view task) const;
  /// Changes whenever one of them does.
  [[nodiscard]] std::int64_t stamp() const;

 private:
  [[nodiscard]] std::string path(std::string_view session, std::string_view task) const;
  /// Nobody else writes meanwhile.
  [[nodiscard]] Fd lock() const;

  std::string folder_;
};

}  // namespace gitplan::lander
