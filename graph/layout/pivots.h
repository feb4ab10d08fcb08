// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "graph/layout/neighbours.h"
#include "graph/layout/point.h"

namespace saggio::graph {

// Nodes of a connected graph, each as far as can be from those before it, the first from node 0;
// and the hops from each of them to every node. At most `most`, down to 6 for large graphs, so that
// the searches stay within the time of some tens of millions of steps.
struct Pivots {
  std::vector<NodeIndex> nodes;          // [pivots]
  std::vector<std::vector<float>> hops;  // [pivots][N]
};
Pivots choose_pivots(const Neighbours& connected, size_t most, const std::stop_token& stop = {});

// The shape of a connected graph: classical scaling of the hops from the first 50 of its pivots
// (pivot MDS: Brandes, Pich 2007, "Eigensolver methods for progressive multidimensional scaling of
// large data"). Joined nodes lie 1 apart on average, unless all lie at one place.   [N]
std::vector<Point> scaled_hops(const Neighbours& connected,
                               const Pivots& pivots,
                               int dimensions,
                               const std::stop_token& stop = {});

}  // namespace saggio::graph
