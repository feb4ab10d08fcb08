// SPDX-License-Identifier: MIT
#include "graph/reasoning/core.h"

#include <gtest/gtest.h>

#include "tests/graph/reasoning/random_support.h"

namespace saggio::graph {
namespace {

Set given(const SupportGraph& graph) {
  Set set = 0;
  for (NodeIndex x = 0; x < graph.nodes(); ++x)
    if (graph.needs[static_cast<size_t>(x)] == Need::Given) set |= bit(x);
  return set;
}

// Whether the node and something that contradicts it are live by these sources alone.
bool conflicts(const SupportGraph& graph, NodeIndex node, Set sources) {
  const Set live = live_by_definition(graph, given(graph) & ~sources);
  return has(live, node) && std::any_of(graph.contradictions.begin(),
                                        graph.contradictions.end(),
                                        [&](const Contradiction& one) {
                                          return one.target == node && has(live, one.source);
                                        });
}

std::vector<ContradictionCore> cores_of(const SupportGraph& graph, uint64_t most = UINT64_MAX) {
  const std::vector<uint8_t> live = live_support(graph);
  return contradiction_cores(graph, live, contradicted_nodes(graph, live), most);
}

TEST(ContradictionCore, HoldsAndFallsWithoutAnyOfItsSourcesOnTenThousandGraphs) {
  size_t found = 0, smaller = 0;
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed, true, 8);
    SCOPED_TRACE(described(graph));
    std::vector<NodeIndex> contradicted;
    for (NodeIndex x = 0; x < graph.nodes(); ++x)
      if (conflicts(graph, x, given(graph))) contradicted.push_back(x);

    const std::vector<ContradictionCore> cores = cores_of(graph);

    ASSERT_EQ(cores.size(), contradicted.size());
    for (size_t i = 0; i < cores.size(); ++i) {
      const ContradictionCore& core = cores[i];
      const Set sources = set_of(core.sources);
      ASSERT_EQ(core.node, contradicted[i]);
      ASSERT_TRUE(std::is_sorted(core.sources.begin(), core.sources.end()));
      ASSERT_EQ(sources & ~given(graph), 0u);
      ASSERT_TRUE(conflicts(graph, core.node, sources));
      for (const NodeIndex x : core.sources)
        ASSERT_FALSE(conflicts(graph, core.node, sources & ~bit(x))) << x;
      smaller += sources != (given(graph) & live_by_definition(graph));
    }
    found += cores.size();
  }
  EXPECT_GT(found, 1000u);
  EXPECT_GT(smaller, 500u);
}

TEST(ContradictionCore, ShowsTheProofsOfBothSidesFromItsSourcesOnTenThousandGraphs) {
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed, true, 8);
    for (const ContradictionCore& core : cores_of(graph)) {
      SupportGraph shown = graph;  // nothing but the sources and these edges
      shown.reasons.clear();
      shown.user.clear();
      const auto is_shown = [&](EdgeId edge) {
        return std::binary_search(core.edges.begin(), core.edges.end(), edge);
      };
      for (size_t i = 0; i < graph.reasons.size(); ++i)
        if (is_shown(graph.reasons[i].edge)) {
          shown.reasons.push_back(graph.reasons[i]);
          shown.user.push_back(graph.user[i]);
        }
      finish(shown);

      const Set live = live_by_definition(shown, given(graph) & ~set_of(core.sources));
      ASSERT_TRUE(has(live, core.node)) << described(graph);
      ASSERT_TRUE(has(live, core.by.source)) << described(graph);
      ASSERT_TRUE(is_shown(core.by.edge));
      ASSERT_EQ(core.by.target, core.node);
      ASSERT_EQ(core.edges.size(), shown.reasons.size() + 1);
      const auto one = contradiction_core(graph, live_support(graph), core.node);
      ASSERT_TRUE(one && one->sources == core.sources && one->edges == core.edges);
    }
  }
}

// Of 200 pairs of sources the claim rests on one of each, by its best proof on the first, and so does
// what contradicts it, by its best proof on the second.
TEST(ContradictionCore, OfHundredsOfPairsKeepsOneOfEachTheMoreProbableOne) {
  constexpr NodeIndex kPairs = 200;
  results::Stream stream(1);
  SupportGraph graph;
  const auto add = [&](Need need, double cost) {
    graph.ids.push_back(graph.ids.size());
    graph.needs.push_back(need);
    graph.given_cost.push_back(cost);
    return graph.nodes() - 1;
  };
  const auto rests = [&](NodeIndex user, NodeIndex on, double cost) {
    graph.reasons.push_back({on, graph.reasons.size(), cost});
    graph.user.push_back(user);
  };
  const NodeIndex claim = add(Need::All, 0), against = add(Need::All, 0);
  std::vector<NodeIndex> expected;
  for (NodeIndex i = 0; i < kPairs; ++i) {
    const double costs[] = {static_cast<double>(stream.below(3)),
                            static_cast<double>(stream.below(3))};
    const NodeIndex pair[] = {add(Need::Given, costs[0]), add(Need::Given, costs[1])};
    for (const int side : {0, 1}) {
      const NodeIndex one = add(Need::One, 0);
      rests(side ? against : claim, one, 0);
      for (const int which : {0, 1}) rests(one, pair[which], which == side ? 0 : 9);
    }
    expected.push_back(pair[costs[1] < costs[0]]);
  }
  graph.barred.resize(graph.ids.size());
  graph.contradictions = {{against, claim, graph.reasons.size()}};
  finish(graph);

  const auto core = contradiction_core(graph, live_support(graph), claim);
  ASSERT_TRUE(core);
  EXPECT_EQ(core->sources, expected);
}

TEST(ContradictionCore, WithABoundOnItsWorkTellsSomeOfThemAsItWouldWithout) {
  size_t some = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const SupportGraph graph = random_support(seed, true, 8);
    const std::vector<ContradictionCore> all = cores_of(graph);

    EXPECT_TRUE(cores_of(graph, 0).empty());
    size_t place = 0;
    for (const ContradictionCore& core : cores_of(graph, 400)) {
      while (place < all.size() && all[place].node != core.node) ++place;
      ASSERT_LT(place, all.size());
      EXPECT_EQ(core.sources, all[place].sources);
      EXPECT_EQ(core.edges, all[place].edges);
      ++some;
    }
  }
  EXPECT_GT(some, 20u);
}

// Two ways to the claim, of which one is of the weaker source; and two who contradict it.
TEST(ContradictionCore, LeavesOutTheLeastProbableFirst) {
  SupportGraph graph;
  for (const double probability : {0.5, 0.9, 0.8, 0.4}) {
    graph.ids.push_back(graph.ids.size());
    graph.needs.push_back(Need::Given);
    graph.given_cost.push_back(bits_of(probability));
  }
  graph.ids.push_back(4);
  graph.needs.push_back(Need::One);
  graph.given_cost.push_back(0);
  graph.barred.resize(5);
  graph.reasons = {{0, 10, 0, 0}, {1, 11, 0, 0}};
  graph.user = {4, 4};
  graph.contradictions = {{3, 4, 20}, {2, 4, 21}};
  finish(graph);
  const std::vector<uint8_t> live = live_support(graph);
  const auto core = contradiction_core(graph, live, 4);

  ASSERT_TRUE(core);
  EXPECT_EQ(core->sources, (std::vector<NodeIndex>{1, 2}));
  EXPECT_EQ(core->edges, (std::vector<EdgeId>{11, 21}));
  EXPECT_FALSE(contradiction_core(graph, live, 0));
  EXPECT_THROW(contradiction_core(graph, live, 5), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
