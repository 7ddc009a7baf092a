// A signal that comes while this process waits for a hook that it runs itself.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

namespace gitplan::supervisor {

/// While it lives, INT, TERM, HUP and QUIT end all that came from this process: TERM, and KILL
/// after term_to_kill. Whoever waits for such a process sees it fail. One at a time.
class EndsOnSignal {
 public:
  EndsOnSignal();
  EndsOnSignal(const EndsOnSignal&) = delete;
  EndsOnSignal& operator=(const EndsOnSignal&) = delete;
  ~EndsOnSignal();

  /// The first that came.
  [[nodiscard]] static std::optional<int> arrived();

 private:
  void watch() const;

  std::atomic<bool> is_over_ = false;
  std::thread watcher_;
};

}  // namespace gitplan::supervisor
