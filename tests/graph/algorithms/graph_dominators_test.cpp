// SPDX-License-Identifier: MIT
#include "graph/algorithms/dominators.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/graph/dominator_tree.hpp>
#include <stdexcept>

#include "graph/view/boost_graph.h"
#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

constexpr std::array kDirections{Direction::Out, Direction::In, Direction::Both};

// What can be reached from the root without `avoided`.
std::vector<bool> reach(const std::vector<std::vector<std::pair<NodeIndex, EdgeIndex>>>& steps,
                        NodeIndex root,
                        NodeIndex avoided) {
  std::vector<bool> found(steps.size(), false);
  std::vector<NodeIndex> stack;
  const auto enter = [&](NodeIndex node) {
    if (node == avoided || found[static_cast<size_t>(node)]) return;
    found[static_cast<size_t>(node)] = true;
    stack.push_back(node);
  };
  enter(root);
  while (!stack.empty()) {
    const NodeIndex node = stack.back();
    stack.pop_back();
    for (const auto& [to, edge] : steps[static_cast<size_t>(node)]) enter(to);
  }
  return found;
}

// The definition: x dominates y if y cannot be reached without x; the immediate one of y's
// dominators is dominated by all the others.
std::vector<NodeIndex> plain_dominators(const EdgeList& list, NodeIndex root, Direction direction) {
  const auto steps = plain_steps(list, direction != Direction::In, direction != Direction::Out);
  const std::vector<bool> reached = reach(steps, root, -1);
  std::vector<std::vector<NodeIndex>> dominators(steps.size());
  for (NodeIndex x = 0; x < list.nodes; ++x) {
    if (!reached[static_cast<size_t>(x)]) continue;
    const std::vector<bool> without = reach(steps, root, x);
    for (size_t y = 0; y < steps.size(); ++y)
      if (reached[y] && !without[y] && y != static_cast<size_t>(x)) dominators[y].push_back(x);
  }
  std::vector<NodeIndex> immediate(steps.size(), -1);
  immediate[static_cast<size_t>(root)] = root;
  for (size_t y = 0; y < steps.size(); ++y)
    for (const NodeIndex x : dominators[y])
      if (dominators[static_cast<size_t>(x)].size() + 1 == dominators[y].size()) immediate[y] = x;
  return immediate;
}

TEST(Dominators, EqualTheDefinition) {
  for (const EdgeList& list : test_graphs()) {
    if (list.nodes == 0 || list.nodes > 300) continue;  // the definition takes O(N M)
    const View view = view_of(list);
    for (const Direction direction : kDirections)
      for (const NodeIndex root : {NodeIndex{0}, list.nodes / 2})
        ASSERT_EQ(immediate_dominators(view, root, direction),
                  plain_dominators(list, root, direction))
            << list.name;
  }
}

// Just above a tree, where dominators lie deep and semidominators are not yet dominators.
TEST(Dominators, OfManySmallSparseGraphsEqualTheDefinition) {
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    const EdgeList list = random_graph(seed, 12, 14 + static_cast<int64_t>(seed % 12));
    ASSERT_EQ(immediate_dominators(view_of(list), 0), plain_dominators(list, 0, Direction::Out))
        << seed;
  }
}

// All nodes can be reached: Boost 1.74 takes a predecessor that cannot for the root.
TEST(Dominators, EqualThoseOfBoost) {
  for (uint64_t seed = 0; seed < 5; ++seed) {
    EdgeList list = random_graph(seed, 2000, 300);
    for (NodeIndex x = 1; x < list.nodes; ++x)
      list.arcs.push_back({x - 1 - x * x % std::min(x, 9), x});
    std::sort(list.arcs.begin(), list.arcs.end());
    const View view = view_of(list);
    std::vector<NodeIndex> expected(2000, -1);
    boost::lengauer_tarjan_dominator_tree(
        view,
        NodeIndex{0},
        boost::make_iterator_property_map(expected.begin(), get(boost::vertex_index, view)));
    expected[0] = 0;

    EXPECT_EQ(immediate_dominators(view, 0), expected);
  }
}

// The edge from the end back to the second node makes a recursive search as deep as the path.
TEST(Dominators, OfALongDerivationNeedNoDeepStack) {
  EdgeList list{"", 1000000, {}};
  for (NodeIndex x = 1; x < list.nodes; ++x) list.arcs.push_back({x - 1, x});
  list.arcs.push_back({list.nodes - 1, 1});
  std::sort(list.arcs.begin(), list.arcs.end());

  const std::vector<NodeIndex> found = immediate_dominators(view_of(list), 0);

  for (NodeIndex x = 1; x < list.nodes; ++x) ASSERT_EQ(found[static_cast<size_t>(x)], x - 1);
}

TEST(Dominators, ARootThatIsNoNodeIsRefused) {
  EXPECT_THROW(immediate_dominators(view_of(edge_list("", 0, {})), 0), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
