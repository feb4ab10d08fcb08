// SPDX-License-Identifier: MIT
#include "graph/reasoning/closure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "graph/reasoning/proof.h"
#include "graph/reasoning/proof_nodes.h"
#include "graph/store/store.h"
#include "results/random.h"
#include "tests/graph/store/simulated_files.h"

namespace saggio::graph {
namespace {

using Ground = std::tuple<std::string, NodeIndex, NodeIndex>;  // relation, nodes; -1: one term
using Rank = std::pair<double, int32_t>;                       // cost, height
using Known = std::map<Ground, Rank>;

NodeIndex node_of(const std::string& key) { return static_cast<NodeIndex>(key[0] - 'a'); }

// The oracle: every combination of nodes for the variables of every rule, round after round, until
// nothing gets better.
Known by_all_combinations(const RuleBook& rules, Known known, NodeIndex nodes) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Rule& rule : rules.rules) {
      std::vector<NodeIndex> value(rule.variables.size());
      const auto of = [&](const Term& term) {
        return term.variable < 0 ? node_of(term.key) : value[static_cast<size_t>(term.variable)];
      };
      const auto ground = [&](const Atom& atom) {
        return Ground{
            atom.relation, of(atom.terms[0]), atom.terms.size() == 2 ? of(atom.terms[1]) : -1};
      };
      const std::function<void(size_t)> assign = [&](size_t variable) {
        if (variable < value.size()) {
          for (value[variable] = 0; value[variable] < nodes; ++value[variable])
            assign(variable + 1);
          return;
        }
        for (const auto& [left, right] : rule.different)
          if (of(left) == of(right)) return;
        Rank rank{bits_of(rule.weight), 0};
        for (const Atom& atom : rule.body) {
          const auto premise = known.find(ground(atom));
          if (premise == known.end()) return;
          rank.first += premise->second.first;
          rank.second = std::max(rank.second, premise->second.second + 1);
        }
        const auto [place, is_new] = known.emplace(ground(rule.head), rank);
        if (!is_new && !(rank < place->second)) return;
        place->second = rank;
        changed = true;
      };
      assign(0);
    }
  }
  return known;
}

struct Case {
  RuleBook rules;
  FactBase base;
  Known known;
  NodeIndex nodes = 0;
};

// A few relations of one and two terms, rules of every shape over them, weights of whole bits.
Case random_case(uint64_t seed) {
  results::Stream stream(seed);
  const auto below = [&](uint64_t n) { return stream.below(n); };
  Case made;
  made.nodes = static_cast<NodeIndex>(1 + below(4));
  const auto key = [&] {
    return std::string(1, static_cast<char>('a' + below(static_cast<uint64_t>(made.nodes))));
  };
  const char* const names[] = {"p", "q", "r", "s"};  // r and s have one term
  for (const char* name : names) made.base.relations.push_back({name, name[0] < 'r' ? 2 : 1});
  made.base.find = [](std::string_view k) { return node_of(std::string(k)); };
  for (uint64_t i = below(7); i > 0; --i) {
    const auto relation = static_cast<RelationIndex>(below(4));
    const NodeIndex first = node_of(key()), second = relation < 2 ? node_of(key()) : -1;
    const auto cost = static_cast<double>(below(3));
    made.base.facts.push_back({{relation, first, second}, cost, i});
    const Ground ground{names[relation], first, second};
    const auto [place, is_new] = made.known.emplace(ground, Rank{cost, 0});
    if (!is_new) place->second.first = std::min(place->second.first, cost);
  }
  std::string text;
  for (uint64_t rules = 1 + below(4); rules > 0; --rules) {
    const auto atom = [&](const auto& term) {
      const char* const name = names[below(4)];
      return std::string(name) + "(" + term() + (name[0] < 'r' ? ", " + term() : "") + ")";
    };
    std::vector<std::string> used;
    const auto in_body = [&]() -> std::string {
      if (below(8) == 0) return key();
      used.push_back(std::string(1, static_cast<char>('X' + below(3))));
      return used.back();
    };
    const auto in_head = [&] {
      return used.empty() || below(8) == 0 ? key() : used[below(used.size())];
    };
    std::string body;
    for (uint64_t atoms = below(4); atoms > 0; --atoms)
      body += (body.empty() ? " :- " : ", ") + atom(in_body);
    const std::string head = atom(in_head);
    if (!used.empty() && below(3) == 0)
      body += ", " + used[below(used.size())] + " != " + used[below(used.size())];
    const char* const weights[] = {"", "0.5 :: ", "0.25 :: "};
    text += weights[below(3)] + head + body + ".\n";
  }
  made.rules = parse_rules(text);
  return made;
}

