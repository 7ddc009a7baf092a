#include "supervisor/time_limit.hpp"

#include <csignal>

#include "supervisor/descendants.hpp"
#include "supervisor/mind.hpp"

namespace gitplan::supervisor {
namespace {

using std::chrono::milliseconds;

void send_all(int number) {
  for (const int pid : descendants()) ::kill(pid, number);
}

}  // namespace

TimeLimit::TimeLimit(std::optional<std::chrono::seconds> limit) {
  if (!limit) return;
  become_subreaper();
  watcher_ = std::thread([this, limit = *limit] { watch(limit); });
}

TimeLimit::~TimeLimit() {
  if (!watcher_.joinable()) return;
  {
    const std::scoped_lock locked(guard_);
    lifted_ = true;
  }
  changed_.notify_all();
  watcher_.join();
}

bool TimeLimit::is_over() const {
  const std::scoped_lock locked(guard_);
  return over_;
}

bool TimeLimit::is_lifted_within(milliseconds time) {
  std::unique_lock locked(guard_);
  return changed_.wait_for(locked, time, [this] { return lifted_; });
}

void TimeLimit::watch(std::chrono::seconds limit) {
  constexpr milliseconds again{50};  // somebody may have forked while we looked
  if (is_lifted_within(limit)) return;
  {
    const std::scoped_lock locked(guard_);
    over_ = true;
  }
  send_all(SIGTERM);
  send_all(SIGCONT);  // a stopped one could not end
  if (is_lifted_within(term_to_kill)) return;
  do {
    send_all(SIGKILL);
  } while (!is_lifted_within(again));
}

}  // namespace gitplan::supervisor
