// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>

#include "graph/reasoning/closure.h"

// Goes through a proof one step at a time and takes nothing on trust from the search that found it:
// it asks only the rules and the facts that were known.
namespace saggio::graph {

struct ProofFault {
  FactIndex fact = 0;  // of the closure
  std::string what;
};

// The first fact of the list, in its order, that does not stand: one that is said to be known and is
// not, or not at this cost; one whose rule does not give it for its premises, all variables bound
// alike and what must differ different; a premise that does not stand before it in the list; a cost
// that is not the rule's and the premises' together (to rounding), a height that is not 1 above the
// highest premise (0 without premises). nullopt: all stand. O(size of the proof + known facts).
// Throws std::invalid_argument if the closure has no such fact.
std::optional<ProofFault> first_fault(const Closure& closure,
                                      const RuleBook& rules,
                                      const FactBase& base,
                                      std::span<const FactIndex> proof);

}  // namespace saggio::graph
