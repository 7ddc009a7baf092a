// A hook that is asked about each task before, or after, something happens to it: wave-pre-land,
// wave-post-done. It runs beside everything else, at the top of the main worktree.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "git/oid.hpp"
#include "lander/ground.hpp"
#include "lander/hand_in.hpp"
#include "supervisor/process_runner.hpp"

namespace gitplan::lander {

struct GateAnswer {
  int exit_status = 0;  ///< 0 too where there is no such hook
  std::string log;      ///< what it wrote
};

struct GateSetup {
  std::string hook;
  Hooks hooks = Hooks::run;
  std::string logs_folder;
  std::optional<std::chrono::seconds> timeout;
};

class Gate {
 public:
  Gate(supervisor::ProcessRunner& runner, GateSetup setup)
      : runner_(&runner), setup_(std::move(setup)) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// There is such a hook, and it counts.
  [[nodiscard]] bool may_hold(const Ground& ground) const;
  /// What it says of the task with this branch tip, which it is asked once; `merge`: that brings
  /// it. Nothing while it is being asked.
  std::optional<GateAnswer> ask(const Ground& ground, const HandIn& hand_in, const git::Oid& merge);
  /// After an answer: it is asked again.
  void forget(const HandIn& hand_in) { asked_.erase(key(hand_in)); }
  /// An answer has come since this was asked last.
  [[nodiscard]] bool has_answers() { return std::exchange(has_answers_, false); }
  void cancel_all();
  [[nodiscard]] bool is_any_left() const;

 private:
  using Key = std::pair<std::string, git::Oid>;
  struct Asked {
    int pid = 0;
    supervisor::TimerId limit = 0;
    std::optional<int> exit_status;
    std::string log;
  };

  [[nodiscard]] static Key key(const HandIn& hand_in);
  [[nodiscard]] supervisor::ProcessSpec process(const Ground& ground, const HandIn& hand_in,
                                                const git::Oid& merge) const;
  void start(const Ground& ground, const HandIn& hand_in, const git::Oid& merge);
  void end(const Key& key, int exit_status);

  supervisor::ProcessRunner* runner_;
  GateSetup setup_;
  std::map<Key, Asked> asked_;
  bool has_answers_ = false;
};

}  // namespace gitplan::lander
