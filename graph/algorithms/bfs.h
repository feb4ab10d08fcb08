// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "graph/algorithms/rows.h"

// Breadth-first search, and what lies within k hops.
//
// The search turns its direction (Beamer, Asanovic, Patterson 2012, "Direction-optimizing
// breadth-first search"; alpha 15, beta 18): while the frontier is small its edges are followed;
// when its edges are many, each node not yet reached looks for one neighbour in the frontier and
// stops at the first. O(N + M) at worst, mostly far less; one thread; reads the View's arrays, all
// of which are verified first.
namespace saggio::graph {

struct BfsOptions {
  Direction direction = Direction::Out;
  int32_t most_depth = std::numeric_limits<int32_t>::max();  // hops; 0 reaches the sources alone
  std::optional<NodeIndex> until;  // the search ends with the hop that reaches this node
};

// Hops from the nearest source; -1: not reached.   [N]
// Throws std::invalid_argument if a source is no node of the view.
std::vector<int32_t> bfs_depths(const View& view,
                                std::span<const NodeIndex> sources,
                                const BfsOptions& options = {});

// The node from which each was reached; -1: not reached; a source is its own parent.   [N]
// Among several possible parents the choice is the same every time, but follows no other rule.
std::vector<NodeIndex> bfs_parents(const View& view,
                                   std::span<const NodeIndex> sources,
                                   const BfsOptions& options = {});

// Hop h holds nodes[hop_ptr[h]] up to nodes[hop_ptr[h + 1]], ascending; hop 0 is the sources. The
// last hop is not empty, unless there are no sources.
struct Neighbourhood {
  std::vector<NodeIndex> nodes;
  std::vector<size_t> hop_ptr;
};

// What lies within `hops`. Reads and verifies no other rows than those of the nodes within
// hops - 1, so that it is quick on a large View that was just mapped: O(their edges + N/64).
Neighbourhood k_hop(const View& view,
                    std::span<const NodeIndex> sources,
                    int32_t hops,
                    Direction direction = Direction::Out);

}  // namespace saggio::graph
