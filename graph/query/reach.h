// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "graph/algorithms/bitmap.h"
#include "graph/algorithms/rows.h"
#include "graph/store/history.h"
#include "graph/view/view.h"

// Which nodes walks along the edges come to: within some hops, as support, against. The View is
// verified, and of `history`.
namespace saggio::graph {

// One flag for each edge type of the history: whether a walk may take it.
using TypeSet = std::vector<uint8_t>;

// Hops from `node` on a shortest walk along edges of these types, up to `hops`; -1: more.   [N]
// O(N + the edges of the nodes that are nearer than `hops`); of all types, mostly far less (bfs.h).
std::vector<int32_t> hops_from(
    const View& view, NodeIndex node, int32_t hops, Direction direction, const TypeSet& types);

// One type alone; none, if the store has none of that name.
TypeSet one_type(const History& history, std::string_view name);

// Who stands for a node, or against it: nodes, and the edges along which they do.
struct Voices {
  Bitmap nodes, edges;  // of N and M
};

// The live support: the live nodes from which reasons lead to `node` through live nodes alone, and
// these reasons. `node` itself, alive or not, is not among them.
Voices support_of(const View& view, const History& history, NodeIndex node);

// What speaks against it: the live sources of edges `contradicts` into `node` or into what supports
// it; and the live support of those.
Voices against(const View& view, const History& history, NodeIndex node);

}  // namespace saggio::graph
