// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "graph/algorithms/rows.h"
#include "graph/layout/point.h"

// Trees, drawn tidily: for what was derived from what, for an expert tree, or for what lies around
// a node. Any graph will do: it is drawn by the tree of a breadth-first search from the roots,
// whose other edges just join what stands where it stands. One thread, no recursion, linear; the
// same every time.
namespace saggio::graph {

struct TreeOptions {
  Direction direction = Direction::Out;  // from a parent to its children
  // Empty: the nodes that no edge leads to in this direction, and of what then is not reached
  // (cycles) the smallest, one after the other. With Both: of each component the node with most
  // neighbours.
  std::span<const NodeIndex> roots = {};
  std::stop_token stop = {};  // once it is requested both layouts throw Interrupted
};

struct TreeLayout {
  std::vector<Point> points;      // [N] flat
  std::vector<NodeIndex> parent;  // [N] -1: a root
  std::vector<int32_t> depth;     // [N] hops from the root
};

// Roots on top, depth d at d below; nodes of one depth at least 1 apart, a parent above the middle
// of its children, the same tree drawn the same wherever it stands (Buchheim, Juenger, Leipert
// 2002, "Improving Walker's algorithm to run in linear time"). Trees lie beside each other. Throws
// std::invalid_argument for a root that the view does not have.
TreeLayout tree_layout(const View& view, const TreeOptions& options = {});

// The same with each root in the middle of its tree, depth d on a circle round it. The circles lie
// 1 apart, or as much more as it takes for nodes of one depth to be 1 apart along theirs.
TreeLayout radial_layout(const View& view, const TreeOptions& options = {});

}  // namespace saggio::graph
