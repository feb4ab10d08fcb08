// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "graph/reasoning/closure.h"
#include "graph/store/store.h"

// Facts and their proofs as nodes of a store, so that live support, `why` and the viewer see them.
//   a known fact     evidence, key "fact:" + its text; confidence: its weight; source "edge #ID" (or
//                    "node #ID" of a kind, "FILE:LINE" of a fact of the rules)
//   a derived fact   claim, key "fact:" + its text
//   its proof        step, which its premises derive and which derives the claim with the rule's
//                    weight; rule: the rule's text; source "FILE:LINE"
// All bear the label "closure"; a fact `mentions` its nodes. Relations among nodes stay as they are:
// no edge is added between them, so that what is known and what is derived never mix.
namespace saggio::graph {

struct WrittenProofs {
  uint64_t nodes_added = 0, edges_added = 0;
  uint64_t revised = 0;    // facts of another weight than was written
  uint64_t retired = 0;    // evidence whose edge is gone; proofs from it, and proofs written anew
  uint64_t unchanged = 0;  // nodes
};

// Writes these facts and all that their proofs need; what is there already stays, so that writing
// twice changes nothing. Evidence that was written before and whose edge or node is no longer there
// is retired, and with it falls what was derived from it. Leaves the commit to the caller. `view` is
// the head of the store, which the closure is of; throws std::invalid_argument if it is not.
WrittenProofs write_proofs(Store& store,
                           const View& view,
                           const Closure& closure,
                           const RuleBook& rules,
                           std::span<const FactIndex> facts);

// parent(ann, "Bob B."): keys as rules write them, #ID of a node without one.
std::string text_of(const Fact& fact,
                    const Closure& closure,
                    const View& view,
                    const History& history);

}  // namespace saggio::graph
