#include "plan/exchange/components.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace gitplan::exchange {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// Tarjan's algorithm, without recursion: a chain may be as long as the file.
class Components {
 public:
  explicit Components(const Graph& graph)
      : graph_(&graph),
        met_(graph.size(), none),
        lowest_(graph.size(), none),
        found_(graph.size(), none) {}

  std::vector<std::size_t> run() && {
    for (std::size_t node = 0; node < graph_->size(); ++node) {
      if (met_[node] != none) continue;
      for (enter(node); !way_.empty();) step();
    }
    return std::move(found_);
  }

 private:
  struct Visit {
    std::size_t node = 0;
    std::size_t next = 0;  ///< of its edges
  };

  void enter(std::size_t node) {
    met_[node] = lowest_[node] = count_++;
    open_.push_back(node);
    way_.push_back({node, 0});
  }

  void step() {
    auto& [node, next] = way_.back();
    if (next == (*graph_)[node].size()) return leave(node);
    const std::size_t to = (*graph_)[node][next++];
    if (found_[to] != none) return;
    if (met_[to] == none) return enter(to);
    lowest_[node] = std::min(lowest_[node], met_[to]);
  }

  void leave(std::size_t node) {
    way_.pop_back();
    if (!way_.empty()) {
      std::size_t& before = lowest_[way_.back().node];
      before = std::min(before, lowest_[node]);
    }
    if (lowest_[node] != met_[node]) return;
    for (std::size_t last = none; last != node; open_.pop_back()) {
      last = open_.back();
      found_[last] = node;
    }
  }

  const Graph* graph_;
  std::size_t count_ = 0;
  std::vector<std::size_t> met_;     ///< when; none: not yet
  std::vector<std::size_t> lowest_;  ///< met, of the open ones that it leads to
  std::vector<std::size_t> found_;
  std::vector<std::size_t> open_;
  std::vector<Visit> way_;
};

}  // namespace

std::vector<std::size_t> components(const Graph& graph) { return Components(graph).run(); }

}  // namespace gitplan::exchange
