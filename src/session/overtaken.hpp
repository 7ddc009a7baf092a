// What others overtake is decided anew, but not for ever.
#pragma once

#include <string_view>

namespace gitplan {

/// How often others wrote to the remote between a look and what was decided by it.
class Overtaken {
 public:
  /// Waits, longer with each time. Throws Error(lost_race) at the twentieth.
  void once_more(std::string_view remote);
  /// It went through: the next one begins anew.
  void reset() { times_ = 0; }

 private:
  int times_ = 0;
};

}  // namespace gitplan
