// SPDX-License-Identifier: MIT
#include "graph/reasoning/core.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <tuple>
#include <utility>

#include "graph/reasoning/proof.h"

namespace saggio::graph {
namespace {

constexpr size_t kWorlds = 64;
// Of what a bound counts, some 10 ns each: a node or a reason of a conflict until its proofs are
// found, and how many of them are looked at in all worlds.
constexpr uint64_t kSetUp = 16, kLookedAt = 8;

size_t at(NodeIndex x) { return static_cast<size_t>(x); }

// A node and all that may contradict it, with what lies below them.
struct Conflict {
  Cone cone;                      // its root is the node
  std::vector<Contradiction> by;  // source and target in the cone
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

uint64_t size_of(const Conflict& conflict) {
  return conflict.cone.graph.ids.size() + conflict.cone.graph.reasons.size();
}

// A conflict without some of its sources, in up to 64 worlds at once, of which each is a bit.
class Worlds {
 public:
  explicit Worlds(const Conflict& conflict) : conflict_(conflict), live_(graph().ids.size()) {
    sort();
  }

  // In which of them it still holds. without: [N] in which of them that source is not there.
  uint64_t hold(std::span<const uint64_t> without) {
    std::fill(live_.begin(), live_.end(), 0);
    bool changed = true;
    while (changed) {
      changed = false;
      for (const NodeIndex x : order_) {
        const uint64_t live = live_in(x, without);
        changed |= circles_ && live != live_[at(x)];
        live_[at(x)] = live;
      }
      looked_at_ += size_of(conflict_);
    }
    uint64_t against = 0;
    for (const Contradiction& one : conflict_.by) against |= live_[at(one.source)];
    return against & live_[at(conflict_.cone.root)];
  }
  uint64_t looked_at() const { return looked_at_; }  // nodes and reasons, altogether

 private:
  const SupportGraph& graph() const { return conflict_.cone.graph; }

  uint64_t live_in(NodeIndex x, std::span<const uint64_t> without) const {
    if (graph().needs[at(x)] == Need::Given) return ~without[at(x)];
    const bool all = graph().needs[at(x)] == Need::All;
    uint64_t live = all ? ~uint64_t{0} : 0;
    for (const Reason& reason : graph().of(x))
      live = all ? live & live_[at(reason.node)] : live | live_[at(reason.node)];
    return live;
  }

  // Reasons before whom they hold up, but for circles.
  void sort() {
    enum : uint8_t { kNew, kOpen, kDone };
    std::vector<uint8_t> stage(graph().ids.size());
    std::vector<std::pair<NodeIndex, size_t>> path;  // and how many of its reasons were looked at
    const auto open = [&](NodeIndex x) {
      circles_ |= stage[at(x)] == kOpen;
      if (stage[at(x)] != kNew) return;
      stage[at(x)] = kOpen;
      path.emplace_back(x, 0);
    };
    for (NodeIndex first = 0; first < graph().nodes(); ++first)
      for (open(first); !path.empty();) {
        auto& [x, looked] = path.back();
        if (looked < graph().of(x).size()) {
          open(graph().of(x)[looked++].node);
          continue;
        }
        stage[at(x)] = kDone;
        order_.push_back(x);
        path.pop_back();
      }
  }

