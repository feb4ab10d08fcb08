// SPDX-License-Identifier: MIT
// Reads graphs as JSON, one a line, and prints what our algorithms say of each, one a line, for
// graph_algorithms_peer.py.
//   {"nodes": N, "arcs": [[source, target, weight], ...] sorted, "restart": [N], "from": x, "to": y}
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "graph/algorithms/betweenness.h"
#include "graph/algorithms/bfs.h"
#include "graph/algorithms/components.h"
#include "graph/algorithms/dominators.h"
#include "graph/algorithms/groups.h"
#include "graph/algorithms/k_core.h"
#include "graph/algorithms/min_cut.h"
#include "graph/algorithms/page_rank.h"
#include "graph/algorithms/shortest_path.h"
#include "graph/algorithms/structure.h"
#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

using Json = nlohmann::json;

EdgeList list_of(const Json& question) {
  std::vector<Arc> arcs;
  for (const Json& arc : question.at("arcs")) arcs.push_back({arc[0], arc[1], arc[2]});
  return edge_list("", question.at("nodes"), arcs);
}

Json ranks(const View& view,
           const std::vector<float>& weights,
           const std::vector<double>& restart) {
  PageRankOptions options{.tolerance = 1e-14};
  Json answer;
  answer["plain"] = page_rank(view, options).ranks;
  options.weights = weights;
  answer["weighted"] = page_rank(view, options).ranks;
  options.restart = restart;
  answer["personal"] = page_rank(view, options).ranks;
  return answer;
}

Json paths(const View& view, NodeIndex from, NodeIndex to, const PathOptions& options) {
  const auto path = shortest_path(view, from, to, options);
  const ShortestPaths all = all_shortest_paths(view, from, to, 100000, options);
  return {{"one", path ? Json(*path) : Json()}, {"all", all.paths}, {"count", all.count}};
}

Json groups(const View& view, const std::vector<float>& weights) {
  const Groups found = louvain(view, {.weights = weights});
  return {{"group", found.group}, {"modularity", found.modularity}};
}

Json answer(const Json& question) {
  const EdgeList list = list_of(question);
  const View view = view_of(list);
  const std::vector<float> weights = weights_of(list);
  const NodeIndex from = question.at("from"), to = question.at("to");
  const std::array sources{from};
  const TopologicalOrder order = topological_order(view);
  return {{"out", bfs_depths(view, sources)},
          {"in", bfs_depths(view, sources, {.direction = Direction::In})},
          {"both", bfs_depths(view, sources, {.direction = Direction::Both})},
          {"ranks", ranks(view, weights, question.at("restart"))},
          {"weak", weak_components(view)},
          {"strong", strong_components(view)},
          {"cores", core_numbers(view)},
          {"dominators", immediate_dominators(view, from)},
          {"order", order.order},
          {"cycle", order.cycle},
          {"betweenness", betweenness(view)},
          {"groups", groups(view, weights)},
          {"cut", from == to ? Json() : Json(min_cut(view, from, to, weights).capacity)},
          {"by_count", paths(view, from, to, {})},
          {"by_length", paths(view, from, to, {.lengths = weights})}};
}

}  // namespace
}  // namespace saggio::graph

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << saggio::graph::answer(nlohmann::json::parse(line)).dump() << '\n';
}
