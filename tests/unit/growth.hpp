// How cost grows with size: a ratio within one run, which no slow or busy machine spoils.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>

namespace gitplan::testing {

/// Processor time of work(10 * size) over that of work(size), the least of three tries. About 10 if
/// the cost grows with the size, 100 if with its square.
template <typename Work>
double growth(std::size_t size, const Work& work) {
  const auto cost = [&](std::size_t of) {
    const std::clock_t start = std::clock();
    work(of);
    return static_cast<double>(std::max<std::clock_t>(std::clock() - start, 1));
  };
  constexpr int tries = 3;
  double least = cost(10 * size) / cost(size);
  for (int i = 1; i < tries; ++i) least = std::min(least, cost(10 * size) / cost(size));
  return least;
}

constexpr double no_square = 40;  ///< growth that stays below this is not quadratic

}  // namespace gitplan::testing
