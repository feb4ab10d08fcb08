// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/reasoning/questions.h"

// What a contradiction rests on, and no more than that.
namespace saggio::graph {

// A minimal inconsistent set of sources. If of all Given nodes these alone were there, `node` would
// be live, and so would a node that contradicts it; without any one of them, `node` would not be
// live or nothing that contradicts it would. There may be others, smaller ones too: a smallest is
// NP-hard to find.
struct ContradictionCore {
  NodeIndex node = -1;
  std::vector<NodeIndex> sources;  // Given, ascending
  Contradiction by;           // of those whose source is live by them, the one that is proved best
  std::vector<EdgeId> edges;  // of the best proofs of both sides from the sources, and `by`;
                              // ascending
};

// Of each of `contradicted`, which contradicted_nodes() found, in that order. Begins with the sources
// of the best proofs of the node and of the cheapest that contradicts it, and leaves out one after
// the other, the least probable first, where the others suffice. The same every time. For each node
// O(n log n + t m): n, what lies below both sides, nodes and reasons; m, what of n is live by the
// sources that it begins with; t, how often up to 64 of these s are tried at once: s/64 times where
// all are needed, as mostly, and 2 s times at most. `most` bounds the sum, in some 10 ns: nodes for
// which what is left of it does not suffice are left out.
std::vector<ContradictionCore> contradiction_cores(const SupportGraph& graph,
                                                   std::span<const uint8_t> live,
                                                   std::span<const Contradicted> contradicted,
                                                   uint64_t most = UINT64_MAX);
// Of one node; nullopt if it is not live, or nothing that is live contradicts it. Throws
// std::invalid_argument if the graph has no such node.
std::optional<ContradictionCore> contradiction_core(const SupportGraph& graph,
                                                    std::span<const uint8_t> live,
                                                    NodeIndex node);

}  // namespace saggio::graph
