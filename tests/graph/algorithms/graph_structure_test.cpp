// SPDX-License-Identifier: MIT
#include "graph/algorithms/structure.h"

#include <gtest/gtest.h>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

// [x][y]: y can be reached from x along edges out.
std::vector<std::vector<bool>> reach(const EdgeList& list) {
  const auto nodes = static_cast<size_t>(list.nodes);
  const auto steps = plain_steps(list, true, false);
  std::vector<std::vector<bool>> found(nodes, std::vector<bool>(nodes, false));
  for (size_t x = 0; x < nodes; ++x) {
    std::vector<size_t> stack{x};
    found[x][x] = true;
    while (!stack.empty()) {
      const size_t at = stack.back();
      stack.pop_back();
      for (const auto& [to, edge] : steps[at])
        if (!found[x][static_cast<size_t>(to)]) {
          found[x][static_cast<size_t>(to)] = true;
          stack.push_back(static_cast<size_t>(to));
        }
    }
  }
  return found;
}

std::vector<NodeIndex> plain_components(const EdgeList& list) {
  const auto reached = reach(list);
  std::vector<NodeIndex> labels;
  for (size_t x = 0; x < reached.size(); ++x) {
    size_t first = 0;
    while (!(reached[x][first] && reached[first][x])) ++first;
    labels.push_back(static_cast<NodeIndex>(first));
  }
  return labels;
}

TEST(StrongComponents, AreNodesThatReachEachOther) {
  for (const EdgeList& list : test_graphs())
    EXPECT_EQ(strong_components(view_of(list)), plain_components(list)) << list.name;
}

bool is_acyclic(const EdgeList& list) {
  const auto labels = plain_components(list);
  for (const Arc& arc : list.arcs)
    if (labels[static_cast<size_t>(arc.source)] == labels[static_cast<size_t>(arc.target)])
      return false;
  return true;
}

void expect_order(const EdgeList& list, const std::vector<NodeIndex>& order) {
  ASSERT_EQ(order.size(), static_cast<size_t>(list.nodes)) << list.name;
  std::vector<size_t> place(order.size(), order.size());
  for (size_t i = 0; i < order.size(); ++i) place.at(static_cast<size_t>(order[i])) = i;
  for (const Arc& arc : list.arcs)
    ASSERT_LT(place[static_cast<size_t>(arc.source)], place[static_cast<size_t>(arc.target)]);
}

void expect_cycle(const EdgeList& list, const std::vector<EdgeIndex>& cycle) {
  ASSERT_FALSE(cycle.empty()) << list.name;
  std::vector<bool> met(static_cast<size_t>(list.nodes), false);
  NodeIndex at = list.arcs.at(static_cast<size_t>(cycle.back())).target;
  for (const EdgeIndex edge : cycle) {
    const Arc& arc = list.arcs.at(static_cast<size_t>(edge));
    ASSERT_EQ(arc.source, at) << list.name;
    ASSERT_FALSE(met[static_cast<size_t>(at)]) << list.name;
    met[static_cast<size_t>(at)] = true;
    at = arc.target;
  }
}

TEST(TopologicalOrder, IsAnOrderOrACycle) {
  std::vector<EdgeList> graphs = test_graphs();
  for (uint64_t seed = 0; seed < 20; ++seed) {  // arcs upwards only, then one down
    EdgeList upwards = random_graph(seed, 60, 150);
    std::erase_if(upwards.arcs, [](const Arc& arc) { return arc.source == arc.target; });
    for (Arc& arc : upwards.arcs)
      if (arc.source > arc.target) std::swap(arc.source, arc.target);
    results::Stream stream(seed);
    std::vector<NodeIndex> number(60);
    for (NodeIndex x = 0; x < 60; ++x) number[static_cast<size_t>(x)] = x;
    stream.shuffle(std::span(number));
    for (Arc& arc : upwards.arcs)
      arc = {number[static_cast<size_t>(arc.source)], number[static_cast<size_t>(arc.target)]};
    graphs.push_back(edge_list("acyclic", 60, upwards.arcs));
    ASSERT_TRUE(is_acyclic(graphs.back()));
    upwards.arcs.push_back({upwards.arcs[9].target, upwards.arcs[9].source});
    graphs.push_back(edge_list("one arc back", 60, upwards.arcs));
  }
  for (const EdgeList& list : graphs) {
    const TopologicalOrder found = topological_order(view_of(list));
    if (is_acyclic(list)) {
      expect_order(list, found.order);
      EXPECT_TRUE(found.cycle.empty());
    } else {
      expect_cycle(list, found.cycle);
      EXPECT_TRUE(found.order.empty());
    }
  }
}

// Depth-first search must not recurse.
TEST(TopologicalOrder, OfALongDerivationNeedsNoDeepStack) {
  EdgeList list{"", 1000000, {}};
  for (NodeIndex x = 1; x < list.nodes; ++x) list.arcs.push_back({x - 1, x});

  const View path = view_of(list);
  expect_order(list, topological_order(path).order);
  EXPECT_EQ(strong_components(path).back(), list.nodes - 1);

  list.arcs.push_back({list.nodes - 1, 0});
  const View cycle = view_of(list);
  EXPECT_EQ(topological_order(cycle).cycle.size(), static_cast<size_t>(list.nodes));
  EXPECT_EQ(strong_components(cycle).back(), 0);
}

}  // namespace
}  // namespace saggio::graph
