// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "graph/view/view.h"

// What the algorithms share: which way an edge may be walked, the rows that lie that way, and the
// checks of their arguments. The rows are read without verifying: view.verify() comes first.
namespace saggio::graph {

enum class Direction {
  Out,   // from source to target
  In,    // from target to source
  Both,  // either
};

Direction reversed(Direction direction);  // Out <-> In

// One of the two sparse matrices of a View, borrowed.
struct Rows {
  const int64_t* ptr;           // [N+1]
  const NodeIndex* neighbours;  // [M]

  std::span<const NodeIndex> operator[](NodeIndex node) const {
    return {neighbours + ptr[node], neighbours + ptr[node + 1]};
  }
  int64_t degree(NodeIndex node) const { return ptr[node + 1] - ptr[node]; }
};

inline Rows out_rows(const View& view) {
  return {view.arrays().out_ptr.data(), view.arrays().out_target.data()};
}
inline Rows in_rows(const View& view) {
  return {view.arrays().in_ptr.data(), view.arrays().in_source.data()};
}

// visit(edge, neighbour) for each edge that leads away from the node in this direction, ascending
// within each of the two rows. With Both, a self-loop comes twice.
template <typename Visit>
void for_each_step(const View& view, NodeIndex node, Direction direction, Visit visit) {
  const ViewArrays& arrays = view.arrays();
  const auto x = static_cast<size_t>(node);
  if (direction != Direction::In)
    for (auto i = static_cast<size_t>(arrays.out_ptr[x]);
         i < static_cast<size_t>(arrays.out_ptr[x + 1]);
         ++i)
      visit(static_cast<EdgeIndex>(i), arrays.out_target[i]);
  if (direction != Direction::Out)
    for (auto i = static_cast<size_t>(arrays.in_ptr[x]);
         i < static_cast<size_t>(arrays.in_ptr[x + 1]);
         ++i)
      visit(arrays.in_edge[i], arrays.in_source[i]);
}

// Throw std::invalid_argument: a node that the view does not have; a column of edges or nodes that
// is neither empty nor one finite value >= 0 for each. `what` names the argument.
void check_node(const View& view, NodeIndex node, const char* what);
void check_column(std::span<const float> column, EdgeIndex edges, const char* what);
void check_column(std::span<const double> column, NodeIndex nodes, const char* what);

}  // namespace saggio::graph
