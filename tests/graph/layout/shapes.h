// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "tests/graph/algorithms/edge_list.h"

// Graphs for the tests and benchmarks of the layouts.
namespace saggio::graph {

// Each new node is joined to `edges` earlier ones, chosen by how many neighbours they have
// (Barabasi, Albert 1999).
inline EdgeList scale_free(NodeIndex nodes, int edges, uint64_t seed = 7) {
  results::Stream stream(seed);
  std::vector<NodeIndex> ends{0};
  std::vector<Arc> arcs;
  for (NodeIndex x = 1; x < nodes; ++x) {
    const size_t before = ends.size();
    for (int i = 0; i < std::min<int>(edges, x); ++i) {
      const NodeIndex y = ends[stream.below(before)];
      arcs.push_back({y, x});
      ends.insert(ends.end(), {y, x});
    }
  }
  return edge_list("scale free " + std::to_string(nodes), nodes, std::move(arcs));
}

inline EdgeList grid(NodeIndex rows, NodeIndex columns) {
  std::vector<Arc> arcs;
  for (NodeIndex i = 0; i < rows; ++i)
    for (NodeIndex j = 0; j < columns; ++j) {
      const NodeIndex x = i * columns + j;
      if (i + 1 < rows) arcs.push_back({x, x + columns});
      if (j + 1 < columns) arcs.push_back({x, x + 1});
    }
  return edge_list("grid " + std::to_string(rows) + " x " + std::to_string(columns),
                   rows * columns,
                   std::move(arcs));
}

// Each node hangs from an earlier one.
inline EdgeList random_tree(NodeIndex nodes, uint64_t seed = 3) {
  results::Stream stream(seed);
  std::vector<Arc> arcs;
  for (NodeIndex x = 1; x < nodes; ++x)
    arcs.push_back({static_cast<NodeIndex>(stream.below(static_cast<uint64_t>(x))), x});
  return edge_list("random tree " + std::to_string(nodes), nodes, std::move(arcs));
}

}  // namespace saggio::graph
