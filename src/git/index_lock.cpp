#include "git/index_lock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"

namespace gitplan::git {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 2s;
constexpr auto kNap = 20ms;
constexpr auto kWatchTime = 300ms;

bool was_killed(const Outcome& outcome) {
  constexpr int kFirstFatalSignal = 128 + SIGABRT;  // git's own statuses end at 129
  return outcome.exit_status >= kFirstFatalSignal;
}

}  // namespace

std::string index_lock(const Checkout& checkout) { return checkout.admin_folder + "/index.lock"; }

void give_up_on_index_lock(const Checkout& checkout) {
  const std::string lock = index_lock(checkout);
  throw Error(ErrorKind::lost_race,
              fmt::format("'{}' exists: another git program is at work in that checkout", lock),
              Hint{fmt::format("if no git program is running there, run: rm -f {}",
                               text::shell_quote(lock))});
}

void wait_for_index_lock(const Checkout& checkout) {
  const auto deadline = Clock::now() + kPatience;
  while (exists(index_lock(checkout))) {
    if (Clock::now() >= deadline) give_up_on_index_lock(checkout);
    std::this_thread::sleep_for(kNap);
  }
}

IndexLockWatch::IndexLockWatch(const Checkout& checkout)
    : lock_(index_lock(checkout)),
      index_path_(checkout.admin_folder + "/index"),
      index_(identify(index_path_)),
      start_(file_time()) {}

void IndexLockWatch::clear_after(const Outcome& outcome) const {
  if (!was_killed(outcome)) return;
  const std::int64_t end = file_time();
  const auto lock = identify(lock_);
  if (!lock || lock->born < start_ || lock->born > end || identify(index_path_) != index_) return;
  std::this_thread::sleep_for(kWatchTime);
  if (identify(lock_) == lock) unlink(lock_.c_str());
}

}  // namespace gitplan::git
