// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/fact_graph.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "tests/models/knowledge_graph/reference.h"

namespace saggio::models {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using testing::UnorderedElementsAreArray;

at::Tensor facts_of(std::vector<std::array<int32_t, 3>> rows) {
  at::Tensor facts = at::empty({static_cast<int64_t>(rows.size()), 3}, at::kInt);
  std::copy_n(rows.data()->data(), facts.numel(), facts.mutable_data_ptr<int32_t>());
  return facts;
}

// Receiver, sender, type and edge index.
using Seen = std::array<int64_t, 4>;

std::vector<Seen> edges_of(const SharedGraph& graph) {
  std::vector<Seen> seen;
  for (const kernels::TypedEdge& e : graph->by_type())
    seen.push_back({e.row, e.col, graph->type()[e.edge].item<int32_t>(), e.edge});
  return seen;
}

TEST(FactGraph, HeadsReceiveAndTailsSend) {
  const SharedGraph graph = fact_graph(facts_of({{0, 1, 2}, {2, 0, 2}}), 4, 2);

  EXPECT_EQ(graph->adjacency().rows(), 4);
  EXPECT_EQ(graph->types(), 4);
  EXPECT_THAT(edges_of(graph),
              UnorderedElementsAreArray(
                  std::vector<Seen>{{0, 2, 1, 0}, {2, 2, 0, 1}, {2, 0, 3, 2}, {2, 2, 2, 3}}));
}

TEST(FactGraph, AFactGivenTwiceIsTwoEdges) {
  EXPECT_EQ(fact_graph(facts_of({{0, 0, 1}, {0, 0, 1}}), 2, 1)->adjacency().edges(), 4);
}

TEST(FactGraph, RefusesWhatIsNoFact) {
  const auto refuses = [](const at::Tensor& facts, const char* why) {
    EXPECT_THAT([&] { fact_graph(facts, 3, 2); }, ThrowsMessage<std::invalid_argument>(why));
  };

  refuses(facts_of({{0, 0, 1}, {0, 2, 1}}), "facts[1]: relation 2, allowed 0 to 1");
  refuses(facts_of({{3, 0, 1}}), "facts[0]: head 3, allowed 0 to 2");
  refuses(facts_of({{0, 0, -1}}), "facts[0]: tail -1, allowed 0 to 2");
  refuses(at::zeros({2, 3}),
          "facts is CPUFloatType [2, 3], expected a contiguous int [M, 3] on cpu: head, relation, "
          "tail");
}

TEST(Without, LeavesOutTheFactsThemselvesOrAllBetweenTheirEnds) {
  const at::Tensor facts = facts_of({{0, 0, 1}, {0, 1, 1}, {1, 1, 0}, {1, 0, 2}, {0, 0, 1}});
  const at::Tensor hidden = facts_of({{0, 0, 1}, {2, 1, 2}});

  EXPECT_TRUE(
      without(facts, hidden, Removal::Facts).equal(facts_of({{0, 1, 1}, {1, 1, 0}, {1, 0, 2}})));
  EXPECT_TRUE(without(facts, hidden, Removal::Pairs).equal(facts_of({{1, 0, 2}})));
  EXPECT_TRUE(without(facts, facts, Removal::Facts).equal(at::empty({0, 3}, at::kInt)));
}

TEST(RelationGraph, HasAnEdgeForEachWayInWhichTwoTypesMeet) {
  const at::Tensor facts = reference::random_facts(12, 9, 3, 7);

  const SharedGraph graph = relation_graph(facts, 9, 3);

  std::vector<std::array<int64_t, 3>> expected, seen;
  for (const auto& e : reference::meetings_of(reference::edges_of(facts, 3)))
    expected.push_back({e.row, e.col, e.type});
  for (const Seen& e : edges_of(graph)) seen.push_back({e[0], e[1], e[2]});
  EXPECT_THAT(seen, UnorderedElementsAreArray(expected));
  EXPECT_EQ(graph->adjacency().rows(), 6);
  EXPECT_EQ(graph->types(), 4);
}

// By hand: 0 -a-> 1 -b-> 2. The heads of a are {0}, of b {1}; the tails {1} and {2}; the inverses
// (types 2 and 3) have them swapped.
TEST(RelationGraph, OfAChainSaysThatOneRelationEndsWhereTheOtherBegins) {
  const SharedGraph graph = relation_graph(facts_of({{0, 0, 1}, {1, 1, 2}}), 3, 2);

  std::vector<std::array<int64_t, 2>> head_to_tail;
  for (const Seen& e : edges_of(graph))
    if (e[2] == 2) head_to_tail.push_back({e[0], e[1]});

  EXPECT_THAT(head_to_tail,
              UnorderedElementsAreArray(std::vector<std::array<int64_t, 2>>{
                  {1, 0}, {0, 2}, {1, 3}, {2, 0}, {2, 3}, {3, 1}}));
}

}  // namespace
}  // namespace saggio::models
