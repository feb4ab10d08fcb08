// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "graph/reasoning/frailty.h"
#include "tests/graph/reasoning/random_support.h"

namespace saggio::graph {
namespace {

// A proof's choices as the oracle writes them; expects that it is one, without what it does not use.
PlainProof plain(const SupportGraph& graph, NodeIndex root, const Proof& proof) {
  PlainProof result{proof.cost, proof.height, std::vector<ReasonIndex>(graph.ids.size(), -1)};
  Set nodes = 0;
  for (const ProofNode& node : proof.nodes) {
    EXPECT_FALSE(has(nodes, node.node)) << "twice";
    nodes |= bit(node.node);
    result.choices[static_cast<size_t>(node.node)] = node.choice;
  }
  EXPECT_EQ(proof.nodes.front().node, root);
  EXPECT_EQ(nodes, used(graph, result.choices, root));
  const auto value = unfolded(graph, result.choices, root);
  EXPECT_TRUE(value && value->first == proof.cost && value->second == proof.height);
  return result;
}

TEST(Proof, IsTheBestOfAllCombinationsOfChoicesOnTenThousandGraphs) {
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed);
    const NodeIndex root = graph.nodes() - 1;
    SCOPED_TRACE(described(graph));
    const std::vector<PlainProof> all = all_proofs(graph, root);
    const auto best = best_proof(graph, root);
    ASSERT_EQ(best.has_value(), !all.empty());
    if (!best) continue;
    ASSERT_EQ(best->cost, all.front().cost);
    ASSERT_EQ(best->height, all.front().height);
    plain(graph, root, *best);
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
}

TEST(Proof, TheKBestAreTheFirstKOfAllOnTenThousandGraphs) {
  size_t largest = 0;
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed, true, 8);
    const NodeIndex root = most_argued(graph);
    SCOPED_TRACE(described(graph));
    const std::vector<PlainProof> all = all_proofs(graph, root);
    largest = std::max(largest, all.size());
    const size_t count = 1 + seed % 8;
    const ProofList list = best_proofs_of(graph, root, count);
    ASSERT_TRUE(list.complete);
    ASSERT_EQ(list.proofs.size(), std::min(count, all.size()));
    std::set<std::vector<ReasonIndex>> different;
    for (size_t i = 0; i < list.proofs.size(); ++i) {
      ASSERT_EQ(list.proofs[i].cost, all[i].cost);
      ASSERT_EQ(list.proofs[i].height, all[i].height);
      different.insert(plain(graph, root, list.proofs[i]).choices);
    }
    ASSERT_EQ(different.size(), list.proofs.size());
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
  EXPECT_GT(largest, 8u);  // more than were asked for
}

TEST(Proof, AListThatRanOutOfSearchesSaysSoAndIsABeginning) {
  size_t cut = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const SupportGraph graph = random_support(seed, true, 8);
    const NodeIndex root = most_argued(graph);
    const ProofList all = best_proofs_of(graph, root, 100);
    const ProofList some = best_proofs_of(graph, root, 100, 1 + seed % 6);
    ASSERT_LE(some.proofs.size(), all.proofs.size());
    ASSERT_EQ(some.complete, some.complete && some.proofs.size() == all.proofs.size());
    for (size_t i = 0; i < some.proofs.size(); ++i)
      ASSERT_EQ(some.proofs[i].cost, all.proofs[i].cost);
    cut += !some.complete;
  }
  EXPECT_GT(cut, 100u);
}

TEST(Proof, PrefersTheSmallerEdgeAmongEqualsAndNeedsNoWeightToEndCircles) {
  SupportGraph graph;  // 0 given; 1 <-> 2 and both from 0, all for nothing
  graph.ids = {0, 1, 2};
  graph.needs = {Need::Given, Need::One, Need::One};
  graph.barred = {0, 0, 0};
  graph.given_cost = {0, 0, 0};
  graph.reasons = {{2, 5, 0}, {1, 6, 0}, {0, 7, 0}, {0, 8, 0}, {0, 9, 0}};
  graph.user = {1, 2, 1, 2, 1};
  finish(graph);

  const auto proof = best_proof(graph, 1);
  ASSERT_EQ(proof->nodes.size(), 2u);
  EXPECT_EQ(graph.reasons[static_cast<size_t>(proof->nodes[0].choice)].edge, 7u);
  EXPECT_EQ(best_proofs_of(graph, 1, 10).proofs.size(), 3u);
}

