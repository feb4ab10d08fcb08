// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "graph/layout/neighbours.h"
#include "graph/layout/point.h"

// A layout whose distances tell hops as well as they can: for pictures that stand still, where the
// force layout is for those that live. It makes the stress (stress.h) small over the pairs of
// joined nodes and those of a node and a pivot, which stands for the nodes around it (Ortmann,
// Klimenta, Brandes 2016, "A sparse stress model"), by moving one node after the other to the mean
// of where its pairs want it (Gansner, Koren, North 2005), and some way beyond. One thread; the
// same every time.
namespace saggio::graph {

struct StressOptions {
  int dimensions = 3;     // 2 or 3
  size_t pivots = 2500;   // at most, fewer for large graphs (choose_pivots); with as many as there
                          // are nodes it is the full stress
  int most_sweeps = 200;  // over all nodes; it ends when they move by less than .001 on average
  uint64_t seed = 1;
  std::stop_token stop = {};  // once it is requested Interrupted is thrown
};

// Of a connected graph, with options that are in their ranges.   [N]
std::vector<Point> with_little_stress(const Neighbours& connected, const StressOptions& options);

// [N] Components lie around each other. O(pivots N + M) a sweep. Throws std::invalid_argument for
// an option out of its range.
std::vector<Point> stress_layout(const View& view, const StressOptions& options = {});

}  // namespace saggio::graph
