// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "graph/reasoning/support.h"

// Proofs of what is live. A proof of a node takes, for each node in it that needs One reason, one of
// its reasons (an edge: parallel edges make different proofs), the same wherever the node occurs, and
// for each step all of them; nobody is their own reason, however far back, so it ends at Given nodes.
// Its cost is that of the tree that it unfolds to: what a node that is used twice costs counts twice.
//   cost(Given)  its own        cost(One)  of the edge taken + cost(its source)
//                               cost(All)  sum over the premises of edge + cost(premise)
// Its height is 0 for a Given node, else 1 + the largest of the nodes below. One proof is better than
// another if it costs less, or the same and is lower; a tie is broken by the smallest EdgeId.
namespace saggio::graph {

// The best proof of every node at once: Knuth 1977, "A generalization of Dijkstra's algorithm". A
// node's choice is a reason whose source was settled before it, so that no proof is circular, also
// where edges cost nothing. O((N + R) log N)
struct BestProofs {
  std::vector<double> cost;         // [N] bits; +infinity: not live (or beyond f64's range)
  std::vector<int32_t> height;      // [N] -1: not live
  std::vector<ReasonIndex> choice;  // [N] the reason taken by a live node that needs One; else -1
};
BestProofs best_proofs(const SupportGraph& graph, const Without& without = {});

struct ProofNode {
  NodeIndex node = -1;
  ReasonIndex choice = -1;  // the one reason that it takes; -1: Given, or a step, which takes all
};
struct Proof {
  double cost = 0;
  int32_t height = 0;
  std::vector<ProofNode> nodes;  // each once; the root first, then depth first, by EdgeId
};

// nullopt if it is not live. Throws std::invalid_argument if the graph has no such node.
std::optional<Proof> best_proof(const SupportGraph& graph,
                                NodeIndex node,
                                const Without& without = {});
// Of a node that is live, from what best_proofs found.
Proof proof_from(const SupportGraph& graph, const BestProofs& best, NodeIndex node);

// The k best proofs, best first; fewer if there are no more, and those are all. Exact. Lawler 1972
// over the choices of the best proof: its first i - 1 choices kept, the i-th forbidden. Where there
// are no steps these are the k shortest simple paths (Yen 1971). At most `limit` searches of
// O((N + R) log N) on the nodes below; when they do not suffice `complete` is false, and what was
// found is still the beginning of the list.
struct ProofList {
  std::vector<Proof> proofs;
  bool complete = true;
};
ProofList best_proofs_of(const SupportGraph& graph,
                         NodeIndex node,
                         size_t count,
                         size_t limit = 100'000);

// The part of a graph on which all proofs of some live nodes lie: live nodes from which one of them
// can be reached by reasons. Nodes and reasons keep their order; both arrays map them back.
struct Cone {
  SupportGraph graph;               // without contradictions
  NodeIndex root = -1;              // in `graph`; of several, the first
  std::vector<NodeIndex> node;      // [N of graph] in the whole graph, ascending
  std::vector<ReasonIndex> reason;  // [R of graph] in the whole graph
};
// nullopt if the node is not live.
std::optional<Cone> cone_of(const SupportGraph& graph, NodeIndex node);
// Of roots that are live, for whoever asks often: it costs no more than what it finds, O(n log n).
// `live`: a set such as live_support finds. `place`: [N] of -1, which it is again in the end.
Cone cone_of(const SupportGraph& graph,
             std::span<const uint8_t> live,
             std::span<const NodeIndex> roots,
             std::vector<NodeIndex>& place);

}  // namespace saggio::graph
