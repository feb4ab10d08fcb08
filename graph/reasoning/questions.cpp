// SPDX-License-Identifier: MIT
#include "graph/reasoning/questions.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <optional>
#include <utility>

#include "graph/reasoning/proof.h"

namespace saggio::graph {
namespace {

size_t at(NodeIndex x) { return static_cast<size_t>(x); }

// A shortest way from a node back to itself, by reasons, within its component.
std::vector<ReasonIndex> shortest_cycle(const SupportGraph& graph,
                                        const std::vector<int32_t>& component,
                                        NodeIndex first) {
  std::vector<std::pair<NodeIndex, ReasonIndex>> via;  // position in `via` of the node before
  std::vector<NodeIndex> nodes{first};
  std::vector<uint8_t> seen(graph.ids.size());
  via.emplace_back(-1, -1);
  for (size_t i = 0;; ++i) {  // it comes back: the component is strongly connected
    const NodeIndex x = nodes[i];
    for (ReasonIndex r = graph.ptr[at(x)]; r < graph.ptr[at(x) + 1]; ++r) {
      const NodeIndex y = graph.reasons[static_cast<size_t>(r)].node;
      if (component[at(y)] != component[at(first)] || std::exchange(seen[at(y)], uint8_t{1}))
        continue;
      nodes.push_back(y);
      via.emplace_back(static_cast<NodeIndex>(i), r);
      if (y != first) continue;
      std::vector<ReasonIndex> cycle;
      for (auto place = static_cast<NodeIndex>(nodes.size()) - 1; place > 0;
           place = via[at(place)].first)
        cycle.push_back(via[at(place)].second);
      std::reverse(cycle.begin(), cycle.end());
      return cycle;
    }
  }
}

// The component of each node.   [N]
std::vector<int32_t> components_of(const SupportGraph& graph) {
  boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> reasons(graph.ids.size());
  for (size_t i = 0; i < graph.reasons.size(); ++i)
    boost::add_edge(at(graph.user[i]), at(graph.reasons[i].node), reasons);
  std::vector<int32_t> component(graph.ids.size());
  boost::strong_components(reasons,
                           boost::make_iterator_property_map(
                               component.begin(), boost::get(boost::vertex_index, reasons)));
  return component;
}

// What a node lacks by itself, whatever its reasons do.
std::optional<Cause> own_cause(const SupportGraph& graph, NodeIndex x) {
  const auto lost = std::lower_bound(
      graph.lost.begin(), graph.lost.end(), x, [](const LostPremise& one, NodeIndex step) {
        return one.step < step;
      });
  if (lost != graph.lost.end() && lost->step == x) return Cause::Lost;
  if (graph.barred[at(x)]) return Cause::Barred;
  if (graph.needs[at(x)] != Need::Given && graph.of(x).empty()) return Cause::NoReason;
  return std::nullopt;
}

// Not live, at or below a node: a node is below another if it is a reason of it that is not live. The
// first is the node itself; what has a cause of its own is not looked through.
std::vector<NodeIndex> blamed(const SupportGraph& graph,
                              const std::vector<uint8_t>& live,
                              NodeIndex node) {
  std::vector<NodeIndex> nodes{node};
  std::vector<uint8_t> seen(graph.ids.size());
  seen[at(node)] = 1;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (own_cause(graph, nodes[i])) continue;
    for (const Reason& reason : graph.of(nodes[i]))
      if (!live[at(reason.node)] && !std::exchange(seen[at(reason.node)], uint8_t{1}))
        nodes.push_back(reason.node);
  }
  return nodes;
}

// The smallest node of a circle of nodes that are not live; there is one below a node of which none
// below has a cause of its own.
NodeIndex on_a_circle(const SupportGraph& graph, const std::vector<uint8_t>& live, NodeIndex node) {
  std::vector<NodeIndex> walk;
  std::vector<int64_t> place(graph.ids.size(), -1);
  NodeIndex x = node;
  while (place[at(x)] < 0) {
    place[at(x)] = static_cast<int64_t>(walk.size());
    walk.push_back(x);
    const auto reasons = graph.of(x);
    x = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& reason) {
          return !live[at(reason.node)];
        })->node;
  }
  return *std::min_element(walk.begin() + place[at(x)], walk.end());
}

}  // namespace

