// SPDX-License-Identifier: MIT
#include "graph/reasoning/support.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>

namespace saggio::graph {
namespace {

// Finds nodes and reasons as of one point; what it gathers is sorted by finish().
class Builder {
 public:
  Builder(const History& history, const AsOf& as_of)
      : history_(history),
        as_of_(as_of),
        version_(std::min(as_of.version, history.head())),
        supports_(history.find_type(kSupports)),
        derives_(history.find_type(kDerives)),
        contradicts_(history.find_type(kContradicts)) {}

  SupportGraph build() {
    add_nodes();
    const EdgeId edges = version_ == 0 ? 0 : history_.commits()[version_ - 1].edges;
    std::vector<uint8_t> there(edges);
    history_.for_each_edge_of(0, edges, as_of_, [&](const EdgeRow& edge) {
      there[edge.id] = 1;
      add_edge(edge);
    });
    for (EdgeId id = 0; id < edges; ++id)
      if (!there[id]) add_former(id);
    finish(graph_);
    return std::move(graph_);
  }

 private:
  void add_nodes() {
    index_.assign(history_.node_count(), -1);
    history_.for_each_node(as_of_, [&](const NodeRow& node) {
      index_[node.id] = graph_.nodes();
      graph_.ids.push_back(node.id);
      const bool given = needs_no_reason(node.kind);
      graph_.needs.push_back(given                         ? Need::Given
                             : node.kind == NodeKind::Step ? Need::All
                                                           : Need::One);
      graph_.barred.push_back(is_barred(node.status));
      const bool known = given && !std::isnan(node.probability);
      graph_.given_cost.push_back(known ? cost(node.probability) : 0);
    });
  }

  void add_edge(const EdgeRow& edge) {
    const NodeIndex source = index_[edge.source], target = index_[edge.target];
    if (target < 0) return;
    if (edge.type == contradicts_ && source >= 0)
      graph_.contradictions.push_back({source, target, edge.id});
    if (is_reason(edge.type)) add_reason(edge.source, target, edge.id, edge.type, edge.weight);
  }

  // An edge that is not there any more, or not at this time in the world: a step still needs what
  // it led from.
  void add_former(EdgeId id) {
    const std::vector<Revision> rows = history_.edge_revisions(id);
    if (rows.empty()) return;
    const auto edge = history_.edge(id, {.version = rows.front().from});
    if (!edge || !is_reason(edge->type)) return;  // no edge: an end was retired as it was added
    const NodeIndex target = index_[edge->target];
    if (target < 0 || needs(target) != Need::All) return;
    float weight = edge->attributes.weight;
    for (const Revision& row : rows)
      if (row.from <= version_) weight = row.attributes.weight;
    add_reason(edge->source, target, id, edge->type, weight);
  }

  void add_reason(NodeId source, NodeIndex target, EdgeId edge, TypeId type, float weight) {
    const NodeIndex x = index_[source];
    if (x < 0) {
      if (needs(target) != Need::All) return;
      graph_.lost.push_back({target, source});
      graph_.barred[static_cast<size_t>(target)] = 1;
      return;
    }
    graph_.reasons.push_back({x, edge, cost(weight), type});
    graph_.user.push_back(target);
  }

  double cost(double weight) {
    graph_.clamped += !is_weight(weight);
    return bits_of(weight);
  }
  Need needs(NodeIndex x) const { return graph_.needs[static_cast<size_t>(x)]; }
  bool is_reason(TypeId type) const { return type == supports_ || type == derives_; }