std::string text_of_case(const Case& made) {
  std::string text;
  for (const Rule& rule : made.rules.rules) text += text_of(rule) + "\n";
  for (const auto& [ground, rank] : made.known)
    text += std::get<0>(ground) + "(" + std::to_string(std::get<1>(ground)) + ", " +
            std::to_string(std::get<2>(ground)) + ") " + std::to_string(rank.first) + "\n";
  return text;
}

// That a fact's rule, with its premises in the places of the body, says the fact at its cost.
void expect_proof(const Case& made, const Closure& closure, FactIndex fact) {
  const auto premises = closure.premises_of(fact);
  if (closure.rule[fact] == kKnownFact) {
    ASSERT_TRUE(premises.empty());
    ASSERT_EQ(closure.height[fact], 0);
    return;
  }
  const Rule& rule = made.rules.rules[static_cast<size_t>(closure.rule[fact])];
  ASSERT_EQ(premises.size(), rule.body.size());
  std::map<int32_t, NodeIndex> bound;
  const auto fits = [&](const Term& term, NodeIndex node) {
    return term.variable < 0 ? node_of(term.key) == node
                             : bound.emplace(term.variable, node).first->second == node;
  };
  const auto says = [&](const Atom& atom, const Fact& said) {
    const Relation& relation = closure.relations[static_cast<size_t>(said.relation)];
    return relation == Relation{atom.relation, static_cast<int32_t>(atom.terms.size())} &&
           fits(atom.terms[0], said.first) &&
           (atom.terms.size() == 1 || fits(atom.terms[1], said.second));
  };
  double cost = bits_of(rule.weight);
  int32_t height = 0;
  for (size_t i = 0; i < premises.size(); ++i) {
    ASSERT_LT(premises[i], fact);
    ASSERT_TRUE(says(rule.body[i], closure.facts[premises[i]]));
    cost += closure.cost[premises[i]];
    height = std::max(height, closure.height[premises[i]] + 1);
  }
  ASSERT_TRUE(says(rule.head, closure.facts[fact]));
  ASSERT_EQ(closure.cost[fact], cost);
  ASSERT_EQ(closure.height[fact], height);
  for (const auto& [left, right] : rule.different) {
    const auto value = [&](const Term& term) {
      return term.variable < 0 ? node_of(term.key) : bound.at(term.variable);
    };
    ASSERT_NE(value(left), value(right));
  }
}

