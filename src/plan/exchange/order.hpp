// Which entry waits for which, without cycles.
#pragma once

#include <cstddef>
#include <unordered_set>
#include <vector>

namespace gitplan::exchange {

/// Entries by index.
class Order {
 public:
  struct Edge {
    std::size_t from = 0;
    std::size_t to = 0;
  };

  explicit Order(std::size_t size) : edges_(size) {}

  /// `from` waits for `to`. Known already: nothing is done.
  void add(std::size_t from, std::size_t to);
  /// Takes out as few as need be of what closes cycles; ordered by `from`.
  std::vector<Edge> cut_cycles();
  /// What it waits for.
  [[nodiscard]] const std::vector<std::size_t>& of(std::size_t item) const { return edges_[item]; }
  [[nodiscard]] std::size_t size() const { return edges_.size(); }

 private:
  [[nodiscard]] std::size_t key(std::size_t from, std::size_t to) const {
    return from * edges_.size() + to;
  }
  [[nodiscard]] std::vector<Edge> find_closing() const;

  std::vector<std::vector<std::size_t>> edges_;
  std::unordered_set<std::size_t> known_;  ///< edges, by key
};

}  // namespace gitplan::exchange
