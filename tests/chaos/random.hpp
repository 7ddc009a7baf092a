// Numbers that look random and follow from a seed: SplitMix64, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chaos {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  /// From 0 to count - 1; count is at least 1.
  std::size_t below(std::size_t count) { return next() % count; }
  /// True in `percent` of 100.
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  const T& pick(const std::vector<T>& values) {
    return values[below(values.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace chaos
