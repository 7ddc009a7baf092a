// The verifications that a lander has going: started, watched, ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/process_runner.hpp"

namespace gitplan::lander {

/// How one ended that was not cancelled.
struct Verification {
  int job = 0;
  /// Nothing: it could not be made; the log says why.
  std::optional<int> exit_status;
  bool timed_out = false;
  bool is_killed = false;  ///< then: by a signal from outside
  double seconds = 0;
  std::string log;
  [[nodiscard]] bool is_green() const { return exit_status == 0 && !timed_out; }
};

struct VerifierSetup {
  std::string command;
  std::optional<std::chrono::seconds> timeout;
  std::vector<std::string> words;  ///< of settings, for the process
  std::string folder;              ///< where it starts
  std::string logs_folder;
  std::int64_t most_log = 0;  ///< bytes of each log; 0: all
  bool shows_output = false;  ///< on standard error, as it comes
};

class Verifier {
 public:
  Verifier(supervisor::ProcessRunner& runner, VerifierSetup setup)
      : runner_(&runner), setup_(std::move(setup)) {}
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  /// `commit`: its full name.
  void start(int job, const std::string& commit);
  void cancel(int job);
  void cancel_all();
  /// Those that have ended since it was asked last.
  std::vector<Verification> ended();
  [[nodiscard]] bool has_ended() const { return !ended_.empty(); }
  /// Now and then: keeps logs short, and shows what came.
  void tick();
  /// One that was cancelled may still be on its way out.
  [[nodiscard]] bool is_any_left() const { return !jobs_.empty(); }

 private:
  struct Job {
    int pid = 0;
    std::chrono::steady_clock::time_point begin;
    std::string log;
    std::string said;
    bool cancelled = false;
    supervisor::TimerId kill = 0;
    std::int64_t shown = 0;  ///< bytes of the log
  };

  void end(int job, int exit_status);
  void show(Job& job);
  [[nodiscard]] std::string log_file(const std::string& commit, int job) const;

  supervisor::ProcessRunner* runner_;
  VerifierSetup setup_;
  std::map<int, Job> jobs_;
  std::vector<Verification> ended_;
};

}  // namespace gitplan::lander
