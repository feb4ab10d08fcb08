// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "graph/algorithms/rows.h"

// Circles in directed graphs: which nodes lie on common ones, and an order of all nodes if there
// are none. Boost.Graph's depth-first algorithms on the View itself (graph/view/boost_graph.h),
// O(N + M), without recursion; the View is verified first.
namespace saggio::graph {

// The smallest node of each node's strongly connected component: two nodes are in one if each can
// be reached from the other along edges out.   [N]
std::vector<NodeIndex> strong_components(const View& view);

// Either `order` holds all nodes, the source of every edge before its target, and `cycle` is
// empty; or `cycle` holds the edges of one directed cycle, each starting where the one before it
// ends, the first where the last ends (one self-loop is a cycle), and `order` is empty.
struct TopologicalOrder {
  std::vector<NodeIndex> order;
  std::vector<EdgeIndex> cycle;
};
TopologicalOrder topological_order(const View& view);

}  // namespace saggio::graph
