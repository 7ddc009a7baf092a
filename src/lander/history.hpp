// What landing the tasks of a session took, kept beside its logs for as long as those are: for the
// report.
#pragma once

#include <string>

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan::lander {

struct History {
  int verifications = 0;
  double seconds = 0;       ///< that they took
  int flaky = 0;            ///< tasks that were red before they were green
  int sent_back = 0;        ///< tasks, each as often as it was
  double longest_wait = 0;  ///< seconds, from done until landed or sent back
  bool operator==(const History&) const = default;
};

/// What happened once, to be added: a line each. Of a log that cannot be written nothing is said.
void add_to_history(const git::Repository& repository, const std::string& session,
                    const History& happened);
/// All of it.
History history_of(const git::Repository& repository, const std::string& session);

}  // namespace gitplan::lander
