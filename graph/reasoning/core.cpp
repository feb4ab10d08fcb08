// SPDX-License-Identifier: MIT
#include "graph/reasoning/core.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "graph/reasoning/proof.h"

namespace saggio::graph {
namespace {

size_t at(NodeIndex x) { return static_cast<size_t>(x); }

// A node and all that may contradict it, with what lies below them.
struct Conflict {
  Cone cone;                      // its root is the node
  std::vector<Contradiction> by;  // source and target in the cone

  bool holds(std::span<const uint8_t> live) const {
    return live[at(cone.root)] && std::any_of(by.begin(), by.end(), [&](const Contradiction& one) {
             return live[at(one.source)] != 0;
           });
  }
};

// Of a node that is live, and of those of `by` that are.
Conflict conflict_of(const SupportGraph& graph,
                     std::span<const uint8_t> live,
                     NodeIndex node,
                     std::span<const Contradiction> by,
                     std::vector<NodeIndex>& place) {
  std::vector<NodeIndex> roots{node};
  for (const Contradiction& one : by)
    if (live[at(one.source)]) roots.push_back(one.source);
  Conflict conflict{cone_of(graph, live, roots, place), {}};
  const std::vector<NodeIndex>& nodes = conflict.cone.node;
  for (const Contradiction& one : by) {
    if (!live[at(one.source)]) continue;
    const auto found = std::lower_bound(nodes.begin(), nodes.end(), one.source);
    const auto source = static_cast<NodeIndex>(found - nodes.begin());
    conflict.by.push_back({source, conflict.cone.root, one.edge});
  }
  return conflict;
}

// The best proofs of both sides, as far as they do without some nodes.
struct Sides {
  Contradiction by;
  Proof node, against;
};
Sides sides_of(const Conflict& conflict, std::span<const uint8_t> without) {
  const SupportGraph& graph = conflict.cone.graph;
  const BestProofs best = best_proofs(graph, {.nodes = without});
  const auto rank = [&](const Contradiction& one) {
    const size_t source = at(one.source);
    return std::tuple(best.height[source] < 0, best.cost[source], one.edge);
  };
  const Contradiction by = *std::min_element(
      conflict.by.begin(), conflict.by.end(), [&](const Contradiction& a, const Contradiction& b) {
        return rank(a) < rank(b);
      });
  return {by, proof_from(graph, best, conflict.cone.root), proof_from(graph, best, by.source)};
}

// [N] 1: neither proof rests on that source.
std::vector<uint8_t> other_sources(const SupportGraph& graph, const Sides& sides) {
  std::vector<uint8_t> others;
  for (const Need need : graph.needs) others.push_back(need == Need::Given);
  for (const Proof* proof : {&sides.node, &sides.against})
    for (const ProofNode& part : proof->nodes) others[at(part.node)] = 0;
  return others;
}

// [N] 1: a source that is not needed, when those before it in this order are left out already.
std::vector<uint8_t> needless(const Conflict& conflict) {
  const SupportGraph& graph = conflict.cone.graph;
  std::vector<NodeIndex> sources;
  for (NodeIndex x = graph.nodes(); x-- > 0;)
    if (graph.needs[at(x)] == Need::Given) sources.push_back(x);
  std::stable_sort(sources.begin(), sources.end(), [&](NodeIndex a, NodeIndex b) {
    return graph.given_cost[at(a)] > graph.given_cost[at(b)];
  });
  std::vector<uint8_t> without(graph.ids.size());
  for (const NodeIndex x : sources) {
    without[at(x)] = 1;
    without[at(x)] = conflict.holds(live_support(graph, {.nodes = without}));
  }
  return without;
}

// Of a proof, as the edges of the graph that it was found in.
void add_edges(const SupportGraph& graph, const Proof& proof, std::vector<EdgeId>& edges) {
  for (const ProofNode& part : proof.nodes) {
    if (part.choice >= 0)
      edges.push_back(graph.reasons[static_cast<size_t>(part.choice)].edge);
    else if (graph.needs[at(part.node)] == Need::All)
      for (const Reason& premise : graph.of(part.node)) edges.push_back(premise.edge);
  }
}

uint64_t size_of(const Conflict& conflict) {
  return conflict.cone.graph.ids.size() + conflict.cone.graph.reasons.size();
}

// What needless() visits.
uint64_t visits_of(const Conflict& conflict) {
  const std::vector<Need>& needs = conflict.cone.graph.needs;
  const auto sources = std::count(needs.begin(), needs.end(), Need::Given);
  return static_cast<uint64_t>(sources) * size_of(conflict);
}

// nullopt if it would take more than `left`, from which what it takes is subtracted.
std::optional<ContradictionCore> core_of(const SupportGraph& graph,
                                         std::span<const uint8_t> live,
                                         const Contradicted& contradicted,
                                         std::vector<NodeIndex>& place,
                                         uint64_t& left) {
  const Conflict whole = conflict_of(graph, live, contradicted.node, contradicted.by, place);
  left -= std::min(left, size_of(whole));
  const SupportGraph& below = whole.cone.graph;
  const std::vector<uint8_t> others = other_sources(below, sides_of(whole, {}));
  std::vector<NodeIndex> place_below(below.ids.size(), -1);
  const Conflict some = conflict_of(
      below, live_support(below, {.nodes = others}), whole.cone.root, whole.by, place_below);
  if (visits_of(some) > left) return std::nullopt;
  left -= visits_of(some);
  const std::vector<uint8_t> without = needless(some);

  const Sides sides = sides_of(some, without);
  const auto original = [&](NodeIndex x) { return whole.cone.node[at(some.cone.node[at(x)])]; };
  ContradictionCore core{contradicted.node,
                         {},
                         {original(sides.by.source), contradicted.node, sides.by.edge},
                         {sides.by.edge}};
  for (NodeIndex x = 0; x < some.cone.graph.nodes(); ++x)
    if (some.cone.graph.needs[at(x)] == Need::Given && !without[at(x)])
      core.sources.push_back(original(x));
  add_edges(some.cone.graph, sides.node, core.edges);
  add_edges(some.cone.graph, sides.against, core.edges);
  std::sort(core.edges.begin(), core.edges.end());
  core.edges.erase(std::unique(core.edges.begin(), core.edges.end()), core.edges.end());
  return core;
}

}  // namespace

std::vector<ContradictionCore> contradiction_cores(const SupportGraph& graph,
                                                   std::span<const uint8_t> live,
                                                   std::span<const Contradicted> contradicted,
                                                   uint64_t most) {
  std::vector<NodeIndex> place(graph.ids.size(), -1);
  std::vector<ContradictionCore> cores;
  for (const Contradicted& one : contradicted) {
    if (most == 0) break;
    if (auto core = core_of(graph, live, one, place, most)) cores.push_back(std::move(*core));
  }
  return cores;
}

std::optional<ContradictionCore> contradiction_core(const SupportGraph& graph,
                                                    std::span<const uint8_t> live,
                                                    NodeIndex node) {
  check_node(graph, node, "node");
  std::vector<NodeIndex> place(graph.ids.size(), -1);
  for (const Contradicted& one : contradicted_nodes(graph, live))
    if (one.node == node) {
      uint64_t endless = UINT64_MAX;
      return core_of(graph, live, one, place, endless);
    }
  return std::nullopt;
}

}  // namespace saggio::graph
