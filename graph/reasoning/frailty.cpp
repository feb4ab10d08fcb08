// SPDX-License-Identifier: MIT
#include "graph/reasoning/frailty.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "graph/algorithms/min_cut.h"
#include "graph/reasoning/proof.h"

namespace saggio::graph {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// --- as a minimum cut, where there are no steps

// Each node is an arc of its cost from its way in to its way out; every Given node is reached from
// one source of all. What is cut are nodes.
std::vector<NodeIndex> cut_nodes(const Cone& cone, const std::vector<double>& costs) {
  const SupportGraph& graph = cone.graph;
  const auto in = [](NodeIndex x) { return 2 * x; };
  const auto out = [](NodeIndex x) { return 2 * x + 1; };
  const NodeIndex source = 2 * graph.nodes();
  std::vector<FlowArc> arcs;
  for (NodeIndex x = 0; x < graph.nodes(); ++x) {
    const auto at = static_cast<size_t>(x);
    arcs.push_back({in(x), out(x), x == cone.root ? kInfinite : costs[at]});
    if (graph.needs[at] == Need::Given) arcs.push_back({source, in(x), kInfinite});
    for (const Reason& reason : graph.of(x)) arcs.push_back({out(reason.node), in(x), kInfinite});
  }
  std::vector<NodeIndex> nodes;
  for (const size_t arc : min_cut(source + 1, arcs, source, out(cone.root)).arcs)
    nodes.push_back(arcs[arc].source / 2);
  return nodes;
}

// --- by branch and bound

class BranchAndBound {
 public:
  BranchAndBound(const Cone& cone, const std::vector<double>& costs, size_t limit)
      : cone_(cone), costs_(costs), left_(limit), state_(costs.size()), nodes_(costs.size()) {
    state_[static_cast<size_t>(cone.root)] = kKept;
  }

  WeakestSet run() {
    begin_with_all_reasons();
    const double at_least = bound();
    WeakestSet result;
    search(0);
    result.exists = true;
    result.exact = !gave_up_;
    result.nodes = best_;
    result.cost = best_cost_;
    result.at_least = gave_up_ ? std::min(at_least, best_cost_) : best_cost_;
    return result;
  }

 private:
  enum State : uint8_t { kOpen, kKept, kOut };

  // A set to begin with: the reasons of the root, of a step the cheapest premise.
  void begin_with_all_reasons() {
    const auto root = static_cast<size_t>(cone_.root);
    for (const Reason& reason : cone_.graph.of(cone_.root))
      if (reason.node != cone_.root) best_.push_back(reason.node);
    std::sort(best_.begin(), best_.end());
    best_.erase(std::unique(best_.begin(), best_.end()), best_.end());
    if (cone_.graph.needs[root] == Need::All)
      best_ = {*std::min_element(
          best_.begin(), best_.end(), [&](NodeIndex a, NodeIndex b) { return cost(a) < cost(b); })};
    best_cost_ = 0;
    for (const NodeIndex x : best_) best_cost_ += cost(x);
  }

  // The nodes of a proof that avoids what is left out; nullopt: there is none.
  std::optional<std::vector<NodeIndex>> find_proof() {
    for (size_t x = 0; x < state_.size(); ++x) nodes_[x] = state_[x] == kOut;
    if (left_ > 0) --left_;
    const auto proof = best_proof(cone_.graph, cone_.root, {.nodes = nodes_});
    if (!proof) return std::nullopt;
    std::vector<NodeIndex> nodes;
    for (const ProofNode& node : proof->nodes)
      if (state_[static_cast<size_t>(node.node)] == kOpen) nodes.push_back(node.node);
    return nodes;
  }

  // No set costs less: of each of several proofs that share no open node, one node must go.
  double bound() {
    double least = 0;
    std::vector<NodeIndex> taken;
    while (const auto proof = find_proof()) {
      double cheapest = kInfinite;
      for (const NodeIndex x : *proof) cheapest = std::min(cheapest, cost(x));
      least += cheapest;
      if (proof->empty() || left_ == 0) break;
      for (const NodeIndex x : *proof) state_[static_cast<size_t>(x)] = kOut;
      taken.insert(taken.end(), proof->begin(), proof->end());
    }
    for (const NodeIndex x : taken) state_[static_cast<size_t>(x)] = kOpen;
    return least;
  }

