// How many tasks lately were red: what the length of a batch follows.
#pragma once

#include <deque>

namespace gitplan::landing {

class RedShare {
 public:
  /// A task landed, or went back because its tree is red.
  void landed() { add(false); }
  void sent_back() { add(true); }

  /// 0 where none of those lately was, below 1 always.
  [[nodiscard]] double value() const { return red_ / (static_cast<double>(lately_.size()) + 1); }

 private:
  static constexpr std::size_t most = 64;

  void add(bool red) {
    lately_.push_back(red);
    red_ += red ? 1 : 0;
    if (lately_.size() <= most) return;
    red_ -= lately_.front() ? 1 : 0;
    lately_.pop_front();
  }

  std::deque<bool> lately_;
  int red_ = 0;
};

}  // namespace gitplan::landing
