// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/reasoning/rules.h"
#include "graph/view/view.h"

// All that follows from facts by Horn rules, each fact with its best proof. A fact is a relation of
// one or two nodes. The weight of a proof is the product of the weights of the facts and rules in it
// (a fact used twice counts twice), that of a fact the largest of its proofs; as costs, in bits
// (graph/reasoning/support.h), they are sums. Between proofs of one weight the lower one is taken (a
// known fact has height 0, a derived one 1 more than its highest premise), then the earlier rule,
// then the earlier facts. No proof is circular.
namespace saggio::graph {

using RelationIndex = int32_t;
using FactIndex = uint32_t;

inline constexpr int32_t kKnownFact = -1;  // of no rule: it stands in the store

struct Relation {
  std::string name;
  int32_t terms = 2;
  bool operator==(const Relation&) const = default;
};
struct Fact {
  RelationIndex relation = -1;
  NodeIndex first = -1, second = -1;  // second: -1 if the relation has one term
  bool operator==(const Fact&) const = default;
};

// What is known before any rule is asked.
struct FactBase {
  struct Known {
    Fact fact;        // of `relations`
    double cost = 0;  // bits, >= 0
    EdgeId edge = 0;  // which says so; of a node's kind: its NodeId
  };
  std::vector<Relation> relations;  // no two are equal; such as have no facts may stand here too
  std::vector<Known> facts;
  std::function<std::optional<NodeIndex>(std::string_view key)> find;  // a constant of the rules
};

// Every edge of a type that rules or the goal name is a fact type(source, target), of its weight;
// every node is a fact kind(node) of weight 1. Edges whose status is refuted, superseded or
// unprovable are no facts. Borrows both. Throws std::invalid_argument "FILE:LINE:COLUMN: ..." if an
// atom names a relation that is no edge type, no kind, and that no rule derives.
FactBase facts_of(const History& history,
                  const View& view,
                  const RuleBook& rules,
                  const Goal* goal = nullptr);

struct Closure {
  std::vector<Relation> relations;
  std::vector<Fact> facts;            // [F] each once, in the order in which they were settled:
                                      // premises come before what they prove
  std::vector<double> cost;           // [F] bits, ascending
  std::vector<int32_t> height;        // [F]
  std::vector<int32_t> rule;          // [F] in the rule book; kKnownFact
  std::vector<EdgeId> edge;           // [F] of a known fact
  std::vector<uint32_t> premise_ptr;  // [F+1]
  std::vector<FactIndex> premises;    // of fact f, in the order of the rule's body

  std::span<const FactIndex> premises_of(FactIndex fact) const {
    return {premises.data() + premise_ptr[fact], premises.data() + premise_ptr[fact + 1]};
  }
};

struct ClosureOptions {
  size_t most_facts = 20'000'000;  // some 100 B each
};

// Semi-naive evaluation, best fact first (Knuth 1977): the fact that costs least is settled for good,
// and joined with those settled before it where a rule's body asks for its relation, so that each
// instance of a rule is met once, when the last of its premises is settled. Each join goes on with
// the atom that has the fewest facts for what is bound so far, found by hash indexes of both terms,
// and ends when its head is settled already.
// Throws std::invalid_argument "FILE:LINE:COLUMN: ..." for a key that no node has,
// std::runtime_error if there are more than most_facts.
Closure close(const RuleBook& rules, const FactBase& base, const ClosureOptions& options = {});

// The facts that an atom asks for, cheapest first. Throws as close() for a key.
std::vector<FactIndex> answers(const Closure& closure, const Goal& goal, const FactBase& base);

// Facts and all that their proofs need, each once, premises first.
std::vector<FactIndex> proof_of(const Closure& closure, std::span<const FactIndex> facts);

}  // namespace saggio::graph
