// SPDX-License-Identifier: MIT
#pragma once

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_adaptor.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <utility>

#include "graph/view/view.h"

// A View as a graph of Boost.Graph: VertexListGraph, EdgeListGraph, IncidenceGraph,
// BidirectionalGraph and AdjacencyGraph, directed, with parallel edges. Nothing is copied: vertices
// are NodeIndex, an edge knows its EdgeIndex. Iterators borrow the View's arrays and do not verify:
// view.verify() comes first. Include this in a .cpp, where the algorithm is called.
namespace saggio::graph {

struct ViewEdge {
  NodeIndex source = -1, target = -1;
  EdgeIndex index = -1;
  bool operator==(const ViewEdge& other) const { return index == other.index; }
  bool operator!=(const ViewEdge& other) const { return index != other.index; }
  bool operator<(const ViewEdge& other) const { return index < other.index; }
};

// Edges out of one node.
class OutEdgeIterator : public boost::iterator_facade<OutEdgeIterator,
                                                      ViewEdge,
                                                      boost::random_access_traversal_tag,
                                                      ViewEdge,
                                                      int64_t> {
 public:
  OutEdgeIterator() = default;
  OutEdgeIterator(const NodeIndex* targets, NodeIndex source, int64_t at)
      : targets_(targets), source_(source), at_(at) {}

 private:
  friend class boost::iterator_core_access;
  ViewEdge dereference() const { return {source_, targets_[at_], static_cast<EdgeIndex>(at_)}; }
  bool equal(const OutEdgeIterator& other) const { return at_ == other.at_; }
  void increment() { ++at_; }
  void decrement() { --at_; }
  void advance(int64_t n) { at_ += n; }
  int64_t distance_to(const OutEdgeIterator& other) const { return other.at_ - at_; }

  const NodeIndex* targets_ = nullptr;
  NodeIndex source_ = -1;
  int64_t at_ = 0;
};

// Edges into one node.
class InEdgeIterator : public boost::iterator_facade<InEdgeIterator,
                                                     ViewEdge,
                                                     boost::random_access_traversal_tag,
                                                     ViewEdge,
                                                     int64_t> {
 public:
  InEdgeIterator() = default;
  InEdgeIterator(const NodeIndex* sources, const EdgeIndex* edges, NodeIndex target, int64_t at)
      : sources_(sources), edges_(edges), target_(target), at_(at) {}

 private:
  friend class boost::iterator_core_access;
  ViewEdge dereference() const { return {sources_[at_], target_, edges_[at_]}; }
  bool equal(const InEdgeIterator& other) const { return at_ == other.at_; }
  void increment() { ++at_; }
  void decrement() { --at_; }
  void advance(int64_t n) { at_ += n; }
  int64_t distance_to(const InEdgeIterator& other) const { return other.at_ - at_; }

  const NodeIndex* sources_ = nullptr;
  const EdgeIndex* edges_ = nullptr;
  NodeIndex target_ = -1;
  int64_t at_ = 0;
};

// All edges, ascending; the source is followed along.
class EdgeIterator
    : public boost::
          iterator_facade<EdgeIterator, ViewEdge, boost::forward_traversal_tag, ViewEdge, int64_t> {
 public:
  EdgeIterator() = default;
  EdgeIterator(const int64_t* out_ptr, const NodeIndex* targets, int64_t at, int64_t edges)
      : out_ptr_(out_ptr), targets_(targets), at_(at), edges_(edges) {
    skip_ended_rows();
  }

 private:
  friend class boost::iterator_core_access;
  ViewEdge dereference() const { return {source_, targets_[at_], static_cast<EdgeIndex>(at_)}; }
  bool equal(const EdgeIterator& other) const { return at_ == other.at_; }
  void increment() {
    ++at_;
    skip_ended_rows();
  }
  void skip_ended_rows() {
    if (at_ < edges_)
      while (out_ptr_[source_ + 1] <= at_) ++source_;
  }

  const int64_t* out_ptr_ = nullptr;
  const NodeIndex* targets_ = nullptr;
  NodeIndex source_ = 0;
  int64_t at_ = 0, edges_ = 0;
};

// Ends of edges, for AdjacencyGraph.
class AdjacencyIterator : public boost::iterator_adaptor<AdjacencyIterator, const NodeIndex*> {
 public:
  AdjacencyIterator() : iterator_adaptor_(nullptr) {}
  explicit AdjacencyIterator(const NodeIndex* at) : iterator_adaptor_(at) {}
};

struct ViewCategory : boost::bidirectional_graph_tag,
                      boost::vertex_list_graph_tag,
                      boost::edge_list_graph_tag,
                      boost::adjacency_graph_tag {};

}  // namespace saggio::graph

