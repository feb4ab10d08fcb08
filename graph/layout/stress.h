// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "graph/layout/neighbours.h"
#include "graph/layout/point.h"

// How well distances in a layout tell distances in the graph.
namespace saggio::graph {

// Over pairs of nodes that hang together, D hops and d in the layout apart:
//   stress = mean of (scale d / D - 1)^2, with the one scale that makes it least
// (the normalised stress of Gansner, Koren, North 2005, with weights 1 / D^2). 0: as the hops have
// it; 1: all nodes at one place. Points at random in a ball have some 0.1 to 0.2.
struct Stress {
  double stress = 0;
  double scale = 0;
  int64_t pairs = 0;
};

// Pairs from so many sources, chosen by `seed`, to all that each of them reaches; every pair if
// there are no more nodes than sources. O(sources (N + M)). Without pairs all is 0. Throws
// std::invalid_argument if there is not one position for each node.
Stress stress_of(const Neighbours& neighbours,
                 std::span<const Point> points,
                 size_t sources = 64,
                 uint64_t seed = 1);

}  // namespace saggio::graph