std::vector<Contradicted> contradicted_nodes(const SupportGraph& graph,
                                             std::span<const uint8_t> live) {
  std::vector<Contradicted> found;
  for (const Contradiction& one : graph.contradictions) {
    if (!live[at(one.source)] || !live[at(one.target)]) continue;
    if (found.empty() || found.back().node != one.target) found.push_back({one.target, {}});
    found.back().by.push_back(one);
  }
  return found;
}

std::vector<CircularDerivation> circular_derivations(const SupportGraph& graph) {
  const std::vector<int32_t> component = components_of(graph);
  std::vector<std::vector<NodeIndex>> members(graph.ids.size());
  for (NodeIndex x = 0; x < graph.nodes(); ++x) members[at(component[at(x)])].push_back(x);
  const std::vector<uint8_t> live = live_support(graph);
  std::vector<CircularDerivation> circles;
  for (std::vector<NodeIndex>& nodes : members) {
    const auto own_reason = [&](NodeIndex x) {
      const auto reasons = graph.of(x);
      return std::any_of(
          reasons.begin(), reasons.end(), [&](const Reason& r) { return r.node == x; });
    };
    if (nodes.empty() || (nodes.size() == 1 && !own_reason(nodes.front()))) continue;
    CircularDerivation circle;
    circle.cycle = shortest_cycle(graph, component, nodes.front());
    circle.live = std::any_of(nodes.begin(), nodes.end(), [&](NodeIndex x) { return live[at(x)]; });
    circle.nodes = std::move(nodes);
    circles.push_back(std::move(circle));
  }
  std::sort(circles.begin(), circles.end(), [](const auto& a, const auto& b) {
    return a.nodes.front() < b.nodes.front();
  });
  return circles;
}

WhatIf what_if(const SupportGraph& graph, std::span<const NodeIndex> without) {
  std::vector<uint8_t> out(graph.ids.size());
  for (const NodeIndex x : without) {
    check_node(graph, x, "without");
    out[at(x)] = 1;
  }
  const BestProofs before = best_proofs(graph), after = best_proofs(graph, {.nodes = out});
  WhatIf answer;
  for (NodeIndex x = 0; x < graph.nodes(); ++x) {
    if (before.height[at(x)] < 0) continue;
    if (out[at(x)])
      answer.gone.push_back(x);
    else if (after.height[at(x)] < 0)
      answer.fallen.push_back(x);
    else {
      ++answer.live;
      if (after.cost[at(x)] > before.cost[at(x)])
        answer.weaker.push_back({x, before.cost[at(x)], after.cost[at(x)]});
    }
  }
  for (const Contradiction& one : graph.contradictions) {
    const auto both = [&](const BestProofs& proofs) {
      return proofs.height[at(one.source)] >= 0 && proofs.height[at(one.target)] >= 0;
    };
    if (both(before) && !both(after)) answer.ended.push_back(one);
  }
  return answer;
}

std::vector<Lack> why_not(const SupportGraph& graph, NodeIndex node) {
  check_node(graph, node, "node");
  SupportGraph mended = graph;  // what is lacking is given, one after the other
  std::vector<Lack> lacks;
  const auto mend = [&](NodeIndex x, Cause cause) {
    lacks.push_back({x, cause});
    mended.needs[at(x)] = Need::Given;
    mended.barred[at(x)] = 0;
    std::erase_if(mended.lost, [&](const LostPremise& one) { return one.step == x; });
  };
  for (auto live = live_support(mended); !live[at(node)]; live = live_support(mended)) {
    const std::vector<NodeIndex> below = blamed(mended, live, node);
    const size_t known = lacks.size();
    for (const NodeIndex x : below)
      if (const auto cause = own_cause(mended, x)) mend(x, *cause);
    if (lacks.size() > known) continue;
    mend(on_a_circle(mended, live, node), Cause::Circular);  // all that is left waits for another
  }
  std::sort(
      lacks.begin(), lacks.end(), [](const Lack& a, const Lack& b) { return a.node < b.node; });
  return lacks;
}

}  // namespace saggio::graph