  const Conflict& conflict_;
  std::vector<NodeIndex> order_;
  bool circles_ = false;
  std::vector<uint64_t> live_;
  uint64_t looked_at_ = 0;
};

// Sources, the least probable first.
std::vector<NodeIndex> sources_of(const SupportGraph& graph) {
  std::vector<NodeIndex> sources;
  for (NodeIndex x = graph.nodes(); x-- > 0;)
    if (graph.needs[at(x)] == Need::Given) sources.push_back(x);
  std::stable_sort(sources.begin(), sources.end(), [&](NodeIndex a, NodeIndex b) {
    return graph.given_cost[at(a)] > graph.given_cost[at(b)];
  });
  return sources;
}

// [N] 1: a source that is not needed, when those before it in this order are left out already.
// Who is needed while others are still there is needed without them, so that up to 64 are tried at
// once: each alone, then, of those that are not needed alone, the first, the first two, and so on.
// nullopt if it would take more than `left`, from which what it takes is subtracted.
std::optional<std::vector<uint8_t>> needless(const Conflict& conflict, uint64_t& left) {
  const std::vector<NodeIndex> sources = sources_of(conflict.cone.graph);
  const size_t least = (sources.size() + kWorlds - 1) / kWorlds;
  if (least * size_of(conflict) / kLookedAt > left) return std::nullopt;
  Worlds worlds(conflict);
  std::vector<uint64_t> without(conflict.cone.graph.ids.size());
  const auto hold = [&](std::span<const NodeIndex> tried, bool those_before_as_well) {
    for (size_t i = 0; i < tried.size(); ++i)
      without[at(tried[i])] = those_before_as_well ? ~uint64_t{0} << i : uint64_t{1} << i;
    const uint64_t held = worlds.hold(without);
    for (const NodeIndex x : tried) without[at(x)] = 0;
    return held;
  };
  std::vector<NodeIndex> tried;
  for (size_t next = 0; next < sources.size() || !tried.empty();) {
    while (tried.size() < kWorlds && next < sources.size()) tried.push_back(sources[next++]);
    const uint64_t not_needed = hold(tried, false);
    size_t place = 0;
    std::erase_if(tried, [&](NodeIndex) { return (not_needed >> place++ & 1) == 0; });
    if (!tried.empty()) {
      const auto gone = std::min<size_t>(std::countr_one(hold(tried, true)), tried.size());
      for (size_t i = 0; i < gone; ++i) without[at(tried[i])] = ~uint64_t{0};
      tried.erase(tried.begin(), tried.begin() + std::min(gone + 1, tried.size()));
    }
    if (worlds.looked_at() / kLookedAt > left) {
      left = 0;
      return std::nullopt;
    }
  }
  left -= worlds.looked_at() / kLookedAt;
  std::vector<uint8_t> found(without.size());
  for (size_t x = 0; x < found.size(); ++x) found[x] = without[x] != 0;
  return found;
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

// nullopt if it would take more than `left`, from which what it takes is subtracted.
std::optional<ContradictionCore> core_of(const SupportGraph& graph,
                                         std::span<const uint8_t> live,
                                         const Contradicted& contradicted,
                                         std::vector<NodeIndex>& place,
                                         uint64_t& left) {
  const Conflict whole = conflict_of(graph, live, contradicted.node, contradicted.by, place);
  left -= std::min(left, kSetUp * size_of(whole));
  const SupportGraph& below = whole.cone.graph;
  const std::vector<uint8_t> others = other_sources(below, sides_of(whole, {}));
  std::vector<NodeIndex> place_below(below.ids.size(), -1);
  const Conflict some = conflict_of(
      below, live_support(below, {.nodes = others}), whole.cone.root, whole.by, place_below);
  const auto without = needless(some, left);
  if (!without) return std::nullopt;

  const Sides sides = sides_of(some, *without);
  const auto original = [&](NodeIndex x) { return whole.cone.node[at(some.cone.node[at(x)])]; };
  ContradictionCore core{contradicted.node,
                         {},
                         {original(sides.by.source), contradicted.node, sides.by.edge},
                         {sides.by.edge}};
  for (NodeIndex x = 0; x < some.cone.graph.nodes(); ++x)
    if (some.cone.graph.needs[at(x)] == Need::Given && !(*without)[at(x)])
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
  if (!live[at(node)]) return std::nullopt;
  Contradicted contradicted{node, {}};
  const auto [first, last] = std::equal_range(
      graph.contradictions.begin(),
      graph.contradictions.end(),
      Contradiction{.target = node},
      [](const Contradiction& a, const Contradiction& b) { return a.target < b.target; });
  std::copy_if(first, last, std::back_inserter(contradicted.by), [&](const Contradiction& one) {
    return live[at(one.source)] != 0;
  });
  if (contradicted.by.empty()) return std::nullopt;
  std::vector<NodeIndex> place(graph.ids.size(), -1);
  uint64_t endless = UINT64_MAX;
  return core_of(graph, live, contradicted, place, endless);
}

}  // namespace saggio::graph
