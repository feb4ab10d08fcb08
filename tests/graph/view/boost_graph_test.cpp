// SPDX-License-Identifier: MIT
#include "graph/view/boost_graph.h"

#include <gtest/gtest.h>

#include <boost/concept/assert.hpp>
#include <boost/graph/graph_concepts.hpp>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<View>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<View>));
BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<View>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<View>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<View>));
BOOST_CONCEPT_ASSERT((boost::ReadablePropertyGraphConcept<View, NodeIndex, boost::vertex_index_t>));
BOOST_CONCEPT_ASSERT((boost::ReadablePropertyGraphConcept<View, ViewEdge, boost::edge_index_t>));

using Ends = std::tuple<NodeIndex, NodeIndex, EdgeIndex>;

template <typename Range>
std::vector<Ends> list(const Range& range, const View& view) {
  std::vector<Ends> ends;
  for (auto edge = range.first; edge != range.second; ++edge)
    ends.emplace_back(
        source(*edge, view), target(*edge, view), get(boost::edge_index, view, *edge));
  return ends;
}

TEST(BoostGraph, IteratesOverWhatTheViewHolds) {
  for (const EdgeList& graph : test_graphs()) {
    const View view = view_of(graph);
    std::vector<Ends> all;
    for (size_t i = 0; i < graph.arcs.size(); ++i)
      all.emplace_back(graph.arcs[i].source, graph.arcs[i].target, static_cast<EdgeIndex>(i));
    EXPECT_EQ(list(edges(view), view), all) << graph.name;
    EXPECT_EQ(num_edges(view), all.size());
    EXPECT_EQ(num_vertices(view), static_cast<uint32_t>(graph.nodes));

    const auto [first, last] = vertices(view);
    EXPECT_EQ(std::distance(first, last), graph.nodes);
    for (auto x = first; x != last; ++x) {
      std::vector<Ends> out, in;
      std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const Ends& edge) {
        return std::get<0>(edge) == *x;
      });
      std::copy_if(all.begin(), all.end(), std::back_inserter(in), [&](const Ends& edge) {
        return std::get<1>(edge) == *x;
      });
      ASSERT_EQ(list(out_edges(*x, view), view), out) << graph.name;
      ASSERT_EQ(list(in_edges(*x, view), view), in) << graph.name;
      ASSERT_EQ(out_degree(*x, view), out.size());
      ASSERT_EQ(in_degree(*x, view), in.size());
      ASSERT_EQ(degree(*x, view), out.size() + in.size());
      const auto neighbours = adjacent_vertices(*x, view);
      ASSERT_TRUE(
          std::equal(neighbours.first,
                     neighbours.second,
                     out.begin(),
                     out.end(),
                     [](NodeIndex node, const Ends& edge) { return node == std::get<1>(edge); }));
    }
  }
}

}  // namespace
}  // namespace saggio::graph
