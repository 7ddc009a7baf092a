#include "plan/exchange/implied_order.hpp"

#include <utility>

#include "plan/exchange/components.hpp"

namespace gitplan::exchange {
namespace {

// d dependencies of a whole with p parts are d * p; no project that people made has so many.
constexpr std::size_t most_added = 100'000;
constexpr std::size_t most_looks = 10'000'000;
constexpr std::size_t most_steps = 50'000'000;  ///< of searches

/// All that can be reached from some entries.
class Reached {
 public:
  explicit Reached(const Order& order) : order_(&order), round_of_(order.size()) {}

  void clear() { ++round_; }
  [[nodiscard]] bool contains(std::size_t item) const { return round_of_[item] == round_; }
  [[nodiscard]] bool gave_up() const { return steps_ >= most_steps; }

  /// What it says is reached is; not all is, where it gave up.
  void add(std::size_t from) {
    std::vector<std::size_t> open{from};
    while (!open.empty() && !gave_up()) {
      const std::size_t at = open.back();
      open.pop_back();
      ++steps_;
      if (contains(at)) continue;
      round_of_[at] = round_;
      open.insert(open.end(), order_->of(at).begin(), order_->of(at).end());
      steps_ += order_->of(at).size();
    }
  }

 private:
  const Order* order_;
  std::vector<std::size_t> round_of_;
  std::size_t round_ = 1;
  std::size_t steps_ = 0;
};

class Implication {
 public:
  Implication(Order& order, const Family& family)
      : order_(&order),
        family_(&family),
        parts_(order.size()),
        givers_(order.size()),
        reached_(order),
        back_(order) {}

  std::vector<std::size_t> run() {
    const std::size_t size = order_->size();
    for (std::size_t i = 0; i < size; ++i) {
      if (const auto whole = family_->wholes[i]) parts_[*whole].push_back(i);
    }
    find_givers();
    component_ = components(graph());
    for (std::size_t i = 0; i < size; ++i) wait_for_parts(i);
    for (std::size_t i = 0; i < size; ++i) inherit(i);
    return std::move(left_out_);
  }

 private:
  /// Wholes before their parts.
  void find_givers() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < order_->size(); ++i) {
      if (!family_->wholes[i]) open.push_back(i);
    }
    while (!open.empty()) {
      const std::size_t whole = open.back();
      open.pop_back();
      for (const std::size_t part : parts_[whole]) {
        givers_[part] = family_->needs[whole].empty() ? givers_[whole] : whole;
        open.push_back(part);
      }
    }
  }

  /// With all that may be added. Behind the entries stands for each what its parts wait for: an
  /// edge to it says as much as one to each of these.
  [[nodiscard]] Graph graph() const {
    const std::size_t size = order_->size();
    Graph graph(2 * size);
    for (std::size_t i = 0; i < size; ++i) {
      graph[i] = order_->of(i);
      for (const std::size_t needed : family_->needs[i]) {
        if (family_->wholes[needed] != i) graph[size + i].push_back(needed);
      }
      if (const auto whole = family_->wholes[i]) {
        graph[i].push_back(size + *whole);
        graph[size + i].push_back(size + *whole);
      }
      for (const std::size_t part : parts_[i]) {
        if (family_->is_awaited[part]) graph[i].push_back(part);
      }
    }
    return graph;
  }

  void wait_for_parts(std::size_t whole) {
    if (family_->is_fixed[whole] || parts_[whole].empty()) return;
    reached_.clear();
    reached_.add(whole);
    for (const std::size_t part : parts_[whole]) {
      if (family_->is_awaited[part]) add(whole, part);
    }
  }

  void inherit(std::size_t item) {
    if (family_->is_fixed[item] || !givers_[item]) return;
    reached_.clear();
    reached_.add(item);
    for (auto whole = givers_[item]; whole; whole = givers_[*whole]) {
      if (added_ >= most_added || looks_ >= most_looks) return left_out_.push_back(item);
      for (const std::size_t needed : family_->needs[*whole]) {
        ++looks_;
        if (family_->wholes[needed] != whole && add(item, needed)) ++added_;
      }
    }
  }

  /// Unless it says nothing new or closes a cycle.
  bool add(std::size_t from, std::size_t to) {
    if (reached_.contains(to) || closes_cycle(from, to)) return false;
    order_->add(from, to);
    reached_.add(to);
    return true;
  }

  bool closes_cycle(std::size_t from, std::size_t to) {
    if (component_[from] != component_[to]) return false;
    back_.clear();
    back_.add(to);
    if (!back_.contains(from) && back_.gave_up()) left_out_.push_back(from);
    return back_.contains(from) || back_.gave_up();
  }

  Order* order_;
  const Family* family_;
  std::vector<std::vector<std::size_t>> parts_;
  std::vector<std::optional<std::size_t>> givers_;  ///< nearest whole that waits for something
  std::vector<std::size_t> component_;
  Reached reached_;
  Reached back_;
  std::size_t added_ = 0;  ///< to what parts wait for
  std::size_t looks_ = 0;
  std::vector<std::size_t> left_out_;
};

}  // namespace

std::vector<std::size_t> add_implied(Order& order, const Family& family) {
  return Implication(order, family).run();
}

}  // namespace gitplan::exchange
