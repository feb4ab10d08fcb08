// SPDX-License-Identifier: MIT
#include "graph/reasoning/closure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "graph/formats/lines.h"
#include "graph/reasoning/fact_index.h"

namespace saggio::graph {
namespace {

constexpr NodeIndex kUnbound = -2;  // of a variable; -1 is the second term that a relation has not

struct Slot {
  int32_t variable = -1;  // -1: a constant
  NodeIndex node = -1;
};
struct Pattern {
  RelationIndex relation = -1;
  Slot first, second;
};
struct Plan {
  double cost = 0;
  Pattern head;
  std::vector<Pattern> body;
  std::vector<std::pair<Slot, Slot>> different;
  size_t variables = 0;
};

// Names into numbers.
class Compiler {
 public:
  Compiler(std::vector<Relation>& relations, const FactBase& base, const std::string& file)
      : relations_(relations), base_(base), file_(file) {}

  Plan plan(const Rule& rule) {
    Plan plan{rule.weight == 1 ? 0 : -std::log2(rule.weight),
              pattern(rule.head),
              {},
              {},
              rule.variables.size()};
    for (const Atom& atom : rule.body) plan.body.push_back(pattern(atom));
    for (const auto& [left, right] : rule.different)
      plan.different.emplace_back(slot(left), slot(right));
    return plan;
  }
  Pattern pattern(const Atom& atom) {
    const Relation relation{atom.relation, static_cast<int32_t>(atom.terms.size())};
    const auto known = std::find(relations_.begin(), relations_.end(), relation);
    const auto index = static_cast<RelationIndex>(known - relations_.begin());
    if (known == relations_.end()) relations_.push_back(relation);
    return {index, slot(atom.terms[0]), atom.terms.size() == 2 ? slot(atom.terms[1]) : Slot()};
  }

 private:
  Slot slot(const Term& term) const {
    if (term.variable >= 0) return {term.variable, -1};
    if (const auto node = base_.find(term.key)) return {-1, *node};
    throw std::invalid_argument(fmt::format("{}:{}:{}: no node has the key {} at this point",
                                            clean(file_),
                                            term.place.line,
                                            term.place.column,
                                            shown(term.key)));
  }

  std::vector<Relation>& relations_;
  const FactBase& base_;
  const std::string& file_;
};

// What is known of one fact until it is settled, and then for good.
struct State {
  double cost = 0;
  int32_t height = 0;
  int32_t rule = kKnownFact;
  EdgeId edge = 0;
  uint32_t premises = 0, premise_count = 0;  // where in the pool, as many as the rule's body has
  FactIndex settled = kNoFact;               // its place in the order of settling
  FactIndex next_of_first = kNoFact, next_of_second = kNoFact, next = kNoFact;  // in the lists
};

struct Candidate {
  double cost = 0;
  int32_t height = 0;
  FactIndex fact = 0;
  bool operator>(const Candidate& other) const {
    return std::tie(cost, height, fact) > std::tie(other.cost, other.height, other.fact);
  }
};

class Engine {
 public:
  Engine(std::vector<Plan> plans, size_t relations, size_t most_facts)
      : plans_(std::move(plans)),
        by_first_(relations),
        by_second_(relations),
        whole_(relations),
        asking_(relations),
        most_facts_(most_facts) {
    for (size_t rule = 0; rule < plans_.size(); ++rule)
      for (size_t i = 0; i < plans_[rule].body.size(); ++i)
        asking_[at(plans_[rule].body[i].relation)].emplace_back(rule, i);
  }

  void know(const FactBase::Known& known) {
    rule_ = kKnownFact;
    premises_.clear();
    offer(known.fact, known.cost, 0, known.edge);
  }

  void run() {
    for (size_t rule = 0; rule < plans_.size(); ++rule) {
      if (!plans_[rule].body.empty()) continue;
      begin(rule);
      extend();
    }
    while (!queue_.empty()) {
      const Candidate next = queue_.top();
      queue_.pop();
      if (states_[next.fact].settled == kNoFact) settle(next.fact);
    }
  }

  Closure result(std::vector<Relation> relations) const {
    Closure closure;
    closure.relations = std::move(relations);
    closure.premise_ptr.push_back(0);
    for (const FactIndex fact : order_) {
      const State& state = states_[fact];
      closure.facts.push_back(facts_[fact]);
      closure.cost.push_back(state.cost);
      closure.height.push_back(state.height);
      closure.rule.push_back(state.rule);
      closure.edge.push_back(state.edge);
      for (uint32_t i = 0; i < state.premise_count; ++i)
        closure.premises.push_back(states_[pool_[state.premises + i]].settled);
      closure.premise_ptr.push_back(static_cast<uint32_t>(closure.premises.size()));
    }
    return closure;
  }

