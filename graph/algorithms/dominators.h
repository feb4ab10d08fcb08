// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "graph/algorithms/rows.h"

// Dominators: the nodes that no walk from the root to a node can avoid. Of an argument, its single
// points of failure.
namespace saggio::graph {

// The immediate dominator of each node: of the nodes that lie on every walk from `root` to it, the
// last before it; -1: not reached; the root is its own. Going from immediate dominator to immediate
// dominator meets all of a node's dominators.   [N]
// Lengauer, Tarjan 1979, the simple variant, O(M log N), without recursion and with 32 B a node.
// Boost.Graph 1.74's is not used: it recurses along paths, so that a derivation of some hundred
// thousand steps overflows the stack, keeps a deque (0.6 kB) for each node, and takes a predecessor
// that the root does not reach for an ancestor.
// Throws std::invalid_argument if the root is no node of the view. Verifies the View first.
std::vector<NodeIndex> immediate_dominators(const View& view,
                                            NodeIndex root,
                                            Direction direction = Direction::Out);

}  // namespace saggio::graph
