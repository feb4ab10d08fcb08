// SPDX-License-Identifier: MIT
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12, of Boost's optional iterators
#endif

#include "graph/algorithms/min_cut.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace saggio::graph {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
struct FlowEdge {
  double capacity = 0, residual = 0;
  Traits::edge_descriptor reverse;
};
struct FlowNode {
  Traits::edge_descriptor predecessor;
  boost::default_color_type color = boost::white_color;
  int64_t distance = 0;
};
using Network =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, FlowNode, FlowEdge>;

void check(NodeIndex nodes, std::span<const FlowArc> arcs, NodeIndex source, NodeIndex target) {
  const auto is_node = [&](NodeIndex x) { return x >= 0 && x < nodes; };
  const auto refuse = [](const std::string& what) { throw std::invalid_argument(what); };
  if (!is_node(source) || !is_node(target) || source == target)
    refuse("a cut between nodes " + std::to_string(source) + " and " + std::to_string(target) +
           ", allowed are two different ones of 0.." + std::to_string(nodes - 1));
  for (size_t i = 0; i < arcs.size(); ++i) {
    if (!is_node(arcs[i].source) || !is_node(arcs[i].target))
      refuse("arc " + std::to_string(i) + " joins " + std::to_string(arcs[i].source) + " and " +
             std::to_string(arcs[i].target) + ", allowed are nodes 0.." +
             std::to_string(nodes - 1));
    if (!(arcs[i].capacity >= 0))
      refuse("capacity of arc " + std::to_string(i) + " = " + std::to_string(arcs[i].capacity) +
             ", allowed are numbers >= 0");
  }
}

// Above what all finite arcs together carry: it stands for infinity in sums and differences.
double more_than_all(std::span<const FlowArc> arcs) {
  double sum = 1;
  for (const FlowArc& arc : arcs)
    if (std::isfinite(arc.capacity)) sum += arc.capacity;
  return sum;
}

Network network_of(NodeIndex nodes, std::span<const FlowArc> arcs) {
  Network network(static_cast<size_t>(nodes));
  const double plenty = more_than_all(arcs);
  for (const FlowArc& arc : arcs) {
    if (arc.source == arc.target) continue;
    const auto source = static_cast<size_t>(arc.source), target = static_cast<size_t>(arc.target);
    const auto there = boost::add_edge(source, target, network).first;
    const auto back = boost::add_edge(target, source, network).first;
    network[there].capacity = std::isfinite(arc.capacity) ? arc.capacity : plenty;
    network[there].reverse = back;
    network[back].reverse = there;
  }
  return network;
}

// What the source reaches through arcs that could carry more.
std::vector<uint8_t> source_side(const Network& network, NodeIndex source) {
  std::vector<uint8_t> side(boost::num_vertices(network));
  std::vector<size_t> open{static_cast<size_t>(source)};
  side[open.front()] = 1;
  while (!open.empty()) {
    const size_t x = open.back();
    open.pop_back();
    const auto [begin, end] = boost::out_edges(x, network);
    for (auto edge = begin; edge != end; ++edge) {
      const size_t y = boost::target(*edge, network);
      if (side[y] || !(network[*edge].residual > 0)) continue;
      side[y] = 1;
      open.push_back(y);
    }
  }
  return side;
}

}  // namespace

MinCut min_cut(NodeIndex nodes, std::span<const FlowArc> arcs, NodeIndex source, NodeIndex target) {
  check(nodes, arcs, source, target);
  Network network = network_of(nodes, arcs);
  boost::boykov_kolmogorov_max_flow(network,
                                    boost::get(&FlowEdge::capacity, network),
                                    boost::get(&FlowEdge::residual, network),
                                    boost::get(&FlowEdge::reverse, network),
                                    boost::get(&FlowNode::predecessor, network),
                                    boost::get(&FlowNode::color, network),
                                    boost::get(&FlowNode::distance, network),
                                    boost::get(boost::vertex_index, network),
                                    static_cast<size_t>(source),
                                    static_cast<size_t>(target));
  MinCut cut;
  cut.side = source_side(network, source);
  for (size_t i = 0; i < arcs.size(); ++i) {
    if (!cut.side[static_cast<size_t>(arcs[i].source)] ||
        cut.side[static_cast<size_t>(arcs[i].target)])
      continue;
    cut.capacity += arcs[i].capacity;
    cut.arcs.push_back(i);
  }
  if (std::isfinite(cut.capacity)) return cut;
  return {kInfinite, {}, std::move(cut.side)};
}

MinCut min_cut(const View& view,
               NodeIndex source,
               NodeIndex target,
               std::span<const float> capacities) {
  view.verify();
  check_column(capacities, view.edges(), "capacities");
  std::vector<FlowArc> arcs;
  arcs.reserve(static_cast<size_t>(view.edges()));
  for (NodeIndex x = 0; x < view.nodes(); ++x)
    for (const NodeIndex y : out_rows(view)[x])
      arcs.push_back({x, y, capacities.empty() ? 1 : capacities[arcs.size()]});
  return min_cut(view.nodes(), arcs, source, target);
}

}  // namespace saggio::graph