 private:
  static size_t at(int32_t index) { return static_cast<size_t>(index); }

  // For good: puts it into the indexes, and joins it with all that was settled before.
  void settle(FactIndex fact) {
    State& state = states_[fact];
    const Fact said = facts_[fact];
    state.settled = static_cast<FactIndex>(order_.size());
    order_.push_back(fact);
    state.next_of_first = by_first_[at(said.relation)].put(said.first, fact);
    state.next_of_second = by_second_[at(said.relation)].put(said.second, fact);
    state.next = whole_[at(said.relation)].put(0, fact);
    newest_ = fact;
    for (const auto& [rule, position] : asking_[at(said.relation)]) {
      begin(rule);
      newest_at_ = position;
      take(position, fact);
    }
  }

  void begin(size_t rule) {
    rule_ = static_cast<int32_t>(rule);
    plan_ = &plans_[rule];
    bound_.assign(plan_->variables, kUnbound);
    premises_.assign(plan_->body.size(), kNoFact);
  }

  NodeIndex value(const Slot& slot) const {
    return slot.variable < 0 ? slot.node : bound_[at(slot.variable)];
  }

  // Goes on with one fact for one atom of the body, if it fits; undoes it afterwards.
  void take(size_t position, FactIndex fact) {
    const Pattern& atom = plan_->body[position];
    const NodeIndex first = value(atom.first);
    if (first == kUnbound)
      bound_[at(atom.first.variable)] = facts_[fact].first;
    else if (first != facts_[fact].first)
      return;
    const NodeIndex second = value(atom.second);
    if (second == kUnbound) bound_[at(atom.second.variable)] = facts_[fact].second;
    if (second == kUnbound || second == facts_[fact].second) {
      premises_[position] = fact;
      extend();
      premises_[position] = kNoFact;
    }
    if (second == kUnbound) bound_[at(atom.second.variable)] = kUnbound;
    if (first == kUnbound) bound_[at(atom.first.variable)] = kUnbound;
  }

  // Where to look for facts that fit an atom: one fact, or one of its lists.
  struct Choice {
    size_t position = 0;
    uint32_t count = UINT32_MAX;
    FactIndex head = kNoFact;
    FactIndex State::*next = nullptr;  // nullptr: one fact alone
  };
  Choice look_up(size_t position) {
    const Pattern& atom = plan_->body[position];
    const NodeIndex first = value(atom.first), second = value(atom.second);
    if (first != kUnbound && second != kUnbound) {
      const FactIndex fact = settled({atom.relation, first, second});
      return {position, fact != kNoFact, fact, nullptr};
    }
    const auto of = [&](const TermIndex& index, NodeIndex node, FactIndex State::*next) {
      const TermIndex::List* list = index.find(node);
      return list ? Choice{position, list->count, list->head, next} : Choice{position, 0};
    };
    if (first != kUnbound) return of(by_first_[at(atom.relation)], first, &State::next_of_first);
    if (second != kUnbound)
      return of(by_second_[at(atom.relation)], second, &State::next_of_second);
    return of(whole_[at(atom.relation)], 0, &State::next);
  }

  void extend() {
    Choice fewest;
    for (size_t i = 0; i < plan_->body.size() && fewest.count > 0; ++i) {
      if (premises_[i] != kNoFact) continue;
      const Choice choice = look_up(i);
      if (choice.count < fewest.count) fewest = choice;
    }
    if (fewest.count == 0 || !may_still_be_new()) return;
    if (fewest.count == UINT32_MAX) return conclude();
    for (FactIndex fact = fewest.head; fact != kNoFact;) {
      const FactIndex next = fewest.next ? states_[fact].*fewest.next : kNoFact;
      // Of one fact that fits two atoms, the instance is met at the first of them.
      if (fact != newest_ || fewest.position > newest_at_) take(fewest.position, fact);
      fact = next;
    }
  }

  // Whether the head is not settled, as far as it is bound; and what must differ does.
  bool may_still_be_new() {
    for (const auto& [left, right] : plan_->different)
      if (value(left) == value(right) && value(left) != kUnbound) return false;
    const NodeIndex first = value(plan_->head.first), second = value(plan_->head.second);
    return first == kUnbound || second == kUnbound ||
           settled({plan_->head.relation, first, second}) == kNoFact;
  }

  FactIndex settled(const Fact& fact) {
    const FactIndex found = table_.find(fact, facts_);
    return found != kNoFact && states_[found].settled != kNoFact ? found : kNoFact;
  }

  void conclude() {
    double cost = plan_->cost;
    int32_t height = 0;
    for (const FactIndex premise : premises_) {
      cost += states_[premise].cost;
      height = std::max(height, states_[premise].height + 1);
    }
    const Pattern& head = plan_->head;
    offer({head.relation, value(head.first), value(head.second)}, cost, height, 0);
  }

