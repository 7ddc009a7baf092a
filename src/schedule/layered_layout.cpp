#include "schedule/layered_layout.hpp"

#include <algorithm>
#include <numeric>

namespace gitplan::schedule {
namespace {

constexpr std::size_t most_bends = 100'000;
constexpr int most_sweeps = 24;
constexpr int placing_sweeps = 12;

using Node = LayeredLayout::Node;
using Neighbours = std::vector<std::vector<Node>>;

/// Lines between neighbouring layers, bends and all.
struct Links {
  Neighbours above;
  Neighbours below;
};

std::size_t count_bends(const Drawing& drawing) {
  std::size_t bends = 0;
  for (TaskIndex task = 0; task < drawing.predecessors.size(); ++task) {
    for (const TaskIndex predecessor : drawing.predecessors[task])
      bends += static_cast<std::size_t>(drawing.layer_of[task] - drawing.layer_of[predecessor] - 1);
  }
  return bends;
}

void link(Links& links, Node upper, Node lower) {
  links.below[upper].push_back(lower);
  links.above[lower].push_back(upper);
}

/// Tasks in their layers in plan order, lines with their bends.
Links begin(const Drawing& drawing, LayeredLayout& layout) {
  const std::size_t tasks = drawing.layer_of.size();
  const bool with_bends = count_bends(drawing) <= most_bends;
  layout.layers.resize(static_cast<std::size_t>(drawing.layers));
  layout.layer_of = drawing.layer_of;
  for (Node task = 0; task < tasks; ++task)
    layout.layers[static_cast<std::size_t>(drawing.layer_of[task])].push_back(task);
  Links links{Neighbours(tasks), Neighbours(tasks)};
  for (TaskIndex task = 0; task < tasks; ++task) {
    for (const TaskIndex predecessor : drawing.predecessors[task]) {
      LayeredLayout::Line line{predecessor, task, {}};
      Node last = predecessor;
      for (int layer = drawing.layer_of[predecessor] + 1;
           with_bends && layer < drawing.layer_of[task]; ++layer) {
        const Node bend = layout.layer_of.size();
        layout.layer_of.push_back(layer);
        layout.layers[static_cast<std::size_t>(layer)].push_back(bend);
        links.above.emplace_back();
        links.below.emplace_back();
        link(links, last, bend);
        line.bends.push_back(bend);
        last = bend;
      }
      if (with_bends || drawing.layer_of[predecessor] + 1 == drawing.layer_of[task])
        link(links, last, task);
      layout.lines.push_back(std::move(line));
    }
  }
  return links;
}

std::vector<std::size_t> ranks(const LayeredLayout& layout) {
  std::vector<std::size_t> rank(layout.layer_of.size());
  for (const auto& layer : layout.layers) {
    for (std::size_t i = 0; i < layer.size(); ++i) rank[layer[i]] = i;
  }
  return rank;
}

void order_layer(std::vector<Node>& layer, const Neighbours& fixed,
                 std::vector<std::size_t>& rank) {
  std::vector<std::pair<double, Node>> keyed;
  for (const Node node : layer) {
    double sum = 0;
    for (const Node other : fixed[node]) sum += static_cast<double>(rank[other]);
    // Whoever has no neighbour there stays about where it is.
    const double key = fixed[node].empty() ? static_cast<double>(rank[node])
                                           : sum / static_cast<double>(fixed[node].size());
    keyed.emplace_back(key, node);
  }
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < keyed.size(); ++i) {
    layer[i] = keyed[i].second;
    rank[layer[i]] = i;
  }
}

/// Pairs of links between two layers that cross: inversions, counted in a tree of sums.
std::size_t crossings_below(const std::vector<Node>& upper, std::size_t lower_size,
                            const Neighbours& below, const std::vector<std::size_t>& rank) {
  std::vector<std::size_t> sums(lower_size + 1);
  std::size_t crossings = 0;
  std::size_t seen = 0;
  std::vector<std::size_t> ends;
  for (const Node node : upper) {
    ends.clear();
    for (const Node other : below[node]) ends.push_back(rank[other]);
    for (const std::size_t end : ends) {
      std::size_t not_after = 0;
      for (std::size_t i = end + 1; i > 0; i -= i & (~i + 1)) not_after += sums[i];
      crossings += seen - not_after;
    }
    for (const std::size_t end : ends) {
      for (std::size_t i = end + 1; i <= lower_size; i += i & (~i + 1)) ++sums[i];
    }
    seen += ends.size();
  }
  return crossings;
}

std::size_t all_crossings(const LayeredLayout& layout, const Neighbours& below) {
  const auto rank = ranks(layout);
  std::size_t crossings = 0;
  for (std::size_t i = 0; i + 1 < layout.layers.size(); ++i)
    crossings += crossings_below(layout.layers[i], layout.layers[i + 1].size(), below, rank);
  return crossings;
}

void reduce_crossings(LayeredLayout& layout, const Links& links) {
  auto rank = ranks(layout);
  auto best = layout.layers;
  std::size_t fewest = all_crossings(layout, links.below);
  int without_gain = 0;
  for (int sweep = 0; sweep < most_sweeps && fewest > 0 && without_gain < 4; ++sweep) {
    const std::size_t count = layout.layers.size();
    for (std::size_t i = 1; i < count; ++i) {
      const bool down = sweep % 2 == 0;
      order_layer(layout.layers[down ? i : count - 1 - i], down ? links.above : links.below, rank);
    }
    const std::size_t crossings = all_crossings(layout, links.below);
    ++without_gain;
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = layout.layers;
    without_gain = 0;
  }
  layout.layers = std::move(best);
}

/// Straight lines matter more than tasks in their middle.
constexpr double bend_weight = 4;
constexpr double straight_weight = 100;
constexpr double unpulled_weight = 0.01;  // whoever nothing pulls makes way

/// Where a node of a layer wants to be, and how much.
struct Wish {
  double position = 0;
  double weight = unpulled_weight;
};

class Placer {
 public:
  Placer(LayeredLayout& layout, std::size_t tasks, const Links& links)
      : layout_(&layout), tasks_(tasks), links_(&links) {}

