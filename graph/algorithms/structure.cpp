// SPDX-License-Identifier: MIT
#include "graph/algorithms/structure.h"

#include <algorithm>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

#include "graph/view/boost_graph.h"

namespace saggio::graph {
namespace {

// Thrown to leave a search that has found what it was for.
struct Found {};

// Writes down nodes as they are finished; throws Found when an edge leads back to a node that the
// search is still in, with the edges of that cycle. Boost copies visitors, so it borrows its state.
class FindOrder : public boost::dfs_visitor<> {
 public:
  FindOrder(std::vector<ViewEdge>& via, TopologicalOrder& result) : via_(&via), result_(&result) {}

  void tree_edge(const ViewEdge& edge, const View&) {
    (*via_)[static_cast<size_t>(edge.target)] = edge;
  }
  void finish_vertex(NodeIndex node, const View&) { result_->order.push_back(node); }
  void back_edge(const ViewEdge& closing, const View&) {
    std::vector<EdgeIndex>& cycle = result_->cycle;
    cycle.push_back(closing.index);
    for (NodeIndex node = closing.source; node != closing.target;) {
      const ViewEdge& edge = (*via_)[static_cast<size_t>(node)];
      cycle.push_back(edge.index);
      node = edge.source;
    }
    std::reverse(cycle.begin(), cycle.end());
    throw Found();
  }

 private:
  std::vector<ViewEdge>* via_;
  TopologicalOrder* result_;
};

}  // namespace

std::vector<NodeIndex> strong_components(const View& view) {
  view.verify();
  std::vector<NodeIndex> component(static_cast<size_t>(view.nodes()));
  const auto count = boost::strong_components(
      view, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, view)));
  std::vector<NodeIndex> smallest(static_cast<size_t>(count), -1);
  for (NodeIndex node = 0; node < view.nodes(); ++node) {
    NodeIndex& label = component[static_cast<size_t>(node)];
    NodeIndex& first = smallest[static_cast<size_t>(label)];
    if (first < 0) first = node;
    label = first;
  }
  return component;
}

TopologicalOrder topological_order(const View& view) {
  view.verify();
  TopologicalOrder result;
  std::vector<ViewEdge> via(static_cast<size_t>(view.nodes()));
  try {
    boost::depth_first_search(view, boost::visitor(FindOrder(via, result)));
    std::reverse(result.order.begin(), result.order.end());
  } catch (const Found&) {
    result.order.clear();
  }
  return result;
}

}  // namespace saggio::graph
