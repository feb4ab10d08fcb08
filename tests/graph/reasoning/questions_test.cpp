// SPDX-License-Identifier: MIT
#include "graph/reasoning/questions.h"

#include <gtest/gtest.h>

#include "tests/graph/reasoning/random_support.h"

namespace saggio::graph {
namespace {

TEST(LiveSupport, IsTheSmallestSetThatHoldsWhatItAsksForOnTenThousandGraphs) {
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed);
    const Set without = static_cast<Set>(seed * 7919 >> 3) & static_cast<Set>(seed % 3 ? 0 : 255);
    std::vector<uint8_t> left_out;
    for (NodeIndex x = 0; x < graph.nodes(); ++x) left_out.push_back(has(without, x));
    const std::vector<uint8_t> live = live_support(graph, {.nodes = left_out});
    const Set expected = live_by_definition(graph, without);
    for (NodeIndex x = 0; x < graph.nodes(); ++x)
      ASSERT_EQ(live[static_cast<size_t>(x)], has(expected, x)) << described(graph);
  }
}

TEST(ContradictedNodes, AreWhatIsLiveAndContradictedByWhatIsOnTenThousandGraphs) {
  size_t found = 0;
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed);
    const Set live = live_by_definition(graph);
    std::set<std::pair<NodeIndex, EdgeId>> expected, ours;
    for (const Contradiction& one : graph.contradictions)
      if (has(live, one.source) && has(live, one.target)) expected.insert({one.target, one.edge});
    NodeIndex last = -1;
    for (const Contradicted& one : contradicted_nodes(graph, live_support(graph))) {
      ASSERT_GT(one.node, last);
      last = one.node;
      ASSERT_FALSE(one.by.empty());
      for (const Contradiction& by : one.by) ours.insert({one.node, by.edge});
    }
    ASSERT_EQ(ours, expected);
    found += ours.size();
  }
  EXPECT_GT(found, 1000u);
}

TEST(CircularDerivations, AreThePairsThatReachEachOtherOnTenThousandGraphs) {
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed);
    const NodeIndex n = graph.nodes();
    std::vector<Set> reach(static_cast<size_t>(n));  // by one reason or more
    for (size_t i = 0; i < graph.reasons.size(); ++i)
      reach[static_cast<size_t>(graph.user[i])] |= bit(graph.reasons[i].node);
    for (NodeIndex via = 0; via < n; ++via)
      for (Set& from : reach)
        if (has(from, via)) from |= reach[static_cast<size_t>(via)];
    std::set<Set> expected, ours;
    for (NodeIndex x = 0; x < n; ++x) {
      Set both = 0;
      for (NodeIndex y = 0; y < n; ++y)
        if (has(reach[static_cast<size_t>(x)], y) && has(reach[static_cast<size_t>(y)], x))
          both |= bit(y);
      if (both) expected.insert(both);
    }
    const Set live = live_by_definition(graph);
    for (const CircularDerivation& circle : circular_derivations(graph)) {
      const Set nodes = set_of(circle.nodes);
      ours.insert(nodes);
      ASSERT_EQ(circle.live, (nodes & live) != 0);
      NodeIndex at = circle.nodes.front();
      for (const ReasonIndex reason : circle.cycle) {
        ASSERT_EQ(graph.user[static_cast<size_t>(reason)], at);
        at = graph.reasons[static_cast<size_t>(reason)].node;
        ASSERT_TRUE(has(nodes, at));
      }
      ASSERT_EQ(at, circle.nodes.front());
      ASSERT_LE(circle.cycle.size(), circle.nodes.size());
      ASSERT_FALSE(circle.cycle.empty());
    }
    ASSERT_EQ(ours, expected) << described(graph);
  }
}

double least_cost(const SupportGraph& graph, NodeIndex x) {
  const auto proofs = all_proofs(graph, x);
  return proofs.empty() ? std::numeric_limits<double>::infinity() : proofs.front().cost;
}

TEST(WhatIf, SaysWhatADerivationWithoutTheNodesSaysOnTenThousandGraphs) {
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed, true, 5);
    std::vector<NodeIndex> without;
    SupportGraph other = graph;
    for (NodeIndex x = 0; x < graph.nodes(); ++x)
      if ((seed >> x) % 3 == 0) {
        without.push_back(x);
        other.barred[static_cast<size_t>(x)] = 1;  // not there: as little as barred
      }
    const Set before = live_by_definition(graph), after = live_by_definition(other);

    const WhatIf answer = what_if(graph, without);

    const Set out = set_of(without);
    ASSERT_EQ(set_of(answer.gone), before & out);
    ASSERT_EQ(set_of(answer.fallen), before & ~after & ~out);
    ASSERT_EQ(answer.live, static_cast<size_t>(__builtin_popcount(after)));
    std::vector<NodeIndex> weaker;
    for (NodeIndex x = 0; x < graph.nodes(); ++x)
      if (has(after, x) && least_cost(other, x) > least_cost(graph, x)) weaker.push_back(x);
    ASSERT_EQ(answer.weaker.size(), weaker.size());
    for (size_t i = 0; i < weaker.size(); ++i) {
      ASSERT_EQ(answer.weaker[i].node, weaker[i]);
      ASSERT_EQ(answer.weaker[i].before, least_cost(graph, weaker[i]));
      ASSERT_EQ(answer.weaker[i].after, least_cost(other, weaker[i]));
    }
    size_t ended = 0;
    for (const Contradiction& one : graph.contradictions) {
      const Set both = bit(one.source) | bit(one.target);
      ended += (before & both) == both && (after & both) != both;
    }
    ASSERT_EQ(answer.ended.size(), ended);
  }
}

TEST(WhyNot, NamesWhatWouldMakeItLiveAndOnlyWhatIsLackingOnTenThousandGraphs) {
  size_t circular = 0;
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed);
    const NodeIndex root = graph.nodes() - 1;
    const Set live = live_by_definition(graph);
    SCOPED_TRACE(described(graph));
    const std::vector<Lack> lacks = why_not(graph, root);
    ASSERT_EQ(lacks.empty(), has(live, root));
    SupportGraph mended = graph;
    for (const Lack& lack : lacks) {
      const auto at = static_cast<size_t>(lack.node);
      ASSERT_FALSE(has(live, lack.node));
      ASSERT_EQ(lack.cause == Cause::Barred, graph.barred[at] == 1);
      ASSERT_EQ(lack.cause == Cause::NoReason, !graph.barred[at] && graph.of(lack.node).empty());
      circular += lack.cause == Cause::Circular;
      mended.needs[at] = Need::Given;
      mended.barred[at] = 0;
    }
    ASSERT_TRUE(has(live_by_definition(mended), root));
  }
  EXPECT_GT(circular, 100u);
}

TEST(WhyNot, OfNodesThatOnlySupportEachOtherNamesOneOnTheirCircle) {
  SupportGraph graph;  // 0 needs 1, 1 and 2 need each other
  graph.ids = {0, 1, 2};
  graph.needs = {Need::One, Need::One, Need::One};
  graph.barred = {0, 0, 0};
  graph.given_cost = {0, 0, 0};
  graph.reasons = {{1, 0, 0}, {2, 1, 0}, {1, 2, 0}};
  graph.user = {0, 1, 2};
  finish(graph);

  const std::vector<Lack> lacks = why_not(graph, 0);
  ASSERT_EQ(lacks.size(), 1u);
  EXPECT_EQ(lacks[0].node, 1);
  EXPECT_EQ(lacks[0].cause, Cause::Circular);
}

}  // namespace
}  // namespace saggio::graph
