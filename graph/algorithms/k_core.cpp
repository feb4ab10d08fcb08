// SPDX-License-Identifier: MIT
#include "graph/algorithms/k_core.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace saggio::graph {
namespace {

// The simple undirected graph below a View.
struct Simple {
  std::vector<int64_t> ptr{0};
  std::vector<NodeIndex> neighbours;

  explicit Simple(const View& view) {
    ptr.reserve(static_cast<size_t>(view.nodes()) + 1);
    neighbours.reserve(2 * static_cast<size_t>(view.edges()));
    std::vector<NodeIndex> seen_by(static_cast<size_t>(view.nodes()), -1);
    for (NodeIndex x = 0; x < view.nodes(); ++x) {
      seen_by[static_cast<size_t>(x)] = x;  // no self-loops
      for (const Rows& rows : {out_rows(view), in_rows(view)})
        for (const NodeIndex neighbour : rows[x])
          if (std::exchange(seen_by[static_cast<size_t>(neighbour)], x) != x)
            neighbours.push_back(neighbour);
      ptr.push_back(static_cast<int64_t>(neighbours.size()));
    }
  }
};

// Nodes in the order of their degree, which go down one at a time.
class ByDegree {
 public:
  explicit ByDegree(const Simple& graph) {
    const size_t nodes = graph.ptr.size() - 1;
    for (size_t x = 0; x < nodes; ++x)
      degree_.push_back(static_cast<int32_t>(graph.ptr[x + 1] - graph.ptr[x]));
    const int32_t largest = nodes == 0 ? 0 : *std::max_element(degree_.begin(), degree_.end());
    begin_.assign(static_cast<size_t>(largest) + 2, 0);
    for (const int32_t degree : degree_) ++begin_[static_cast<size_t>(degree) + 1];
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    order_.resize(nodes);
    place_.resize(nodes);
    std::vector<size_t> next = begin_;
    for (size_t x = 0; x < nodes; ++x) put(x, next[static_cast<size_t>(degree_[x])]++);
  }

  size_t operator[](size_t place) const { return order_[place]; }
  int32_t degree(size_t node) const { return degree_[node]; }
  // Swaps the node with the first of its degree, where the nodes of the degree below then end.
  void lower(size_t node) {
    size_t& first = begin_[static_cast<size_t>(degree_[node])];
    const size_t other = order_[first], place = place_[node];
    put(node, first);
    put(other, place);
    ++first;
    --degree_[node];
  }
  std::vector<int32_t> take_degrees() && { return std::move(degree_); }

 private:
  void put(size_t node, size_t place) {
    order_[place] = node;
    place_[node] = place;
  }
  std::vector<int32_t> degree_;
  std::vector<size_t> order_, place_;  // nodes by degree, and where each stands
  std::vector<size_t> begin_;          // [degree]: of the nodes of that degree in the order
};

}  // namespace

std::vector<int32_t> core_numbers(const View& view) {
  view.verify();
  const Simple graph(view);
  ByDegree nodes(graph);
  for (size_t place = 0; place + 1 < graph.ptr.size(); ++place) {
    const size_t node = nodes[place];
    for (int64_t i = graph.ptr[node]; i < graph.ptr[node + 1]; ++i) {
      const auto neighbour = static_cast<size_t>(graph.neighbours[static_cast<size_t>(i)]);
      if (nodes.degree(neighbour) > nodes.degree(node)) nodes.lower(neighbour);
    }
  }
  return std::move(nodes).take_degrees();
}

}  // namespace saggio::graph
