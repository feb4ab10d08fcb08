// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "graph/reasoning/support.h"

// What a conclusion hangs on: the nodes without which it would not be live, alone and together.
// Leaving a node out means what Without::nodes means; the conclusion itself is never among them.
namespace saggio::graph {

// Single points of failure: all nodes x such that `node` is live, and without x it is not.
// Ascending; none if it is not live. Found by deriving again: candidates are the nodes of one proof,
// and each proof that avoids one of them rules out all that it does not need. At most as many
// derivations as the first proof has nodes, O((N + R) log N) each, on the nodes below.
std::vector<NodeIndex> single_points_of_failure(const SupportGraph& graph, NodeIndex node);

struct WeakestOptions {
  std::span<const double> costs;  // [N] finite and > 0: of leaving a node out; empty: 1 each
  size_t limit = 100'000;         // proofs that the search may look for
};

// A cheapest set of nodes without which `node` is not live. If no step is among the nodes below, by
// one minimum cut (Boost.Graph), and always exact. Else by branch and bound over the nodes of proofs
// (some node of every proof must be in the set), pruned by proofs that share no node: exact unless
// `limit` ended it, and then the cost lies between `at_least` and `cost`.
struct WeakestSet {
  bool exists = false;  // no: it is not live, or it is Given and falls with nothing else
  bool exact = true;
  std::vector<NodeIndex> nodes;  // ascending
  double cost = 0, at_least = 0;
};
// Throws std::invalid_argument for a node or a cost that is not allowed.
WeakestSet weakest_support(const SupportGraph& graph,
                           NodeIndex node,
                           const WeakestOptions& options = {});

}  // namespace saggio::graph
