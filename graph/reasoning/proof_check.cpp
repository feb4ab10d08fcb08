// SPDX-License-Identifier: MIT
#include "graph/reasoning/proof_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <tuple>

#include "graph/reasoning/support.h"

namespace saggio::graph {
namespace {

using Key = std::tuple<std::string, int32_t, NodeIndex, NodeIndex>;  // relation, its terms, nodes

Key key_of(const Fact& fact, const std::vector<Relation>& relations) {
  const Relation& relation = relations.at(static_cast<size_t>(fact.relation));
  return {relation.name, relation.terms, fact.first, fact.second};
}

// What the variables of one rule stand for.
class Binding {
 public:
  Binding(const Rule& rule, const FactBase& base)
      : base_(base), bound_(rule.variables.size(), kUnbound) {}

  bool fits(const Atom& atom, const Fact& fact, const Relation& relation) {
    if (atom.relation != relation.name || atom.terms.size() != static_cast<size_t>(relation.terms))
      return false;
    return bind(atom.terms[0], fact.first) &&
           (atom.terms.size() == 1 || bind(atom.terms[1], fact.second));
  }
  bool same(const Term& left, const Term& right) const { return value(left) == value(right); }

 private:
  static constexpr NodeIndex kUnbound = -1;
  static constexpr NodeIndex kNoNode = -2;

  NodeIndex value(const Term& term) const {
    if (term.variable >= 0) return bound_[static_cast<size_t>(term.variable)];
    return base_.find(term.key).value_or(kNoNode);
  }
  bool bind(const Term& term, NodeIndex node) {
    if (term.variable >= 0 && value(term) == kUnbound)
      bound_[static_cast<size_t>(term.variable)] = node;
    return value(term) == node;
  }

  const FactBase& base_;
  std::vector<NodeIndex> bound_;
};

class Checker {
 public:
  Checker(const Closure& closure, const RuleBook& rules, const FactBase& base)
      : closure_(closure), rules_(rules), base_(base), stands_(closure.facts.size(), false) {
    for (const FactBase::Known& known : base.facts)
      known_.emplace(key_of(known.fact, base.relations), &known);
  }

  std::optional<ProofFault> check(FactIndex fact) {
    if (!(fact < closure_.facts.size()))
      throw std::invalid_argument(fmt::format(
          "fact {} of a closure, allowed 0..{}", fact, int64_t(closure_.facts.size()) - 1));
    std::string what = closure_.rule[fact] == kKnownFact ? of_known(fact) : of_derived(fact);
    if (!what.empty()) return ProofFault{fact, std::move(what)};
    stands_[fact] = true;
    return std::nullopt;
  }

 private:
  std::string of_known(FactIndex fact) const {
    const auto [begin, end] = known_.equal_range(key_of(closure_.facts[fact], closure_.relations));
    if (begin == end) return "is said to be known, and is not";
    const bool is_stated = std::any_of(begin, end, [&](const auto& entry) {
      return entry.second->cost == closure_.cost[fact] && entry.second->edge == closure_.edge[fact];
    });
    return is_stated ? "" : "is known, but of another edge or cost";
  }

  std::string of_derived(FactIndex fact) const {
    const auto index = static_cast<size_t>(closure_.rule[fact]);
    if (closure_.rule[fact] < 0 || index >= rules_.rules.size())
      return fmt::format(
          "by rule {}, of which there are {}", closure_.rule[fact], rules_.rules.size());
    const Rule& rule = rules_.rules[index];
    const std::span<const FactIndex> premises = closure_.premises_of(fact);
    if (premises.size() != rule.body.size())
      return fmt::format("has {} premises, its rule {} atoms", premises.size(), rule.body.size());
    for (const FactIndex premise : premises)
      if (premise >= stands_.size() || !stands_[premise])
        return fmt::format("its premise {} does not stand before it", premise);
    if (std::string fault = instance_fault(rule, fact, premises); !fault.empty()) return fault;
    return sums_fault(rule, fact, premises);
  }

  std::string instance_fault(const Rule& rule,
                             FactIndex fact,
                             std::span<const FactIndex> premises) const {
    Binding binding(rule, base_);
    const auto fits = [&](const Atom& atom, FactIndex of) {
      const Fact& other = closure_.facts[of];
      return binding.fits(atom, other, closure_.relations.at(static_cast<size_t>(other.relation)));
    };
    for (size_t i = 0; i < premises.size(); ++i)
      if (!fits(rule.body[i], premises[i]))
        return fmt::format(
            "premise {} is no instance of {}", premises[i], text_of(rule.body[i], rule.variables));
    if (!fits(rule.head, fact))
      return fmt::format("is no instance of {}", text_of(rule.head, rule.variables));
    for (const auto& [left, right] : rule.different)
      if (binding.same(left, right)) return "what must differ is the same";
    return "";
  }

  std::string sums_fault(const Rule& rule,
                         FactIndex fact,
                         std::span<const FactIndex> premises) const {
    double cost = bits_of(rule.weight);
    int32_t height = 0;
    for (const FactIndex premise : premises) {
      cost += closure_.cost[premise];
      height = std::max(height, closure_.height[premise] + 1);
    }
    const double rounding =
        static_cast<double>(premises.size() + 2) * std::numeric_limits<double>::epsilon() * cost;
    if (!(std::abs(closure_.cost[fact] - cost) <= rounding))
      return fmt::format("costs {} bits, its rule and premises {}", closure_.cost[fact], cost);
    if (closure_.height[fact] != height)
      return fmt::format("has height {}, its premises give {}", closure_.height[fact], height);
    return "";
  }

  const Closure& closure_;
  const RuleBook& rules_;
  const FactBase& base_;
  std::multimap<Key, const FactBase::Known*> known_;
  std::vector<bool> stands_;
};

}  // namespace

std::optional<ProofFault> first_fault(const Closure& closure,
                                      const RuleBook& rules,
                                      const FactBase& base,
                                      std::span<const FactIndex> proof) {
  Checker checker(closure, rules, base);
  for (const FactIndex fact : proof)
    if (auto fault = checker.check(fact)) return fault;
  return std::nullopt;
}

}  // namespace saggio::graph
