// Which entry waits for which, without cycles.
#pragma once

#include <cstddef>
#include <unordered_set>
#include <vector>

namespace gitplan::exchange {

/// Entries by index.
class Order {
 public:
  explicit Order(std::size_t size) : edges_(size), is_needed_(size), seen_(size) {}

  /// `from` waits for `to`. False, and nothing done, if that would close a cycle.
  bool add(std::size_t from, std::size_t to);
  /// The same, unless it says nothing new.
  void add_implied(std::size_t from, std::size_t to);
  /// What it was said to wait for.
  [[nodiscard]] const std::vector<std::size_t>& of(std::size_t item) const { return edges_[item]; }

 private:
  bool reaches(std::size_t from, std::size_t to);

  std::vector<std::vector<std::size_t>> edges_;
  std::unordered_set<std::size_t> known_;  ///< edges, as one number each
  std::vector<bool> is_needed_;            ///< by any other
  std::vector<std::size_t> seen_;          ///< round in which a search met it
  std::size_t round_ = 0;
};

}  // namespace gitplan::exchange
