// SPDX-License-Identifier: MIT
#include "graph/reasoning/proof_check.h"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "graph/reasoning/support.h"
#include "results/random.h"

namespace saggio::graph {
namespace {

struct Proved {
  RuleBook rules;
  FactBase base;
  Closure closure;

  std::vector<FactIndex> all() const {
    std::vector<FactIndex> facts(closure.facts.size());
    std::iota(facts.begin(), facts.end(), FactIndex{0});
    return facts;
  }
  FactIndex fact(const std::string& goal) const {
    return answers(closure, parse_goal(goal), base).at(0);
  }
};

// Nodes a..z; parent(b, a) and parent(c, b) are known.
Proved family() {
  Proved proved;
  proved.rules = parse_rules(
      "0.5 :: grand(X, Z) :- parent(X, Y), parent(Y, Z).\n"
      "other(X, Y) :- parent(X, P), parent(Y, P), X != Y.\n"
      "old(X) :- grand(X, _).\n"
      "kind(a).\n");
  proved.base.relations = {{"parent", 2}};
  proved.base.facts = {{{0, 1, 0}, bits_of(.25), 7}, {{0, 2, 1}, 0, 8}, {{0, 3, 1}, 0, 9}};
  proved.base.find = [](std::string_view key) { return NodeIndex{key[0] - 'a'}; };
  proved.closure = close(proved.rules, proved.base);
  return proved;
}

std::string fault_of(const Proved& proved) {
  const auto all = proved.all();
  const auto fault = first_fault(proved.closure, proved.rules, proved.base, all);
  return fault ? fault->what : "";
}

TEST(ProofCheck, WhatTheClosureFindsStands) {
  const Proved proved = family();

  EXPECT_EQ(proved.closure.facts.size(), 10U);  // 3 known, 2 grand, 2 other, 2 old, 1 kind
  EXPECT_EQ(fault_of(proved), "");
  const std::vector<FactIndex> goal = {proved.fact("old(c)")};
  EXPECT_EQ(first_fault(proved.closure, proved.rules, proved.base, proof_of(proved.closure, goal)),
            std::nullopt);
}

TEST(ProofCheck, EveryForgeryIsFoundAtTheFactThatBearsIt) {
  const FactIndex grand = family().fact("grand(c, a)"), parent = family().fact("parent(c, b)");
  const struct {
    const char* name;
    std::function<void(Proved&)> forge;
    FactIndex at;
    std::string said;
  } forgeries[] = {
      {"head",
       [&](Proved& p) { p.closure.facts[grand].first = 9; },
       grand,
       "is no instance of grand"},
      {"premise",
       [&](Proved& p) {
         p.closure.premises[p.closure.premise_ptr[grand]] = p.fact("parent(b, a)");
       },
       grand,
       "is no instance of"},
      {"rule", [&](Proved& p) { p.closure.rule[grand] = 2; }, grand, "2 premises, its rule 1"},
      {"no rule", [&](Proved& p) { p.closure.rule[grand] = 4; }, grand, "by rule 4"},
      {"known",
       [&](Proved& p) { p.closure.rule[grand] = kKnownFact; },
       grand,
       "is said to be known"},
      {"edge", [&](Proved& p) { p.closure.edge[parent] = 7; }, parent, "of another edge or cost"},
      {"cost of a fact", [&](Proved& p) { p.closure.cost[parent] = 1; }, parent, "edge or cost"},
      {"cost", [&](Proved& p) { p.closure.cost[grand] += 1e-9; }, grand, "bits"},
      {"height", [&](Proved& p) { p.closure.height[grand] = 2; }, grand, "has height 2"},
      {"fact of another rule",
       [&](Proved& p) { p.rules.rules[3].head.terms[0].key = "b"; },
       family().fact("kind(a)"),
       "is no instance of kind"},
      {"itself",
       [&](Proved& p) { p.closure.premises[p.closure.premise_ptr[grand]] = grand; },
       grand,
       "does not stand before it"},
  };
  for (const auto& [name, forge, at, said] : forgeries) {
    Proved proved = family();
    forge(proved);
    const auto all = proved.all();
    const auto fault = first_fault(proved.closure, proved.rules, proved.base, all);
    ASSERT_TRUE(fault) << name;
    EXPECT_EQ(fault->fact, at) << name << ": " << fault->what;
    EXPECT_NE(fault->what.find(said), std::string::npos) << name << ": " << fault->what;
  }
}

TEST(ProofCheck, WhatMustDifferDiffers) {
  Proved proved = family();
  const FactIndex other = proved.fact("other(c, d)");
  const std::span<const FactIndex> premises = proved.closure.premises_of(other);
  proved.closure.premises[proved.closure.premise_ptr[other] + 1] = premises[0];
  proved.closure.facts[other].second = proved.closure.facts[other].first;  // other(c, c)

  EXPECT_EQ(fault_of(proved), "what must differ is the same");
}

TEST(ProofCheck, APremiseThatIsLeftOutIsMissed) {
  const Proved proved = family();
  const std::vector<FactIndex> goal = {proved.fact("old(c)")};
  const std::vector<FactIndex> whole = proof_of(proved.closure, goal);
  for (size_t left_out = 0; left_out + 1 < whole.size(); ++left_out) {
    std::vector<FactIndex> proof = whole;
    proof.erase(proof.begin() + static_cast<std::ptrdiff_t>(left_out));
    EXPECT_TRUE(first_fault(proved.closure, proved.rules, proved.base, proof)) << left_out;
  }
  const std::vector<FactIndex> no_fact = {FactIndex{1000}};
  EXPECT_THROW(first_fault(proved.closure, proved.rules, proved.base, no_fact),
               std::invalid_argument);
}

// Weights, loops and constants by chance: whatever the closure derives stands.
TEST(ProofCheck, ClosuresOfRandomFactsStand) {
  results::Stream stream(11);
  const RuleBook rules = parse_rules(
      "0.9 :: reach(X, Y) :- edge(X, Y).\n"
      "0.8 :: reach(X, Z) :- reach(X, Y), edge(Y, Z).\n"
      "0.7 :: near(X) :- reach(X, a), X != a.\n"
      "reach(X, X) :- near(X), near(X).\n");
  for (int trial = 0; trial < 50; ++trial) {
    Proved proved{rules, {{{"edge", 2}}, {}, {}}, {}};
    proved.base.find = [](std::string_view key) { return NodeIndex{key[0] - 'a'}; };
    for (uint64_t i = 0; i < 12; ++i)
      proved.base.facts.push_back(
          {{0, static_cast<NodeIndex>(stream.below(6)), static_cast<NodeIndex>(stream.below(6))},
           bits_of(.1 + .9 * stream.uniform()),
           i});
    proved.closure = close(proved.rules, proved.base);
    EXPECT_EQ(fault_of(proved), "") << trial;
  }
}

}  // namespace
}  // namespace saggio::graph
