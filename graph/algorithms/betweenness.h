// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "graph/algorithms/rows.h"

// Betweenness (Freeman 1977): how much goes through a node when every pair of nodes talks along its
// shortest paths.
namespace saggio::graph {

// The sum, over all ordered pairs of other nodes, of the share of their shortest paths along edges
// out that pass through the node; not normalised.   [N]
// Paths are counted in edges; parallel edges make different paths. Brandes 2001, by Boost.Graph on
// the View itself: O(N M). Verifies the View first.
std::vector<double> betweenness(const View& view);

}  // namespace saggio::graph
