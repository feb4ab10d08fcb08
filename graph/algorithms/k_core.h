// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "graph/algorithms/rows.h"

// Core numbers: how deep in the dense part of the graph a node lies.
namespace saggio::graph {

// For each node the largest k such that it belongs to a set of nodes each of which has at least k
// neighbours in the set.   [N]
// Neighbours are the distinct other nodes that an edge joins it with, whichever way it points:
// parallel and opposite edges count once, self-loops not at all. Batagelj, Zaversnik 2003
// (arXiv:cs/0310049), O(N + M); takes 8 B an edge. Verifies the View first.
std::vector<int32_t> core_numbers(const View& view);

}  // namespace saggio::graph
