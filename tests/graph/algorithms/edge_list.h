// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "graph/view/view.h"
#include "results/random.h"

// Graphs for the tests of the algorithms: lists of arcs, Views of them without a store, and a
// collection of shapes that algorithms get wrong.
namespace saggio::graph {

struct Arc {
  NodeIndex source, target;
  float weight = 1;
  bool operator<(const Arc& other) const {
    return std::tie(source, target, weight) < std::tie(other.source, other.target, other.weight);
  }
};

struct EdgeList {
  std::string name;
  NodeIndex nodes = 0;
  std::vector<Arc> arcs;  // sorted: arc i is edge i of the View
};

// Node ids are twice the indices, edge ids the indices; columns of attributes are left empty, as
// those of a View are in which every value is the default.
inline View view_of(const EdgeList& list, std::shared_ptr<BytesCheck> check = nullptr) {
  struct Own {
    std::vector<NodeId> node_ids;
    std::vector<uint8_t> node_kinds;
    std::vector<int64_t> out_ptr, in_ptr;
    std::vector<NodeIndex> out_target, in_source;
    std::vector<EdgeIndex> in_edge;
    std::vector<uint32_t> edge_ids;
    std::vector<TypeId> types;
    std::vector<float> weights;
  };
  auto own = std::make_shared<Own>();
  const auto nodes = static_cast<size_t>(list.nodes);
  own->out_ptr.assign(nodes + 1, 0);
  own->in_ptr.assign(nodes + 1, 0);
  for (size_t x = 0; x < nodes; ++x) own->node_ids.push_back(2 * x);
  own->node_kinds.resize(nodes);
  for (const Arc& arc : list.arcs) {
    ++own->out_ptr[static_cast<size_t>(arc.source) + 1];
    ++own->in_ptr[static_cast<size_t>(arc.target) + 1];
    own->edge_ids.push_back(static_cast<uint32_t>(own->edge_ids.size()));
    own->out_target.push_back(arc.target);
  }
  for (size_t x = 0; x < nodes; ++x) {
    own->out_ptr[x + 1] += own->out_ptr[x];
    own->in_ptr[x + 1] += own->in_ptr[x];
  }
  own->types.resize(list.arcs.size());
  own->in_source.resize(list.arcs.size());
  own->in_edge.resize(list.arcs.size());
  std::vector<int64_t> next = own->in_ptr;
  for (size_t i = 0; i < list.arcs.size(); ++i) {
    const auto at = static_cast<size_t>(next[static_cast<size_t>(list.arcs[i].target)]++);
    own->in_source[at] = list.arcs[i].source;
    own->in_edge[at] = static_cast<EdgeIndex>(i);
  }
  ViewArrays arrays;
  arrays.node_ids = own->node_ids;
  arrays.node_kinds = own->node_kinds;
  arrays.out_ptr = own->out_ptr;
  arrays.out_target = own->out_target;
  arrays.edge_ids = own->edge_ids;
  arrays.edge_types = own->types;
  arrays.in_ptr = own->in_ptr;
  arrays.in_source = own->in_source;
  arrays.in_edge = own->in_edge;
  return View({}, arrays, std::move(own), std::move(check));
}

inline EdgeList edge_list(std::string name, NodeIndex nodes, std::vector<Arc> arcs) {
  std::sort(arcs.begin(), arcs.end());
  return {std::move(name), nodes, std::move(arcs)};
}

inline std::vector<float> weights_of(const EdgeList& list) {
  std::vector<float> weights;
  for (const Arc& arc : list.arcs) weights.push_back(arc.weight);
  return weights;
}

// Arcs with both ends drawn alike: self-loops and parallel arcs among them. Weights are eighths, so
// that sums of them are exact and ties happen.
inline EdgeList random_graph(uint64_t seed, NodeIndex nodes, int64_t arcs) {
  results::Stream stream(seed);
  std::vector<Arc> drawn;
  const auto node = [&] {
    return static_cast<NodeIndex>(stream.below(static_cast<uint64_t>(nodes)));
  };
  for (int64_t i = 0; i < arcs; ++i) {
    const NodeIndex source = node(), target = node();
    drawn.push_back({source, target, static_cast<float>(1 + stream.below(16)) / 8});
  }
  return edge_list("random " + std::to_string(seed), nodes, std::move(drawn));
}

// R-MAT with Graph500's initiator (0.57, 0.19, 0.19, 0.05), nodes renumbered at random, each edge in
// both directions, none twice and no self-loops: `edge_factor` edges for each of the 2^scale nodes
// are drawn.
inline EdgeList kronecker(int scale, int64_t edge_factor, uint64_t seed = 1) {
  results::Stream stream(seed);
  const NodeIndex nodes = NodeIndex{1} << scale;
  std::vector<NodeIndex> number(static_cast<size_t>(nodes));
  for (NodeIndex x = 0; x < nodes; ++x) number[static_cast<size_t>(x)] = x;
  stream.shuffle(std::span(number));
  std::vector<Arc> arcs;
  for (int64_t i = 0; i < edge_factor * nodes; ++i) {
    size_t source = 0, target = 0;
    for (int bit = 0; bit < scale; ++bit) {
      const double draw = stream.uniform();
      source = 2 * source + (draw >= 0.76);
      target = 2 * target + ((draw >= 0.57 && draw < 0.76) || draw >= 0.95);
    }
    if (source == target) continue;
    arcs.push_back({number[source], number[target]});
    arcs.push_back({number[target], number[source]});
  }
  EdgeList list = edge_list("kronecker " + std::to_string(scale), nodes, std::move(arcs));
  const auto same = [](const Arc& a, const Arc& b) {
    return a.source == b.source && a.target == b.target;
  };
  list.arcs.erase(std::unique(list.arcs.begin(), list.arcs.end(), same), list.arcs.end());
  return list;
}

inline std::vector<EdgeList> test_graphs() {
  std::vector<EdgeList> graphs{
      edge_list("empty", 0, {}),
      edge_list("one node", 1, {}),
      edge_list("isolated nodes", 70, {{3, 69}, {69, 3}}),
      edge_list("self-loops", 3, {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {2, 2}}),
      edge_list("parallel", 3, {{0, 1, .5f}, {0, 1, .5f}, {0, 1, 2}, {1, 0}, {1, 2}, {1, 2}}),
      kronecker(8, 16),
  };
  EdgeList out{"star out", 200, {}}, in{"star in", 200, {}}, path{"path", 1000, {}};
  for (NodeIndex x = 1; x < 200; ++x) out.arcs.push_back({0, x});
  for (NodeIndex x = 1; x < 200; ++x) in.arcs.push_back({x, 0});
  for (NodeIndex x = 1; x < 1000; ++x) path.arcs.push_back({x - 1, x});
  EdgeList cycle = path;
  cycle.name = "cycle";
  cycle.arcs.push_back({999, 0});
  graphs.insert(graphs.end(), {out, in, path, cycle});
  for (uint64_t seed = 0; seed < 6; ++seed) {
    graphs.push_back(random_graph(seed, 30, 25));
    graphs.push_back(random_graph(seed + 10, 60, 150));
    graphs.push_back(random_graph(seed + 20, 150, 3000));
  }
  return graphs;
}

// (neighbour, edge) of every step from each node, self-loops twice when walked either way.
inline std::vector<std::vector<std::pair<NodeIndex, EdgeIndex>>> plain_steps(const EdgeList& list,
                                                                             bool out,
                                                                             bool in) {
  std::vector<std::vector<std::pair<NodeIndex, EdgeIndex>>> steps(static_cast<size_t>(list.nodes));
  for (size_t i = 0; i < list.arcs.size(); ++i) {
    const Arc& arc = list.arcs[i];
    const auto edge = static_cast<EdgeIndex>(i);
    if (out) steps[static_cast<size_t>(arc.source)].emplace_back(arc.target, edge);
    if (in) steps[static_cast<size_t>(arc.target)].emplace_back(arc.source, edge);
  }
  return steps;
}

}  // namespace saggio::graph
