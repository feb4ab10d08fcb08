// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "graph/algorithms/rows.h"

// Groups of nodes that have more to do with each other than chance would have it: modularity (Newman,
// Girvan 2004) and Louvain's way to make it large (Blondel, Guillaume, Lambiotte, Lefebvre 2008).
// Edges count in both directions, parallel ones add up, and
//   Q = sum over groups of  inner / 2m - resolution (degree / 2m)^2
// where 2m is the sum of all degrees, `degree` that of the group's nodes, `inner` the weight from
// them to each other, each edge counted from both of its ends, a self-loop from both too.
namespace saggio::graph {

struct GroupOptions {
  std::span<const float> weights;  // [M] finite and >= 0; empty: 1 each
  double resolution = 1;           // > 0; larger: smaller groups
  uint64_t seed = 1;               // of the order in which nodes are asked
  std::stop_token stop = {};       // once it is requested louvain throws Interrupted
};

struct Groups {
  std::vector<NodeIndex> group;  // [N] the smallest node of each node's group
  double modularity = 0;
  std::vector<double> by_level;  // modularity after each level, ascending
};

// Nodes move, one after the other, to the neighbouring group that raises modularity most, until none
// does; groups become the nodes of the next level. Modularity never decreases from move to move. A
// group that falls into pieces is divided in the end, which raises it too. The same seed gives the
// same groups. O(M) a sweep, few sweeps. Throws std::invalid_argument for an option out of its range.
Groups louvain(const View& view, const GroupOptions& options = {});

// Of any labels, [N]. 0 for a graph without weight. The seed does not count.
double modularity(const View& view,
                  std::span<const NodeIndex> labels,
                  const GroupOptions& options = {});

}  // namespace saggio::graph
