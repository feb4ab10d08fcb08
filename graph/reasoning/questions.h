// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "graph/reasoning/support.h"

// What a person asks of a support graph: what contradicts what, where does it go in circles, what if
// this falls, and why not.
namespace saggio::graph {

// Every live node that a live node contradicts, with who does so.
struct Contradicted {
  NodeIndex node = -1;
  std::vector<Contradiction> by;  // by edge; their sources are live
};
// Ascending by node. `live`: what live_support found.   O(N + contradictions)
std::vector<Contradicted> contradicted_nodes(const SupportGraph& graph,
                                             std::span<const uint8_t> live);

// Circular derivations: the strongly connected components of the reasons, live or not, of more than
// one node or with a node that is its own reason.
struct CircularDerivation {
  std::vector<NodeIndex> nodes;    // of the component, ascending
  std::vector<ReasonIndex> cycle;  // a shortest one through the first of them: the source of each
                                   // is the user of the one before it; the first one's user and
                                   // the last one's source are that node
  bool live = false;               // one of them is
};
// Ascending by their first nodes. O(N + R), Boost.Graph's strong_components
std::vector<CircularDerivation> circular_derivations(const SupportGraph& graph);

// What if some nodes were not there.
struct WhatIf {
  std::vector<NodeIndex> gone;    // those left out that were live, ascending
  std::vector<NodeIndex> fallen;  // others that were live and are not, ascending
  struct Weaker {
    NodeIndex node = -1;
    double before = 0, after = 0;  // cost of the best proof, in bits; before < after
  };
  std::vector<Weaker> weaker;        // that stay live by a worse proof, ascending
  std::vector<Contradiction> ended;  // between live nodes, that are no more, by target and edge
  size_t live = 0;                   // nodes that still are
};
// O((N + R) log N), twice.
WhatIf what_if(const SupportGraph& graph, std::span<const NodeIndex> without);

enum class Cause : uint8_t {
  Barred,    // its status says that it does not hold
  Lost,      // a step one of whose premises is not there any more
  NoReason,  // it needs reasons and has none
  Circular,  // it is held up only by what it holds up itself
};
struct Lack {
  NodeIndex node = -1;
  Cause cause = Cause::NoReason;
};
// Why a node is not live: what is lacking, below it or itself. If all of these held, it would hold.
// Ascending by node; empty if it is live.
std::vector<Lack> why_not(const SupportGraph& graph, NodeIndex node);

}  // namespace saggio::graph
