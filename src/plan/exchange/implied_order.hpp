// What wholes and parts wait for without being told.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "plan/exchange/order.hpp"

namespace gitplan::exchange {

/// Of entries by index.
struct Family {
  explicit Family(std::size_t size) : wholes(size), needs(size), is_awaited(size), is_fixed(size) {}

  std::vector<std::optional<std::size_t>> wholes;  ///< of which each is a part; without circles
  std::vector<std::vector<std::size_t>> needs;     ///< what each is said to wait for
  std::vector<bool> is_awaited;                    ///< by its whole
  std::vector<bool> is_fixed;                      ///< does not wait for more than it does
};

/// A whole waits for its parts, and they wait for what it waits for, but not for one another. What
/// `order` has already goes before: nothing is added that closes a cycle or says nothing new. Takes
/// time by the size of what there is and of what is added, and adds no end of nothing; returns
/// those that may not wait for all that they should.
std::vector<std::size_t> add_implied(Order& order, const Family& family);

}  // namespace gitplan::exchange
