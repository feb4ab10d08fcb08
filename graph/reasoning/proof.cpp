// SPDX-License-Identifier: MIT
#include "graph/reasoning/proof.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>

namespace saggio::graph {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// How good a proof is: less is better. Strictly more than that of any part of it.
struct Rank {
  double cost = kInfinite;
  int32_t height = INT32_MAX;
  auto tie() const { return std::tie(cost, height); }
};

struct Candidate {
  Rank rank;
  NodeIndex node;
  bool operator>(const Candidate& other) const {
    return std::tie(rank.cost, rank.height, node) >
           std::tie(other.rank.cost, other.rank.height, other.node);
  }
};

class Search {
 public:
  Search(const SupportGraph& graph, const Without& without)
      : graph_(graph),
        without_(without),
        best_{std::vector<double>(graph.ids.size(), kInfinite),
              std::vector<int32_t>(graph.ids.size(), -1),
              std::vector<ReasonIndex>(graph.ids.size(), -1)},
        known_(graph.ids.size()),
        missing_(graph.ids.size()) {}

  BestProofs run() {
    for (NodeIndex x = 0; x < graph_.nodes(); ++x) {
      missing_[at(x)] = static_cast<ReasonIndex>(graph_.of(x).size());
      if (graph_.needs[at(x)] == Need::Given && may_stand(x))
        offer(x, {graph_.given_cost[at(x)], 0}, -1);
    }
    while (!queue_.empty()) {
      const Candidate next = queue_.top();
      queue_.pop();
      if (best_.height[at(next.node)] >= 0) continue;  // settled by a better one
      best_.cost[at(next.node)] = next.rank.cost;
      best_.height[at(next.node)] = next.rank.height;
      tell_users(next.node);
    }
    for (size_t x = 0; x < best_.choice.size(); ++x)
      if (best_.height[x] < 0) best_.choice[x] = -1;
    return std::move(best_);
  }

 private:
  static size_t at(NodeIndex x) { return static_cast<size_t>(x); }
  bool may_stand(NodeIndex x) const { return !graph_.barred[at(x)] && !without_.node(x); }

  void tell_users(NodeIndex x) {
    for (ReasonIndex i = graph_.use_ptr[at(x)]; i < graph_.use_ptr[at(x) + 1]; ++i) {
      const ReasonIndex reason = graph_.uses[static_cast<size_t>(i)];
      const NodeIndex user = graph_.user[static_cast<size_t>(reason)];
      if (best_.height[at(user)] >= 0 || !may_stand(user)) continue;
      if (graph_.needs[at(user)] == Need::All && --missing_[at(user)] == 0)
        offer(user, rank_of_step(user), -1);
      if (graph_.needs[at(user)] == Need::One && !without_.reason(reason)) {
        const Reason& edge = graph_.reasons[static_cast<size_t>(reason)];
        offer(user, {best_.cost[at(x)] + edge.cost, best_.height[at(x)] + 1}, reason);
      }
    }
  }

  // Summed in the order of the premises, so that the same proof costs the same bits.
  Rank rank_of_step(NodeIndex step) const {
    Rank rank{0, 0};
    for (const Reason& premise : graph_.of(step)) {
      rank.cost += premise.cost + best_.cost[at(premise.node)];
      rank.height = std::max(rank.height, best_.height[at(premise.node)] + 1);
    }
    return rank;
  }

  void offer(NodeIndex x, const Rank& rank, ReasonIndex choice) {
    Rank& known = known_[at(x)];
    const bool better = rank.tie() < known.tie();
    const bool as_good = rank.tie() == known.tie() && choice < best_.choice[at(x)];
    if (better || as_good) best_.choice[at(x)] = choice;
    if (!better) return;
    known = rank;
    queue_.push({rank, x});
  }

  const SupportGraph& graph_;
  const Without& without_;
  BestProofs best_;
  std::vector<Rank> known_;
  std::vector<ReasonIndex> missing_;  // premises of a step that are not settled
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
};

}  // namespace