  void search(double spent) {
    if (left_ == 0) gave_up_ = true;
    if (gave_up_) return;
    const auto proof = find_proof();
    if (!proof) return keep_if_best(spent);
    if (spent + bound() >= best_cost_) return;
    std::vector<NodeIndex> order = *proof;
    std::stable_sort(
        order.begin(), order.end(), [&](NodeIndex a, NodeIndex b) { return cost(a) < cost(b); });
    for (const NodeIndex x : order) {  // x goes; those before it stay
      state_[static_cast<size_t>(x)] = kOut;
      search(spent + cost(x));
      state_[static_cast<size_t>(x)] = kKept;
    }
    for (const NodeIndex x : order) state_[static_cast<size_t>(x)] = kOpen;
  }

  void keep_if_best(double spent) {
    if (spent >= best_cost_) return;
    best_cost_ = spent;
    best_.clear();
    for (size_t x = 0; x < state_.size(); ++x)
      if (state_[x] == kOut) best_.push_back(static_cast<NodeIndex>(x));
  }

  double cost(NodeIndex x) const { return costs_[static_cast<size_t>(x)]; }

  const Cone& cone_;
  const std::vector<double>& costs_;
  size_t left_;
  bool gave_up_ = false;
  std::vector<State> state_;
  std::vector<uint8_t> nodes_;
  std::vector<NodeIndex> best_;
  double best_cost_ = kInfinite;
};

std::vector<double> costs_in(const Cone& cone, std::span<const double> costs, NodeIndex nodes) {
  if (!costs.empty() && costs.size() != static_cast<size_t>(nodes))
    throw std::invalid_argument(fmt::format(
        "costs has {} values, allowed: none, or one for each of {} nodes", costs.size(), nodes));
  std::vector<double> own;
  for (const NodeIndex x : cone.node) {
    own.push_back(costs.empty() ? 1 : costs[static_cast<size_t>(x)]);
    if (!(own.back() > 0 && std::isfinite(own.back())))
      throw std::invalid_argument(
          fmt::format("costs[{}] = {}, allowed are finite numbers above 0", x, own.back()));
  }
  return own;
}

}  // namespace

std::vector<NodeIndex> single_points_of_failure(const SupportGraph& graph, NodeIndex node) {
  const auto cone = cone_of(graph, node);
  if (!cone) return {};
  const auto proof = best_proof(cone->graph, cone->root);
  std::vector<uint8_t> candidate(cone->node.size()), without(cone->node.size());
  for (const ProofNode& part : proof->nodes) candidate[static_cast<size_t>(part.node)] = 1;
  candidate[static_cast<size_t>(cone->root)] = 0;
  std::vector<NodeIndex> points;
  for (size_t x = 0; x < candidate.size(); ++x) {
    if (!candidate[x]) continue;
    without[x] = 1;
    const auto other = best_proof(cone->graph, cone->root, {.nodes = without});
    without[x] = 0;
    if (!other) {
      points.push_back(cone->node[x]);
      continue;
    }
    std::vector<uint8_t> needed(candidate.size());
    for (const ProofNode& part : other->nodes) needed[static_cast<size_t>(part.node)] = 1;
    for (size_t y = x; y < candidate.size(); ++y) candidate[y] &= needed[y];
  }
  return points;
}

WeakestSet weakest_support(const SupportGraph& graph,
                           NodeIndex node,
                           const WeakestOptions& options) {
  const auto cone = cone_of(graph, node);
  if (!cone) return {};
  const std::vector<double> costs = costs_in(*cone, options.costs, graph.nodes());
  const std::vector<Need>& needs = cone->graph.needs;
  if (needs[static_cast<size_t>(cone->root)] == Need::Given) return {};
  WeakestSet result;
  if (std::find(needs.begin(), needs.end(), Need::All) == needs.end()) {
    result.exists = true;
    result.nodes = cut_nodes(*cone, costs);
    for (const NodeIndex x : result.nodes) result.cost += costs[static_cast<size_t>(x)];
    result.at_least = result.cost;
  } else {
    result = BranchAndBound(*cone, costs, options.limit).run();
  }
  for (NodeIndex& x : result.nodes) x = cone->node[static_cast<size_t>(x)];
  std::sort(result.nodes.begin(), result.nodes.end());
  return result;
}

}  // namespace saggio::graph
