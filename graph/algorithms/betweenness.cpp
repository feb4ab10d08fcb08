// SPDX-License-Identifier: MIT
#include "graph/algorithms/betweenness.h"

#include <boost/graph/betweenness_centrality.hpp>

#include "graph/view/boost_graph.h"

namespace saggio::graph {

std::vector<double> betweenness(const View& view) {
  view.verify();
  std::vector<double> centrality(static_cast<size_t>(view.nodes()));
  boost::brandes_betweenness_centrality(
      view, boost::make_iterator_property_map(centrality.begin(), get(boost::vertex_index, view)));
  return centrality;
}

}  // namespace saggio::graph