TEST(Proof, CostsOfSharedPremisesDoubleBeyondAllNumbersAndItStaysAProof) {
  SupportGraph graph;  // 1100 times: a step of twice the same, by two claims
  const auto add = [&](Need need, std::initializer_list<NodeIndex> from) {
    graph.ids.push_back(graph.ids.size());
    graph.needs.push_back(need);
    graph.barred.push_back(0);
    graph.given_cost.push_back(1);
    for (const NodeIndex x : from) {
      graph.user.push_back(graph.nodes() - 1);
      graph.reasons.push_back({x, graph.reasons.size(), 1});
    }
    return graph.nodes() - 1;
  };
  NodeIndex last = add(Need::Given, {});
  for (int i = 0; i < 1100; ++i)
    last = add(Need::All, {add(Need::One, {last}), add(Need::One, {last})});
  finish(graph);

  const auto proof = best_proof(graph, last);
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(proof->height, 2200);
  EXPECT_TRUE(std::isinf(proof->cost));
  EXPECT_EQ(proof->nodes.size(), graph.ids.size());
}

TEST(SinglePoints, AreThoseWithoutWhichNothingIsDerivedOnTenThousandGraphs) {
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed);
    const NodeIndex root = graph.nodes() - 1;
    std::vector<NodeIndex> expected;
    for (NodeIndex x = 0; x < root && has(live_by_definition(graph), root); ++x)
      if (!has(live_by_definition(graph, bit(x)), root)) expected.push_back(x);
    ASSERT_EQ(single_points_of_failure(graph, root), expected) << described(graph);
  }
}

// The least cost of a set without which the root is not live, over all sets; infinity: none.
double least_cut(const SupportGraph& graph, NodeIndex root, const std::vector<double>& costs) {
  double least = std::numeric_limits<double>::infinity();
  for (Set set = 0; set < bit(root); ++set) {  // the root is the last node
    double cost = 0;
    for (NodeIndex x = 0; x < root; ++x)
      if (has(set, x)) cost += costs[static_cast<size_t>(x)];
    if (cost < least && !has(live_by_definition(graph, set), root)) least = cost;
  }
  return least;
}

void expect_weakest(bool steps) {
  for (uint64_t seed = 0; seed < kRandomGraphs; ++seed) {
    const SupportGraph graph = random_support(seed, steps);
    const NodeIndex root = graph.nodes() - 1;
    std::vector<double> costs;
    for (NodeIndex x = 0; x <= root; ++x)
      costs.push_back(seed % 2 ? 1 : static_cast<double>(1 + (seed / 3 + 5 * x) % 4));
    const bool live = has(live_by_definition(graph), root);
    const double least = live ? least_cut(graph, root, costs) : 0;

    const WeakestSet found = weakest_support(graph, root, {.costs = costs});

    ASSERT_EQ(found.exists, live && std::isfinite(least)) << described(graph);
    if (!found.exists) continue;
    Set set = 0;
    double cost = 0;
    for (const NodeIndex x : found.nodes) {
      set |= bit(x);
      cost += costs[static_cast<size_t>(x)];
    }
    ASSERT_FALSE(has(set, root));
    ASSERT_FALSE(has(live_by_definition(graph, set), root)) << described(graph);
    ASSERT_TRUE(found.exact && found.cost == least && cost == least && found.at_least == least)
        << described(graph) << found.cost << " " << least;
  }
}

TEST(WeakestSupport, IsTheCheapestOfAllSetsWithStepsOnTenThousandGraphs) { expect_weakest(true); }

TEST(WeakestSupport, IsTheCheapestOfAllSetsWithoutStepsOnTenThousandGraphs) {
  expect_weakest(false);
}

TEST(WeakestSupport, ThatGaveUpSaysBetweenWhatTheCostLies) {
  size_t gave_up = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    const SupportGraph graph = random_support(seed, true, 12);
    const NodeIndex root = graph.nodes() - 1;
    const WeakestSet whole = weakest_support(graph, root);
    const WeakestSet part = weakest_support(graph, root, {.limit = 1 + seed % 5});
    if (part.exact) {
      ASSERT_EQ(part.cost, whole.cost);
      continue;
    }
    ++gave_up;
    ASSERT_LE(part.at_least, whole.cost);
    ASSERT_GE(part.cost, whole.cost);
  }
  EXPECT_GT(gave_up, 100u);
}

TEST(WeakestSupport, RefusesCostsThatAreNone) {
  const SupportGraph graph = [] {
    SupportGraph made;
    made.ids = {0, 1};
    made.needs = {Need::Given, Need::One};
    made.barred = {0, 0};
    made.given_cost = {0, 0};
    made.reasons = {{0, 0, 0}};
    made.user = {1};
    finish(made);
    return made;
  }();
  const std::vector<double> bad{0, 1}, few{1};
  EXPECT_THROW(weakest_support(graph, 1, {.costs = bad}), std::invalid_argument);
  EXPECT_THROW(weakest_support(graph, 1, {.costs = few}), std::invalid_argument);
  EXPECT_THROW(weakest_support(graph, 2), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