  // A proof of a fact by rule_ and premises_; kept if there is no better one.
  void offer(const Fact& fact, double cost, int32_t height, EdgeId edge) {
    FactIndex& place = table_.find(fact, facts_);
    const bool is_new = place == kNoFact;
    if (is_new) {
      if (facts_.size() >= most_facts_)
        throw std::runtime_error(fmt::format(
            "the closure has more than {} facts; ask for less by narrower rules", most_facts_));
      place = static_cast<FactIndex>(facts_.size());
      facts_.push_back(fact);
      states_.emplace_back();
    }
    const FactIndex index = place;
    State& state = states_[index];
    if (state.settled != kNoFact) return;
    const auto rank = std::tie(cost, height), known = std::tie(state.cost, state.height);
    const bool better = is_new || rank < known;
    if (!better && !(rank == known && comes_before(state, edge))) return;
    state.cost = cost;
    state.height = height;
    state.rule = rule_;
    state.edge = edge;
    keep_premises(state);
    if (better) queue_.push({cost, height, index});
  }

  bool comes_before(const State& state, EdgeId edge) const {
    if (rule_ != state.rule) return rule_ < state.rule;
    const auto earlier = [&](FactIndex a, FactIndex b) {
      return states_[a].settled < states_[b].settled;
    };
    const auto known = pool_.begin() + state.premises;
    if (premises_.empty()) return edge < state.edge;
    return std::lexicographical_compare(
        premises_.begin(), premises_.end(), known, known + state.premise_count, earlier);
  }

  void keep_premises(State& state) {
    if (state.premise_count < premises_.size()) {
      state.premises = static_cast<uint32_t>(pool_.size());
      pool_.resize(pool_.size() + premises_.size());
    }
    state.premise_count = static_cast<uint32_t>(premises_.size());
    std::copy(premises_.begin(), premises_.end(), pool_.begin() + state.premises);
  }

  std::vector<Plan> plans_;
  FactTable table_;
  std::vector<Fact> facts_;
  std::vector<State> states_;
  std::vector<FactIndex> pool_, order_;
  std::vector<TermIndex> by_first_, by_second_, whole_;         // of settled facts
  std::vector<std::vector<std::pair<size_t, size_t>>> asking_;  // rule and place in its body
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
  size_t most_facts_;

  // The instance of a rule that is being built.
  int32_t rule_ = kKnownFact;
  const Plan* plan_ = nullptr;
  std::vector<NodeIndex> bound_;
  std::vector<FactIndex> premises_;
  FactIndex newest_ = kNoFact;
  size_t newest_at_ = 0;
};

}  // namespace

Closure close(const RuleBook& rules, const FactBase& base, const ClosureOptions& options) {
  std::vector<Relation> relations = base.relations;
  Compiler compiler(relations, base, rules.name);
  std::vector<Plan> plans;
  for (const Rule& rule : rules.rules) plans.push_back(compiler.plan(rule));
  Engine engine(std::move(plans), relations.size(), options.most_facts);
  for (const FactBase::Known& known : base.facts) engine.know(known);
  engine.run();
  return engine.result(std::move(relations));
}

std::vector<FactIndex> answers(const Closure& closure, const Goal& goal, const FactBase& base) {
  std::vector<Relation> relations = closure.relations;
  const Pattern pattern = Compiler(relations, base, "goal").pattern(goal.atom);
  const bool same =
      pattern.first.variable >= 0 && pattern.first.variable == pattern.second.variable;
  const auto fits = [](const Slot& slot, NodeIndex node) {
    return slot.variable >= 0 || slot.node == node;
  };
  std::vector<FactIndex> found;
  for (size_t i = 0; i < closure.facts.size(); ++i) {
    const Fact& fact = closure.facts[i];
    if (fact.relation == pattern.relation && fits(pattern.first, fact.first) &&
        fits(pattern.second, fact.second) && (!same || fact.first == fact.second))
      found.push_back(static_cast<FactIndex>(i));
  }
  return found;
}

std::vector<FactIndex> proof_of(const Closure& closure, std::span<const FactIndex> facts) {
  std::vector<FactIndex> needed;
  std::vector<uint8_t> seen(closure.facts.size());
  const auto need = [&](FactIndex fact) {
    if (!std::exchange(seen.at(fact), uint8_t{1})) needed.push_back(fact);
  };
  for (const FactIndex fact : facts) need(fact);
  for (size_t i = 0; i < needed.size(); ++i)
    for (const FactIndex premise : closure.premises_of(needed[i])) need(premise);
  std::sort(needed.begin(), needed.end());
  return needed;
}

}  // namespace saggio::graph