  const History& history_;
  const AsOf as_of_;
  const Version version_;
  const std::optional<TypeId> supports_, derives_, contradicts_;
  std::vector<NodeIndex> index_;  // by NodeId
  SupportGraph graph_;
};

struct Use {
  NodeIndex user = -1;
  Reason reason;
};

using Uses = std::vector<Use>;

// Of one premise, the cheapest edge; returns their end.
Uses::iterator cheapest_of_each(Uses::iterator first, Uses::iterator last) {
  std::sort(first, last, [](const Use& a, const Use& b) {
    return std::tie(a.reason.node, a.reason.cost, a.reason.edge) <
           std::tie(b.reason.node, b.reason.cost, b.reason.edge);
  });
  return std::unique(
      first, last, [](const Use& a, const Use& b) { return a.reason.node == b.reason.node; });
}

// By user and edge; a step's premises once each, by their cheapest edge. Counted into place by user,
// where the edges mostly ascend already.
Uses sorted_uses(const SupportGraph& graph) {
  std::vector<ptrdiff_t> begin(graph.ids.size() + 1);
  for (const NodeIndex user : graph.user) ++begin[static_cast<size_t>(user) + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  Uses uses(graph.reasons.size());
  std::vector<ptrdiff_t> next = begin;
  for (size_t i = 0; i < uses.size(); ++i)
    uses[static_cast<size_t>(next[static_cast<size_t>(graph.user[i])]++)] = {graph.user[i],
                                                                             graph.reasons[i]};
  const auto by_edge = [](const Use& a, const Use& b) { return a.reason.edge < b.reason.edge; };
  auto kept = uses.begin();
  for (size_t x = 0; x < graph.ids.size(); ++x) {
    const auto first = uses.begin() + begin[x];
    auto last = uses.begin() + begin[x + 1];
    if (graph.needs[x] == Need::All) last = cheapest_of_each(first, last);
    if (!std::is_sorted(first, last, by_edge)) std::sort(first, last, by_edge);
    kept = std::move(first, last, kept);
  }
  uses.erase(kept, uses.end());
  return uses;
}

}  // namespace

double bits_of(double weight) {
  const double nearest = std::isnan(weight) ? kLeastWeight : std::clamp(weight, kLeastWeight, 1.0);
  return nearest == 1 ? 0 : -std::log2(nearest);
}

double weight_of(double bits) { return std::exp2(-bits); }

bool is_weight(double weight) { return weight > 0 && weight <= 1; }

bool needs_no_reason(NodeKind kind) {
  return kind == NodeKind::Evidence || kind == NodeKind::Document || kind == NodeKind::Span ||
         kind == NodeKind::Episode || kind == NodeKind::ToolResult;
}

bool is_barred(Status status) {
  return status == Status::Refuted || status == Status::Superseded || status == Status::Unprovable;
}

SupportGraph support_graph(const History& history, const AsOf& as_of) {
  return Builder(history, as_of).build();
}

void finish(SupportGraph& graph) {
  const Uses sorted = sorted_uses(graph);
  const auto nodes = static_cast<size_t>(graph.nodes());
  graph.reasons.clear();
  graph.user.clear();
  graph.ptr.assign(nodes + 1, 0);
  graph.use_ptr.assign(nodes + 1, 0);
  for (const Use& use : sorted) {
    graph.reasons.push_back(use.reason);
    graph.user.push_back(use.user);
    ++graph.ptr[static_cast<size_t>(use.user) + 1];
    ++graph.use_ptr[static_cast<size_t>(use.reason.node) + 1];
  }
  std::partial_sum(graph.ptr.begin(), graph.ptr.end(), graph.ptr.begin());
  std::partial_sum(graph.use_ptr.begin(), graph.use_ptr.end(), graph.use_ptr.begin());
  graph.uses.resize(sorted.size());
  std::vector<ReasonIndex> next = graph.use_ptr;
  for (size_t i = 0; i < sorted.size(); ++i)
    graph.uses[static_cast<size_t>(next[static_cast<size_t>(sorted[i].reason.node)]++)] =
        static_cast<ReasonIndex>(i);
  const auto by_target = [](const Contradiction& a, const Contradiction& b) {
    return std::tie(a.target, a.edge) < std::tie(b.target, b.edge);
  };
  std::sort(graph.contradictions.begin(), graph.contradictions.end(), by_target);
  const auto key = [](const LostPremise& lost) { return std::tie(lost.step, lost.premise); };
  std::sort(graph.lost.begin(), graph.lost.end(), [&](const auto& a, const auto& b) {
    return key(a) < key(b);
  });
  const auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
  graph.lost.erase(std::unique(graph.lost.begin(), graph.lost.end(), same), graph.lost.end());
}

std::vector<uint8_t> live_support(const SupportGraph& graph, const Without& without) {
  const auto nodes = static_cast<size_t>(graph.nodes());
  std::vector<uint8_t> live(nodes);
  std::vector<ReasonIndex> missing(nodes);  // reasons until it is live
  std::vector<NodeIndex> found;
  const auto find = [&](NodeIndex x) {
    live[static_cast<size_t>(x)] = 1;
    found.push_back(x);
  };
  for (size_t x = 0; x < nodes; ++x) {
    const auto node = static_cast<NodeIndex>(x);
    constexpr ReasonIndex kNever = INT64_MAX;
    const ReasonIndex all = graph.ptr[x + 1] - graph.ptr[x];
    missing[x] = graph.needs[x] == Need::All && all > 0 ? all : graph.needs[x] == Need::One;
    if (graph.needs[x] == Need::All && all == 0) missing[x] = kNever;
    if (graph.barred[x] || without.node(node)) missing[x] = kNever;
    if (missing[x] == 0) find(node);
  }
  for (size_t next = 0; next < found.size(); ++next) {
    const auto x = static_cast<size_t>(found[next]);
    for (ReasonIndex at = graph.use_ptr[x]; at < graph.use_ptr[x + 1]; ++at) {
      const ReasonIndex reason = graph.uses[static_cast<size_t>(at)];
      const NodeIndex user = graph.user[static_cast<size_t>(reason)];
      const auto u = static_cast<size_t>(user);
      if (graph.needs[u] == Need::One && without.reason(reason)) continue;
      if (!live[u] && --missing[u] == 0) find(user);
    }
  }
  return live;
}

void check_node(const SupportGraph& graph, NodeIndex node, const char* what) {
  if (!(node >= 0 && node < graph.nodes()))
    throw std::invalid_argument(fmt::format(
        "{} = {}, allowed are nodes 0..{} of the graph", what, node, graph.nodes() - 1));
}

}  // namespace saggio::graph
