#include "supervisor/ends_on_signal.hpp"

#include <array>
#include <chrono>
#include <csignal>

#include "supervisor/descendants.hpp"
#include "supervisor/mind.hpp"

namespace gitplan::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::array<int, 4> numbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr milliseconds look_every{50};

volatile std::sig_atomic_t came = 0;
std::array<struct sigaction, numbers.size()> before;

void note(int number) {
  if (came == 0) came = number;
}

void send_all(int number) {
  for (const int pid : descendants()) ::kill(pid, number);
}

}  // namespace

EndsOnSignal::EndsOnSignal() {
  came = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < numbers.size(); ++i) ::sigaction(numbers[i], nullptr, &before[i]);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (before[i].sa_handler != SIG_IGN) ::sigaction(numbers[i], &action, nullptr);
  }
  watcher_ = std::thread([this] { watch(); });
}

EndsOnSignal::~EndsOnSignal() {
  is_over_ = true;
  watcher_.join();
  for (std::size_t i = 0; i < numbers.size(); ++i) ::sigaction(numbers[i], &before[i], nullptr);
}

std::optional<int> EndsOnSignal::arrived() {
  return came == 0 ? std::nullopt : std::optional<int>(came);
}

void EndsOnSignal::watch() const {
  std::optional<steady_clock::time_point> since;
  for (; !is_over_; std::this_thread::sleep_for(look_every)) {
    if (!arrived()) continue;
    if (!since) {
      since = steady_clock::now();
      send_all(SIGTERM);
      send_all(SIGCONT);  // a stopped one could not end
    } else if (steady_clock::now() - *since >= term_to_kill) {
      send_all(SIGKILL);
    }
  }
}

}  // namespace gitplan::supervisor
