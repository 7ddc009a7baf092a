// The index.lock of a checkout while we run git there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "git/checkout.hpp"
#include "git/file_identity.hpp"
#include "git/process.hpp"

namespace gitplan::git {

std::string index_lock(const Checkout& checkout);

/// Waits until nobody holds it. Throws Error(lost_race), which names it, after 2 s.
void wait_for_index_lock(const Checkout& checkout);
[[noreturn]] void give_up_on_index_lock(const Checkout& checkout);

/// Made before a git program starts that takes the lock once: tells, should that be killed, whether
/// a lock that stands there then is what it left.
class IndexLockWatch {
 public:
  explicit IndexLockWatch(const Checkout& checkout);

  /// Call it when the program has ended. Removes the lock if the program was killed and the lock is
  /// its: made while it ran, with the index not yet replaced, and left alone since. Any other is
  /// somebody's who works there.
  void clear_after(const Outcome& outcome) const;

 private:
  std::string lock_;
  std::string index_path_;
  std::optional<FileIdentity> index_;
  std::int64_t start_;
};

}  // namespace gitplan::git
