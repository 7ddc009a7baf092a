#include "plan/exchange/order.hpp"

#include <algorithm>
#include <cstdint>

namespace gitplan::exchange {
namespace {

enum class State : std::uint8_t { unseen, open, closed };

struct Visit {
  std::size_t item = 0;
  std::size_t next = 0;  ///< of its edges
};

}  // namespace

void Order::add(std::size_t from, std::size_t to) {
  if (known_.insert(key(from, to)).second) edges_[from].push_back(to);
}

std::vector<Order::Edge> Order::cut_cycles() {
  std::vector<Edge> closing = find_closing();
  if (closing.empty()) return closing;
  for (const Edge& edge : closing) known_.erase(key(edge.from, edge.to));
  for (std::size_t from = 0; from < edges_.size(); ++from)
    std::erase_if(edges_[from], [&](std::size_t to) { return !known_.contains(key(from, to)); });
  std::ranges::stable_sort(closing, {}, &Edge::from);
  return closing;
}

/// Those that lead back into the way that led there, as one search in depth meets them.
std::vector<Order::Edge> Order::find_closing() const {
  std::vector<Edge> closing;
  std::vector<State> states(edges_.size());
  std::vector<Visit> way;
  const auto enter = [&](std::size_t item) {
    if (states[item] == State::unseen) {
      states[item] = State::open;
      way.push_back({item, 0});
    }
  };
  for (std::size_t start = 0; start < edges_.size(); ++start) {
    for (enter(start); !way.empty();) {
      auto& [item, next] = way.back();
      if (next == edges_[item].size()) {
        states[item] = State::closed;
        way.pop_back();
        continue;
      }
      const std::size_t to = edges_[item][next++];
      if (states[to] == State::open) closing.push_back({item, to});
      enter(to);
    }
  }
  return closing;
}

}  // namespace gitplan::exchange