TEST(Closure, IsWhatAllCombinationsGiveWithTheirBestProofsOnTenThousandPrograms) {
  size_t derived = 0;
  for (uint64_t seed = 0; seed < 10'000; ++seed) {
    const Case made = random_case(seed);
    SCOPED_TRACE(text_of_case(made));
    const Known expected = by_all_combinations(made.rules, made.known, made.nodes);
    const Closure closure = close(made.rules, made.base);
    ASSERT_EQ(closure.facts.size(), expected.size());
    for (FactIndex fact = 0; fact < closure.facts.size(); ++fact) {
      const Fact& said = closure.facts[fact];
      const auto found = expected.find(
          {closure.relations[static_cast<size_t>(said.relation)].name, said.first, said.second});
      ASSERT_NE(found, expected.end());
      ASSERT_EQ(closure.cost[fact], found->second.first);
      ASSERT_EQ(closure.height[fact], found->second.second);
      expect_proof(made, closure, fact);
      ASSERT_FALSE(::testing::Test::HasFatalFailure());
      derived += closure.rule[fact] >= 0;
    }
  }
  EXPECT_GT(derived, 5'000u);  // or the test shows little
}

TEST(Closure, TakesTheEarlierRuleAndTheEarlierFactsAmongEquals) {
  Case made = random_case(0);
  made.rules = parse_rules("r(X) :- q(X, _). r(X) :- p(X, _). s(X) :- p(X, Y), p(Y, X).");
  made.base.facts = {{{0, 0, 1}, 0, 7}, {{0, 0, 1}, 0, 5}, {{0, 1, 0}, 0, 3}, {{1, 0, 0}, 0, 9}};
  const Closure closure = close(made.rules, made.base);
  ASSERT_EQ(closure.facts.size(), 7u);
  const auto fact = [&](RelationIndex relation, NodeIndex first) {
    const auto found = std::find_if(closure.facts.begin(), closure.facts.end(), [&](const Fact& f) {
      return f.relation == relation && f.first == first;
    });
    return static_cast<FactIndex>(found - closure.facts.begin());
  };
  EXPECT_EQ(closure.rule[fact(2, 0)], 0);
  EXPECT_EQ(closure.rule[fact(2, 1)], 1);
  EXPECT_EQ(closure.edge[fact(0, 0)], 5u);
  EXPECT_EQ(closure.rule[fact(3, 0)], 2);
}

TEST(Closure, AnswersAreTheFactsThatFitTheGoal) {
  Case made = random_case(0);
  made.rules = parse_rules("p(X, Z) :- p(X, Y), p(Y, Z).");
  made.base.facts = {{{0, 0, 1}, 1, 0}, {{0, 1, 2}, 0, 1}, {{0, 2, 0}, 1, 2}};
  const Closure closure = close(made.rules, made.base);
  EXPECT_EQ(answers(closure, parse_goal("p(X, Y)"), made.base).size(), 9u);
  EXPECT_EQ(answers(closure, parse_goal("p(X, X)"), made.base).size(), 3u);
  EXPECT_EQ(answers(closure, parse_goal("p(a, Y)"), made.base).size(), 3u);
  EXPECT_EQ(answers(closure, parse_goal("p(a, c)"), made.base).size(), 1u);
  EXPECT_EQ(answers(closure, parse_goal("q(X, Y)"), made.base).size(), 0u);
  const FactIndex loop = answers(closure, parse_goal("p(a, a)"), made.base)[0];
  EXPECT_EQ(closure.cost[loop], 2);
  EXPECT_EQ(proof_of(closure, std::vector{loop}).size(), 5u);
}

TEST(Closure, StopsAtTheMostFactsAndSaysSo) {
  Case made = random_case(0);
  made.rules = parse_rules("p(X, Y) :- q(X, _), q(Y, _).");
  for (NodeIndex x = 0; x < 10; ++x) made.base.facts.push_back({{1, x, 0}, 0, 0});
  EXPECT_THROW(close(made.rules, made.base, {.most_facts = 50}), std::runtime_error);
}

// --- from stores

struct Family {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});
  EdgeId first = 0;

  Family() {
    for (const char* key : {"ann", "bob", "cid", "dan"}) store.add_node(NodeKind::Entity, {}, key);
    first = store.add_edge(0, store.type("parent"), 1, {.weight = .5f});
    store.add_edge(1, store.type("parent"), 2);
    store.add_edge(1, store.type("parent"), 3, {.status = Status::Refuted});
    store.commit();
  }
};

const char* const kFamilyRules =
    "0.5 :: grandparent(X, Z) :- parent(X, Y), parent(Y, Z).\n"
    "old(X) :- grandparent(X, _), entity(X).\n";

