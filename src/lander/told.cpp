#include "lander/told.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::lander {

using supervisor::Landing;
using Outcome = Landing::Outcome;
using Words = std::vector<std::string>;

std::string task_id(const landing::Task& task) {
  return task.text.substr(task.text.rfind('/') + 1);
}

Words names_for(const std::string& session, const std::vector<landing::Task>& tasks) {
  Words names;
  for (const landing::Task& task : tasks)
    names.push_back(task.text.starts_with(session + "/") ? task_id(task) : task.text);
  return names;
}

Landing landing_as(Outcome outcome, std::string reason) {
  Landing made;
  made.outcome = outcome;
  made.reason = std::move(reason);
  return made;
}

Landing landed_by(const git::Oid& merge, const landing::Land& land, bool flaky) {
  Landing made;
  made.flaky = flaky;
  if (merge.hex() == land.from.text) {
    made.outcome = Outcome::already_merged;
    made.reason = "merged by its worker";
  } else {
    made.outcome = Outcome::merged;
    made.commit = merge.hex();
  }
  return made;
}

Landing in_conflict(Words paths, const std::string& flow_branch) {
  Words names;
  for (const std::string& path : paths) names.push_back(text::printable(path));
  Landing made = landing_as(Outcome::conflicts,
                            fmt::format("conflicts with {} in {}", text::printable(flow_branch),
                                        text::join(names, ", ")));
  made.conflicts = std::move(paths);
  return made;
}

std::string why_red(const Verification& red, const LanderSetup& setup) {
  if (red.timed_out)
    return fmt::format("its verification timed out after {} s",
                       setup.timeout.value_or(std::chrono::seconds(0)).count());
  const std::string said = supervisor::last_line(red.log);
  return fmt::format("its verification failed with exit status {}{}{}", red.exit_status.value_or(0),
                     said.empty() ? "" : ": ", text::printable(said));
}

void append_end(const std::string& from, const std::string& to) {
  const Fd log(::open(to.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (to.empty() || !log) return;
  constexpr std::size_t most_lines = 200;
  const std::string lines = text::join(supervisor::last_lines(from, most_lines), "\n") + "\n";
  if (::write(log.get(), lines.data(), lines.size()) < 0) return;  // a full disk: it is told anyway
}

}  // namespace gitplan::lander
