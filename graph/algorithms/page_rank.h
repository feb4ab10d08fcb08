// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/algorithms/rows.h"

// PageRank (Brin, Page 1998): where a walker is who at each step follows an edge out of its node
// with probability `damping`, chosen by weight, and otherwise starts again. From a node without
// outgoing weight it starts again always (as networkx has it). Ranks sum to 1.
//
// Power iteration, each node summing up over its edges in: O(M) an iteration, one thread, the same
// bits every time. Takes 4 B an edge, with weights twice that in f32 and thrice in f64. Verifies the
// View first.
namespace saggio::graph {

struct PageRankOptions {
  double damping = 0.85;     // in [0, 1)
  double tolerance = 1e-12;  // ends when an iteration changes less, summed over the nodes
  int32_t most_iterations = 1000;
  std::span<const float> weights;   // [M] >= 0, such as arrays().edge_weights; empty: 1 each
  std::span<const double> restart;  // [N] >= 0, not all 0, in any unit: where it starts again
                                    // (personalised PageRank); empty: anywhere alike
};

// The distance to the exact ranks is at most damping / (1 - damping) * change, and rounding.
template <typename Real>
struct PageRank {
  std::vector<Real> ranks;  // [N]
  int32_t iterations = 0;
  double change = 0;  // of the last iteration; above the tolerance if most_iterations ended it
};

// In f64. Throws std::invalid_argument for an option out of its range.
PageRank<double> page_rank(const View& view, const PageRankOptions& options = {});

// In f32, twice as fast on a large graph: twenty iterations unless told otherwise. A tolerance
// below some 1e-6 may never be met.
PageRank<float> fast_page_rank(const View& view,
                               const PageRankOptions& options = {.tolerance = 0,
                                                                 .most_iterations = 20});

}  // namespace saggio::graph
