// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "graph/algorithms/rows.h"

// Weakly connected components: what hangs together when edges may be walked either way.
namespace saggio::graph {

// The smallest node of each node's component.   [N]
// Afforest (Sutton, Ben-Nun, Barak 2018, "Optimizing parallel graph connectivity computation via
// subgraph sampling"): two edges of each node join most of the largest component, whose nodes' other
// edges are then skipped. O(N + M) nearly; one thread. Verifies the View first.
std::vector<NodeIndex> weak_components(const View& view);

}  // namespace saggio::graph
