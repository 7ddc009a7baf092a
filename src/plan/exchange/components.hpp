// Which nodes of a graph lie on cycles together.
#pragma once

#include <cstddef>
#include <vector>

namespace gitplan::exchange {

/// For each node where it leads to.
using Graph = std::vector<std::vector<std::size_t>>;

/// A number for each node: two have the same if each leads to the other. An edge between two
/// numbers is on no cycle. One walk over the graph.
std::vector<std::size_t> components(const Graph& graph);

}  // namespace gitplan::exchange
