// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "graph/algorithms/rows.h"

// The cheapest arcs whose removal leaves no way from one node to another (Ford, Fulkerson 1956), by
// Boost.Graph's maximum flow (Boykov, Kolmogorov 2004). Of several cheapest cuts the one nearest the
// source. Capacities are added in f64: whole ones, and multiples of a power of two, exactly.
namespace saggio::graph {

struct FlowArc {
  NodeIndex source = -1, target = -1;
  double capacity = 1;  // >= 0; +infinity: never cut
};

struct MinCut {
  double capacity = 0;        // of the arcs cut; +infinity: the ends cannot be parted
  std::vector<size_t> arcs;   // ascending; those of capacity 0 between the parts among them
  std::vector<uint8_t> side;  // [nodes] 1: on the source's side
};

// Throws std::invalid_argument if an end is no node, both are the same, or a capacity is not allowed.
MinCut min_cut(NodeIndex nodes, std::span<const FlowArc> arcs, NodeIndex source, NodeIndex target);

// Of a View's edges, along their direction: arc i is edge i.
//   capacities  [M] finite and >= 0, such as arrays().edge_weights; empty: 1 each
MinCut min_cut(const View& view,
               NodeIndex source,
               NodeIndex target,
               std::span<const float> capacities = {});

}  // namespace saggio::graph
