// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "graph/algorithms/rows.h"

// Shortest paths between two nodes, as the edges that they take. By count of edges the search is
// bfs.h's, by length it is Dijkstra's, O((N + M) log M); both end where the target is reached. One
// thread, the same answer every time; verifies the View first.
namespace saggio::graph {

// A path is its edges from the source on; from a node to itself it is empty.
using Path = std::vector<EdgeIndex>;

struct PathOptions {
  Direction direction = Direction::Out;
  // [M] finite and >= 0, such as arrays().edge_weights; empty: 1 each. Lengths are added in f64.
  std::span<const float> lengths;
};

// nullopt if there is none. By count: of all shortest paths the one that is least when they are
// compared from the last edge back, by EdgeIndex.
// Throws std::invalid_argument if an end is no node of the view or a length is not allowed.
std::optional<Path> shortest_path(const View& view,
                                  NodeIndex source,
                                  NodeIndex target,
                                  const PathOptions& options = {});

struct ShortestPaths {
  std::vector<EdgeIndex> edges;  // that lie on a shortest path, ascending
  double count = 0;              // of shortest paths; exact up to 2^53; 0 if there is none
  std::vector<Path> paths;       // the first `limit`, least first when compared by EdgeIndex
};

// All of them: their edges, their number, and up to `limit` of them one by one. Parallel edges make
// different paths. Lengths must be above 0 where it matters: throws std::invalid_argument when an
// edge on a shortest path is so short that it adds nothing, since then a path might go in circles.
// O(N + M) or Dijkstra's time, then O(length) a path.
ShortestPaths all_shortest_paths(const View& view,
                                 NodeIndex source,
                                 NodeIndex target,
                                 size_t limit,
                                 const PathOptions& options = {});

}  // namespace saggio::graph