TEST(Facts, AreTheEdgesAndKindsOfTheViewThatHold) {
  const Family family;
  const History& history = family.store.history();
  const View view = View::build(history);
  const RuleBook rules = parse_rules(kFamilyRules, "f");
  const FactBase base = facts_of(history, view, rules);
  const Closure closure = close(rules, base);
  const auto old = answers(closure, parse_goal("old(X)"), base);
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(closure.cost[old[0]], 2);
  EXPECT_EQ(text_of(closure.facts[old[0]], closure, view, history), "old(ann)");
  EXPECT_EQ(answers(closure, parse_goal("grandparent(X, dan)"), base).size(), 0u);
}

TEST(Facts, OfAnUnknownRelationOrKeyAreRefusedWithTheirPlace) {
  const Family family;
  const History& history = family.store.history();
  const View view = View::build(history);
  const auto complaint = [&](const std::string& text) -> std::string {
    try {
      const RuleBook rules = parse_rules(text, "f");
      close(rules, facts_of(history, view, rules));
      return "";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  };
  EXPECT_EQ(complaint("p(X) :- parnt(X, _)."),
            "f:1:9: parnt is no edge type and no rule derives it; there are parent");
  EXPECT_TRUE(
      complaint("p(X, X) :- parent(X).")
          .starts_with(
              "f:1:12: parent is no kind of nodes and no rule derives it; there are claim"));
  EXPECT_EQ(complaint("p(X) :-\n parent(X, eve)."),
            "f:2:12: no node has the key \"eve\" at this point");
}

std::vector<FactIndex> proved(const Family& family,
                              const RuleBook& rules,
                              const View& view,
                              Closure& closure) {
  const FactBase base = facts_of(family.store.history(), view, rules);
  closure = close(rules, base);
  return answers(closure, parse_goal("old(X)"), base);
}

TEST(WriteProofs, MakesLiveStepsOfItOnceAndTheyFallWithTheirEdge) {
  Family family;
  Store& store = family.store;
  const RuleBook rules = parse_rules(kFamilyRules, "f");
  Closure closure;
  const auto write = [&] {
    const View view = View::build(store.history());
    const auto facts = proved(family, rules, view, closure);
    const WrittenProofs written = write_proofs(store, view, closure, rules, facts);
    if (store.has_pending()) store.commit();
    return written;
  };

  const WrittenProofs first = write();
  EXPECT_EQ(first.nodes_added, 7u);   // three known facts, two derived ones, two steps
  EXPECT_EQ(first.edges_added, 14u);  // 8 mentions, 4 premises, 2 conclusions
  const Version head = store.history().head();
  const WrittenProofs again = write();
  EXPECT_EQ(store.history().head(), head);
  EXPECT_EQ(again.nodes_added + again.edges_added + again.revised + again.retired, 0u);

  const auto is_live = [&] {
    const SupportGraph graph = support_graph(store.history());
    const NodeId id = *store.history().find_node("fact:old(ann)");
    const auto x = static_cast<size_t>(std::lower_bound(graph.ids.begin(), graph.ids.end(), id) -
                                       graph.ids.begin());
    return std::pair(live_support(graph)[x] == 1, best_proofs(graph).cost[x]);
  };
  EXPECT_EQ(is_live(), std::pair(true, 2.0));

  store.retire_edge(family.first);
  store.commit();
  EXPECT_EQ(write().retired, 1u);
  EXPECT_FALSE(is_live().first);

  store.add_edge(0, store.type("parent"), 1);  // back, and surer
  store.commit();
  const WrittenProofs back = write();
  EXPECT_EQ(back.nodes_added, 2u);  // the evidence, and the step from it
  EXPECT_EQ(back.retired, 1u);      // the step from what was retired
  EXPECT_EQ(is_live(), std::pair(true, 1.0));
}

}  // namespace
}  // namespace saggio::graph
