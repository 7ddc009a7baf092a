// Where the tasks of a plan stand in a drawing, layer by layer, with few crossings and short lines.
//
// Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures"
// (1981): lines that span several layers bend in each of them, and each layer is ordered by the
// barycentres of its neighbours, swept down and up while that takes crossings away. Crossings are
// counted as by Barth, Jünger and Mutzel, "Simple and Efficient Bilayer Cross Counting" (2002).
// Positions are the least squares distances to the neighbours' mean that the order allows: isotonic
// regression by pooling adjacent violators (Ayer et al. 1955).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "schedule/reduction.hpp"

namespace gitplan::schedule {

struct LayeredLayout {
  using Node = std::size_t;  ///< below the number of tasks: that task; from there on: bends
  struct Line {
    TaskIndex from = 0;
    TaskIndex to = 0;
    std::vector<Node> bends;  ///< one in each layer between, in order
  };
  std::vector<std::vector<Node>> layers;  ///< each in drawing order
  std::vector<int> layer_of;              ///< by node
  /// By node: its middle, across the layers, in units of a task's own room; from 0.5.
  std::vector<double> position;
  std::vector<Line> lines;
  double extent = 0;  ///< the largest position plus a half
};

/// How much room a bend takes, compared with a task.
inline constexpr double bend_room = 0.4;

/// Deterministic. Lines bend only while there are at most 100,000 bends.
LayeredLayout lay_out(const Drawing& drawing);

/// How many pairs of lines cross between neighbouring layers.
std::size_t count_crossings(const LayeredLayout& layout);

/// The positions, in order and at least `rooms` apart (half of each of two neighbours' rooms),
/// whose weighted squared distance from `wanted` is least.
std::vector<double> place(std::span<const double> wanted, std::span<const double> weights,
                          std::span<const double> rooms);

}  // namespace gitplan::schedule
