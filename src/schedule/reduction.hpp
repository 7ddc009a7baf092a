// The edges of a plan that a drawing needs.
#pragma once

#include <vector>

#include "schedule/waves.hpp"

namespace gitplan::schedule {

/// Row t: the predecessors of task t, without those that another one's own predecessors imply:
/// the transitive reduction (Aho, Garey and Ullman 1972). `layer_of` rises along every edge. Over
/// 20,000 tasks nothing is left out.
Rows reduced(const Rows& predecessors, const std::vector<int>& layer_of);

/// What to draw: each task's layer, from 0, and the reduced edges, from a lower layer to a higher
/// one. Waves are the layers; unreachable tasks stand in one more.
struct Drawing {
  std::vector<int> layer_of;
  int layers = 0;
  bool has_unreachable = false;  ///< the last layer is theirs
  Rows predecessors;
};
Drawing drawing_of(const Graph& graph, const Waves& waves);

}  // namespace gitplan::schedule
