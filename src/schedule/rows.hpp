// Many lists of small numbers in one block of memory: the adjacency of a graph, row by row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gitplan::schedule {

struct Edge {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

/// Row i lists the `to` of every edge whose `from` is i, in the order of the edges.
class Rows {
 public:
  Rows() = default;
  Rows(std::size_t rows, std::span<const Edge> edges);

  [[nodiscard]] std::span<const std::uint32_t> operator[](std::size_t row) const {
    return std::span(values_).subspan(starts_[row], starts_[row + 1] - starts_[row]);
  }
  [[nodiscard]] std::size_t size() const { return starts_.empty() ? 0 : starts_.size() - 1; }

 private:
  std::vector<std::size_t> starts_;
  std::vector<std::uint32_t> values_;
};

}  // namespace gitplan::schedule
