#include "schedule/rows.hpp"

namespace gitplan::schedule {

Rows::Rows(std::size_t rows, std::span<const Edge> edges)
    : starts_(rows + 2), values_(edges.size()) {
  // Counted two places further than they stand in the end: filling moves each start to the next
  // row's.
  for (const Edge& edge : edges) ++starts_[edge.from + 2];
  for (std::size_t row = 2; row < starts_.size(); ++row) starts_[row] += starts_[row - 1];
  for (const Edge& edge : edges) values_[starts_[edge.from + 1]++] = edge.to;
  starts_.pop_back();
}

}  // namespace gitplan::schedule
