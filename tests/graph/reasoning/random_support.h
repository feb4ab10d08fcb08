// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "graph/reasoning/proof.h"
#include "results/random.h"

// Small AND/OR graphs with everything that they may have in them (circles, own reasons, parallel
// edges, barred nodes, steps without premises), and oracles that follow the definitions word by word,
// whatever that costs. Costs are whole bits, so that sums of them are exact and ties happen.
namespace saggio::graph {

inline constexpr uint64_t kRandomGraphs = 10'000;

inline SupportGraph random_support(uint64_t seed, bool steps = true, NodeIndex most_nodes = 6) {
  results::Stream stream(seed);
  const auto below = [&](uint64_t bound) { return stream.below(bound); };
  SupportGraph graph;
  const auto nodes = static_cast<NodeIndex>(1 + below(static_cast<uint64_t>(most_nodes)));
  for (NodeIndex x = 0; x < nodes; ++x) {
    graph.ids.push_back(static_cast<NodeId>(3 * x));
    const uint64_t kind = below(steps ? 8 : 5);
    graph.needs.push_back(kind < 2 ? Need::Given : kind < 5 ? Need::One : Need::All);
    graph.barred.push_back(below(12) == 0);
    graph.given_cost.push_back(kind < 2 ? static_cast<double>(below(3)) : 0);
  }
  const uint64_t edges = below(static_cast<uint64_t>(3 * nodes + 3));
  const auto node = [&] { return static_cast<NodeIndex>(below(static_cast<uint64_t>(nodes))); };
  for (uint64_t edge = 0; edge < edges; ++edge) {
    graph.user.push_back(node());
    graph.reasons.push_back({node(), edge, static_cast<double>(below(4))});
  }
  for (uint64_t i = below(3); i > 0; --i) graph.contradictions.push_back({node(), node(), 100 + i});
  finish(graph);
  return graph;
}

// The node with the most reasons, the first of them: the one with the most proofs, mostly.
inline NodeIndex most_argued(const SupportGraph& graph) {
  NodeIndex most = 0;
  for (NodeIndex x = 1; x < graph.nodes(); ++x)
    if (graph.of(x).size() > graph.of(most).size()) most = x;
  return most;
}

// Nodes as bits.
using Set = uint32_t;
inline bool has(Set set, NodeIndex x) { return (set >> x) & 1; }
inline Set bit(NodeIndex x) { return Set{1} << x; }
inline Set set_of(std::span<const NodeIndex> nodes) {
  Set set = 0;
  for (const NodeIndex x : nodes) set |= bit(x);
  return set;
}

// Whether FORMAT.md 4 asks for a node to be live if those of `set` are.
inline bool asks_for(const SupportGraph& graph, Set set, NodeIndex x, Set without) {
  if (graph.barred[static_cast<size_t>(x)] || has(without, x)) return false;
  const auto reasons = graph.of(x);
  const auto holds = [&](const Reason& reason) { return has(set, reason.node); };
  switch (graph.needs[static_cast<size_t>(x)]) {
    case Need::Given:
      return true;
    case Need::All:
      return !reasons.empty() && std::all_of(reasons.begin(), reasons.end(), holds);
    case Need::One:
      return std::any_of(reasons.begin(), reasons.end(), holds);
  }
  return false;
}

// What all sets have in common that hold everything that they ask for: the smallest such set.
inline Set live_by_definition(const SupportGraph& graph, Set without = 0) {
  Set common = ~Set{0};
  for (Set set = 0; set < bit(graph.nodes()); ++set) {
    bool closed = true;
    for (NodeIndex x = 0; x < graph.nodes() && closed; ++x)
      closed = has(set, x) || !asks_for(graph, set, x, without);
    if (closed) common &= set;
  }
  return common & (bit(graph.nodes()) - 1);
}

// One proof, as what each node in it that needs One takes.
struct PlainProof {
  double cost = 0;
  int32_t height = 0;
  std::vector<ReasonIndex> choices;  // [N] -1: the node is not in it, or takes none
  bool operator<(const PlainProof& other) const {
    return std::tie(cost, height) < std::tie(other.cost, other.height);
  }
};

// Cost and height of what a choice unfolds to; nullopt: it is no proof.
inline std::optional<std::pair<double, int32_t>> unfolded(const SupportGraph& graph,
                                                          const std::vector<ReasonIndex>& choices,
                                                          NodeIndex x,
                                                          Set above = 0) {
  const auto at = static_cast<size_t>(x);
  if (graph.barred[at] || has(above, x)) return std::nullopt;
  if (graph.needs[at] == Need::Given) return {{graph.given_cost[at], 0}};
  std::vector<Reason> taken;
  if (graph.needs[at] == Need::All)
    taken.assign(graph.of(x).begin(), graph.of(x).end());
  else if (choices[at] >= 0)
    taken.push_back(graph.reasons[static_cast<size_t>(choices[at])]);
  if (taken.empty()) return std::nullopt;
  std::pair<double, int32_t> sum{0, 0};
  for (const Reason& reason : taken) {
    const auto below = unfolded(graph, choices, reason.node, above | bit(x));
    if (!below) return std::nullopt;
    sum.first += reason.cost + below->first;
    sum.second = std::max(sum.second, below->second + 1);
  }
  return sum;
}

inline Set used(const SupportGraph& graph,
                const std::vector<ReasonIndex>& choices,
                NodeIndex root) {
  Set set = 0;
  const std::function<void(NodeIndex)> visit = [&](NodeIndex x) {
    if (has(set, x)) return;
    set |= bit(x);
    const auto at = static_cast<size_t>(x);
    if (graph.needs[at] == Need::All)
      for (const Reason& reason : graph.of(x)) visit(reason.node);
    if (graph.needs[at] == Need::One && choices[at] >= 0)
      visit(graph.reasons[static_cast<size_t>(choices[at])].node);
  };
  visit(root);
  return set;
}

// Every proof of a node, best first: each combination of choices is tried.
inline std::vector<PlainProof> all_proofs(const SupportGraph& graph, NodeIndex root) {
  std::set<std::vector<ReasonIndex>> seen;
  std::vector<PlainProof> proofs;
  std::vector<ReasonIndex> choices(graph.ids.size(), -1);
  const std::function<void(NodeIndex)> choose = [&](NodeIndex x) {
    if (x < graph.nodes()) {
      const auto at = static_cast<size_t>(x);
      if (graph.needs[at] != Need::One || graph.of(x).empty()) return choose(x + 1);
      for (ReasonIndex i = graph.ptr[at]; i < graph.ptr[at + 1]; ++i) {
        choices[at] = i;
        choose(x + 1);
      }
      return;
    }
    const auto value = unfolded(graph, choices, root);
    if (!value) return;
    PlainProof proof{value->first, value->second, choices};
    const Set in = used(graph, choices, root);
    for (NodeIndex y = 0; y < graph.nodes(); ++y)
      if (!has(in, y)) proof.choices[static_cast<size_t>(y)] = -1;
    if (seen.insert(proof.choices).second) proofs.push_back(std::move(proof));
  };
  choose(0);
  std::stable_sort(proofs.begin(), proofs.end());
  return proofs;
}

// The graph in one line, for messages.
inline std::string described(const SupportGraph& graph) {
  std::string text;
  for (NodeIndex x = 0; x < graph.nodes(); ++x) {
    const auto at = static_cast<size_t>(x);
    text += std::to_string(x) + (graph.barred[at] ? "!" : "") +
            (graph.needs[at] == Need::Given ? "given"
             : graph.needs[at] == Need::All ? "all("
                                            : "one(");
    for (const Reason& reason : graph.of(x))
      text +=
          std::to_string(reason.node) + ":" + std::to_string(static_cast<int>(reason.cost)) + " ";
    text += "); ";
  }
  return text;
}

}  // namespace saggio::graph
