#include "plan/exchange/order.hpp"

namespace gitplan::exchange {

bool Order::add(std::size_t from, std::size_t to) {
  const std::size_t edge = from * edges_.size() + to;
  if (known_.contains(edge)) return true;
  // Nobody waits for most entries when they are read: no search then.
  if (from == to || (is_needed_[from] && reaches(to, from))) return false;
  known_.insert(edge);
  edges_[from].push_back(to);
  is_needed_[to] = true;
  return true;
}

void Order::add_implied(std::size_t from, std::size_t to) {
  if (!reaches(from, to)) add(from, to);
}

bool Order::reaches(std::size_t from, std::size_t to) {
  ++round_;
  std::vector<std::size_t> stack{from};
  while (!stack.empty()) {
    const std::size_t at = stack.back();
    stack.pop_back();
    if (at == to) return true;
    if (seen_[at] == round_) continue;
    seen_[at] = round_;
    stack.insert(stack.end(), edges_[at].begin(), edges_[at].end());
  }
  return false;
}

}  // namespace gitplan::exchange