  void run() {
    const std::size_t count = layout_->layers.size();
    for (int sweep = 0; sweep < placing_sweeps; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::size_t i = 0; i < count; ++i) {
        place_layer(layout_->layers[down ? i : count - 1 - i], [&](Node node) {
          return mean(node, down ? links_->above[node] : links_->below[node], {});
        });
      }
    }
    for (const auto& layer : layout_->layers)
      place_layer(layer, [&](Node node) { return last_wish(node); });
  }

 private:
  [[nodiscard]] bool is_bend(Node node) const { return node >= tasks_; }

  [[nodiscard]] Wish mean(Node node, std::span<const Node> some, std::span<const Node> more) const {
    double sum = 0;
    double weights = 0;
    for (const auto neighbours : {some, more}) {
      for (const Node other : neighbours) {
        const double weight = is_bend(node) && is_bend(other) ? bend_weight : 1;
        sum += weight * layout_->position[other];
        weights += weight;
      }
    }
    if (weights == 0) return {layout_->position[node], unpulled_weight};
    return {sum / weights, is_bend(node) ? bend_weight : 1};
  }

  /// From above: a line that bent in the layer before goes straight on.
  [[nodiscard]] Wish last_wish(Node node) const {
    const auto& above = links_->above[node];
    if (is_bend(node) && is_bend(above.front()))
      return {layout_->position[above.front()], straight_weight};
    return mean(node, above, links_->below[node]);
  }

  template <typename WishOf>
  void place_layer(const std::vector<Node>& layer, WishOf wish_of) {
    std::vector<double> wanted;
    std::vector<double> weights;
    std::vector<double> rooms;
    for (const Node node : layer) {
      const Wish wish = wish_of(node);
      wanted.push_back(wish.position);
      weights.push_back(wish.weight);
      rooms.push_back(is_bend(node) ? bend_room : 1);
    }
    const auto placed = place(wanted, weights, rooms);
    for (std::size_t i = 0; i < layer.size(); ++i) layout_->position[layer[i]] = placed[i];
  }

  LayeredLayout* layout_;
  std::size_t tasks_;
  const Links* links_;
};

void place_all(LayeredLayout& layout, std::size_t tasks, const Links& links) {
  layout.position.assign(layout.layer_of.size(), 0);
  for (const auto& layer : layout.layers) {
    for (std::size_t i = 0; i < layer.size(); ++i)
      layout.position[layer[i]] = static_cast<double>(i) - static_cast<double>(layer.size()) / 2;
  }
  Placer(layout, tasks, links).run();
}

void begin_at_zero(LayeredLayout& layout) {
  if (layout.position.empty()) return;
  const auto [least, most] = std::minmax_element(layout.position.begin(), layout.position.end());
  constexpr double half = 0.5;
  const double shift = half - *least;
  layout.extent = *most + shift + half;
  for (double& position : layout.position) position += shift;
}

}  // namespace

std::vector<double> place(std::span<const double> wanted, std::span<const double> weights,
                          std::span<const double> rooms) {
  struct Block {
    double mean;
    double weight;
    std::size_t size;
  };
  std::vector<double> offsets(wanted.size());
  for (std::size_t i = 1; i < wanted.size(); ++i)
    offsets[i] = offsets[i - 1] + (rooms[i - 1] + rooms[i]) / 2;
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    blocks.push_back({wanted[i] - offsets[i], weights[i], 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean > blocks.back().mean) {
      const Block right = blocks.back();
      blocks.pop_back();
      Block& left = blocks.back();
      const double weight = left.weight + right.weight;
      left = {(left.mean * left.weight + right.mean * right.weight) / weight, weight,
              left.size + right.size};
    }
  }
  std::vector<double> placed;
  for (const Block& block : blocks) {
    for (std::size_t i = 0; i < block.size; ++i)
      placed.push_back(block.mean + offsets[placed.size()]);
  }
  return placed;
}

LayeredLayout lay_out(const Drawing& drawing) {
  LayeredLayout layout;
  const Links links = begin(drawing, layout);
  reduce_crossings(layout, links);
  place_all(layout, drawing.layer_of.size(), links);
  begin_at_zero(layout);
  return layout;
}

std::size_t count_crossings(const LayeredLayout& layout) {
  Neighbours below(layout.layer_of.size());
  for (const auto& line : layout.lines) {
    Node last = line.from;
    for (const Node bend : line.bends) {
      below[last].push_back(bend);
      last = bend;
    }
    if (layout.layer_of[last] + 1 == layout.layer_of[line.to]) below[last].push_back(line.to);
  }
  return all_crossings(layout, below);
}

}  // namespace gitplan::schedule