BestProofs best_proofs(const SupportGraph& graph, const Without& without) {
  return Search(graph, without).run();
}

Proof proof_from(const SupportGraph& graph, const BestProofs& best, NodeIndex node) {
  Proof proof{best.cost[static_cast<size_t>(node)], best.height[static_cast<size_t>(node)], {}};
  std::vector<uint8_t> seen(graph.ids.size());
  std::vector<NodeIndex> open{node};
  while (!open.empty()) {
    const NodeIndex x = open.back();
    open.pop_back();
    if (std::exchange(seen[static_cast<size_t>(x)], uint8_t{1})) continue;
    const ReasonIndex choice = best.choice[static_cast<size_t>(x)];
    proof.nodes.push_back({x, choice});
    if (choice >= 0) open.push_back(graph.reasons[static_cast<size_t>(choice)].node);
    if (graph.needs[static_cast<size_t>(x)] != Need::All) continue;
    const auto premises = graph.of(x);
    for (size_t i = premises.size(); i > 0; --i) open.push_back(premises[i - 1].node);
  }
  return proof;
}

std::optional<Proof> best_proof(const SupportGraph& graph, NodeIndex node, const Without& without) {
  check_node(graph, node, "node");
  const BestProofs best = best_proofs(graph, without);
  if (best.height[static_cast<size_t>(node)] < 0) return std::nullopt;
  return proof_from(graph, best, node);
}

std::optional<Cone> cone_of(const SupportGraph& graph, NodeIndex node) {
  check_node(graph, node, "node");
  const std::vector<uint8_t> live = live_support(graph);
  if (!live[static_cast<size_t>(node)]) return std::nullopt;
  std::vector<NodeIndex> place(graph.ids.size(), -1);
  return cone_of(graph, live, {&node, 1}, place);
}

Cone cone_of(const SupportGraph& graph,
             std::span<const uint8_t> live,
             std::span<const NodeIndex> roots,
             std::vector<NodeIndex>& place) {
  Cone cone;
  std::vector<NodeIndex>& members = cone.node;
  const auto take = [&](NodeIndex x) {
    if (!live[static_cast<size_t>(x)] || place[static_cast<size_t>(x)] >= 0) return;
    place[static_cast<size_t>(x)] = 0;
    members.push_back(x);
  };
  for (const NodeIndex root : roots) take(root);
  for (size_t i = 0; i < members.size(); ++i) {
    if (graph.needs[static_cast<size_t>(members[i])] == Need::Given) continue;
    for (const Reason& reason : graph.of(members[i])) take(reason.node);
  }
  std::sort(members.begin(), members.end());
  for (size_t i = 0; i < members.size(); ++i)
    place[static_cast<size_t>(members[i])] = static_cast<NodeIndex>(i);
  for (const NodeIndex x : members) {
    const auto old = static_cast<size_t>(x);
    cone.graph.ids.push_back(graph.ids[old]);
    cone.graph.needs.push_back(graph.needs[old]);
    cone.graph.given_cost.push_back(graph.given_cost[old]);
    if (graph.needs[old] == Need::Given) continue;
    for (ReasonIndex i = graph.ptr[old]; i < graph.ptr[old + 1]; ++i) {
      const Reason& reason = graph.reasons[static_cast<size_t>(i)];
      const NodeIndex source = place[static_cast<size_t>(reason.node)];
      if (source < 0) continue;
      cone.graph.reasons.push_back({source, reason.edge, reason.cost, reason.type});
      cone.graph.user.push_back(place[old]);
      cone.reason.push_back(i);
    }
  }
  cone.graph.barred.resize(members.size());
  cone.root = place[static_cast<size_t>(roots.front())];
  for (const NodeIndex x : members) place[static_cast<size_t>(x)] = -1;
  finish(cone.graph);  // keeps the order: it is that of the whole graph
  return cone;
}

}  // namespace saggio::graph
