// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "graph/store/history.h"
#include "graph/view/view.h"

// Who holds up whom: the AND/OR graph in which live support, proofs and all that is asked about
// them are defined (graph/FORMAT.md 4, graph/reasoning/REASONING.md). A *reason* of a node is the
// source of an edge of type `supports` or `derives` into it. A node that is Given needs none; a
// step needs All that it ever had; every other node needs One.
//
// Costs are bits: a weight or a probability w in (0, 1] costs -log2 w, so that a product of weights
// is a sum of costs and the largest product the least cost. Weights outside (0, 1], which a store
// may hold, count as the nearest of [kLeastWeight, 1]; `clamped` says how many did.
namespace saggio::graph {

inline constexpr double kLeastWeight = 1e-6;
inline constexpr std::string_view kSupports = "supports", kDerives = "derives",
                                  kContradicts = "contradicts";

double bits_of(double weight);        // -log2 of the nearest allowed weight; never -0
double weight_of(double bits);        // 2^-bits; +infinity gives 0
bool is_weight(double weight);        // in (0, 1]
bool needs_no_reason(NodeKind kind);  // evidence, document, span, episode, tool result
bool is_barred(Status status);        // refuted, superseded, unprovable: never live

enum class Need : uint8_t { Given, All, One };

using ReasonIndex = int64_t;  // position in SupportGraph::reasons

struct Reason {
  NodeIndex node = -1;  // the source
  EdgeId edge = 0;
  double cost = 0;  // bits
  TypeId type = 0;  // of the edge
};

struct Contradiction {
  NodeIndex source = -1, target = -1;  // source says that target does not hold
  EdgeId edge = 0;
};

// A premise that a step had and that is not there any more: the step cannot be live.
struct LostPremise {
  NodeIndex step = -1;
  NodeId premise = 0;
};

// Nodes are those of the View at the same point, in its order: NodeIndex means the same. A step's
// premises stand once each, by their cheapest edge; any other node's reasons once for each edge.
struct SupportGraph {
  std::vector<NodeId> ids;                    // [N]
  std::vector<Need> needs;                    // [N]
  std::vector<uint8_t> barred;                // [N] by its status, or by a lost premise
  std::vector<double> given_cost;             // [N] bits of its probability if Given, else 0
  std::vector<ReasonIndex> ptr;               // [N+1]
  std::vector<Reason> reasons;                // [R] of node x: ptr[x] .. ptr[x+1]-1, by edge
  std::vector<NodeIndex> user;                // [R] whose reason it is
  std::vector<ReasonIndex> use_ptr;           // [N+1]
  std::vector<ReasonIndex> uses;              // [R] reasons whose node is x, ascending
  std::vector<Contradiction> contradictions;  // by target, then edge
  std::vector<LostPremise> lost;              // by step, then premise; each once
  uint64_t clamped = 0;                       // weights and probabilities outside (0, 1]

  NodeIndex nodes() const { return static_cast<NodeIndex>(ids.size()); }
  std::span<const Reason> of(NodeIndex node) const {
    const auto x = static_cast<size_t>(node);
    return {reasons.data() + ptr[x], reasons.data() + ptr[x + 1]};
  }
};

// O(N + M) over all that was ever added, and O(log) for sorting.
SupportGraph support_graph(const History& history, const AsOf& as_of = {});

// Fills ptr, user, use_ptr and uses from `reasons` in any order and `user`, and sorts the rest: what
// support_graph ends with, and how a graph is made without a store.
void finish(SupportGraph& graph);

// What a question leaves out, in memory only: nodes as if they were not there (a step that had one
// as its premise falls), and single reasons of nodes that need one. Empty: nothing.
struct Without {
  std::span<const uint8_t> nodes;    // [N] or empty
  std::span<const uint8_t> reasons;  // [R] or empty; of steps they do not count

  bool node(NodeIndex x) const { return !nodes.empty() && nodes[static_cast<size_t>(x)] != 0; }
  bool reason(ReasonIndex i) const {
    return !reasons.empty() && reasons[static_cast<size_t>(i)] != 0;
  }
};

// FORMAT.md 4's live support: the smallest set for which holds that a node is in it if it is not
// barred or left out, and is Given, or All of its reasons (one at least) are in it, or One is.
// 1: live.   [N]   O(N + R)
std::vector<uint8_t> live_support(const SupportGraph& graph, const Without& without = {});

// Throws std::invalid_argument if the graph has no such node. `what` names the argument.
void check_node(const SupportGraph& graph, NodeIndex node, const char* what);

}  // namespace saggio::graph