// NOLINTBEGIN(readability-identifier-naming): the names that Boost.Graph asks for
template <>
struct boost::graph_traits<saggio::graph::View> {
  using vertex_descriptor = saggio::graph::NodeIndex;
  using edge_descriptor = saggio::graph::ViewEdge;
  using directed_category = boost::bidirectional_tag;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  using traversal_category = saggio::graph::ViewCategory;
  using vertices_size_type = uint32_t;
  using edges_size_type = uint32_t;
  using degree_size_type = uint32_t;
  using vertex_iterator = boost::counting_iterator<saggio::graph::NodeIndex>;
  using out_edge_iterator = saggio::graph::OutEdgeIterator;
  using in_edge_iterator = saggio::graph::InEdgeIterator;
  using edge_iterator = saggio::graph::EdgeIterator;
  using adjacency_iterator = saggio::graph::AdjacencyIterator;
  static vertex_descriptor null_vertex() { return -1; }
};
template <>  // some algorithms deduce it with const
struct boost::graph_traits<const saggio::graph::View> : boost::graph_traits<saggio::graph::View> {};

template <>
struct boost::property_map<saggio::graph::View, boost::vertex_index_t> {
  using type = boost::typed_identity_property_map<saggio::graph::NodeIndex>;
  using const_type = type;
};

template <>
struct boost::property_map<saggio::graph::View, boost::edge_index_t> {
  struct const_type {
    using key_type = saggio::graph::ViewEdge;
    using value_type = saggio::graph::EdgeIndex;
    using reference = value_type;
    using category = boost::readable_property_map_tag;
    friend value_type get(const_type, const key_type& edge) { return edge.index; }
  };
  using type = const_type;
};
// NOLINTEND(readability-identifier-naming)

namespace saggio::graph {

using ViewTraits = boost::graph_traits<View>;

inline std::pair<ViewTraits::vertex_iterator, ViewTraits::vertex_iterator> vertices(
    const View& view) {
  return {ViewTraits::vertex_iterator(0), ViewTraits::vertex_iterator(view.nodes())};
}
inline uint32_t num_vertices(const View& view) { return static_cast<uint32_t>(view.nodes()); }
inline uint32_t num_edges(const View& view) { return static_cast<uint32_t>(view.edges()); }

inline NodeIndex source(const ViewEdge& edge, const View&) { return edge.source; }
inline NodeIndex target(const ViewEdge& edge, const View&) { return edge.target; }

inline std::pair<EdgeIterator, EdgeIterator> edges(const View& view) {
  const ViewArrays& arrays = view.arrays();
  const auto at = [&](int64_t edge) {
    return EdgeIterator(arrays.out_ptr.data(), arrays.out_target.data(), edge, view.edges());
  };
  return {at(0), at(view.edges())};
}

inline std::pair<OutEdgeIterator, OutEdgeIterator> out_edges(NodeIndex node, const View& view) {
  const ViewArrays& arrays = view.arrays();
  const int64_t* row = &arrays.out_ptr[static_cast<size_t>(node)];
  return {OutEdgeIterator(arrays.out_target.data(), node, row[0]),
          OutEdgeIterator(arrays.out_target.data(), node, row[1])};
}
inline uint32_t out_degree(NodeIndex node, const View& view) {
  const int64_t* row = &view.arrays().out_ptr[static_cast<size_t>(node)];
  return static_cast<uint32_t>(row[1] - row[0]);
}

inline std::pair<InEdgeIterator, InEdgeIterator> in_edges(NodeIndex node, const View& view) {
  const ViewArrays& arrays = view.arrays();
  const int64_t* row = &arrays.in_ptr[static_cast<size_t>(node)];
  return {InEdgeIterator(arrays.in_source.data(), arrays.in_edge.data(), node, row[0]),
          InEdgeIterator(arrays.in_source.data(), arrays.in_edge.data(), node, row[1])};
}
inline uint32_t in_degree(NodeIndex node, const View& view) {
  const int64_t* row = &view.arrays().in_ptr[static_cast<size_t>(node)];
  return static_cast<uint32_t>(row[1] - row[0]);
}
inline uint32_t degree(NodeIndex node, const View& view) {
  return out_degree(node, view) + in_degree(node, view);
}

inline std::pair<AdjacencyIterator, AdjacencyIterator> adjacent_vertices(NodeIndex node,
                                                                         const View& view) {
  const ViewArrays& arrays = view.arrays();
  const int64_t* row = &arrays.out_ptr[static_cast<size_t>(node)];
  return {AdjacencyIterator(arrays.out_target.data() + row[0]),
          AdjacencyIterator(arrays.out_target.data() + row[1])};
}

inline boost::property_map<View, boost::vertex_index_t>::const_type get(boost::vertex_index_t,
                                                                        const View&) {
  return {};
}
inline NodeIndex get(boost::vertex_index_t, const View&, NodeIndex node) { return node; }
inline boost::property_map<View, boost::edge_index_t>::const_type get(boost::edge_index_t,
                                                                      const View&) {
  return {};
}
inline EdgeIndex get(boost::edge_index_t, const View&, const ViewEdge& edge) { return edge.index; }

}  // namespace saggio::graph
