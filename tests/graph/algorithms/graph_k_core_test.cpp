// SPDX-License-Identifier: MIT
#include "graph/algorithms/k_core.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

// The definition: for each k, take away nodes with less than k neighbours until none is left.
std::vector<int32_t> plain_cores(const EdgeList& list) {
  std::vector<std::set<NodeIndex>> neighbours(static_cast<size_t>(list.nodes));
  for (const Arc& arc : list.arcs)
    if (arc.source != arc.target) {
      neighbours[static_cast<size_t>(arc.source)].insert(arc.target);
      neighbours[static_cast<size_t>(arc.target)].insert(arc.source);
    }
  std::vector<int32_t> cores(static_cast<size_t>(list.nodes), 0);
  std::set<NodeIndex> left;
  for (NodeIndex x = 0; x < list.nodes; ++x) left.insert(x);
  for (int32_t k = 0; !left.empty(); ++k) {
    for (bool changed = true; changed;) {
      changed = false;
      for (auto x = left.begin(); x != left.end();) {
        std::set<NodeIndex>& others = neighbours[static_cast<size_t>(*x)];
        if (static_cast<int32_t>(others.size()) >= k) {
          ++x;
          continue;
        }
        for (const NodeIndex other : others) neighbours[static_cast<size_t>(other)].erase(*x);
        others.clear();
        x = left.erase(x);
        changed = true;
      }
    }
    for (const NodeIndex x : left) cores[static_cast<size_t>(x)] = k;
  }
  return cores;
}

TEST(KCore, EqualsTheDefinition) {
  for (const EdgeList& list : test_graphs())
    EXPECT_EQ(core_numbers(view_of(list)), plain_cores(list)) << list.name;
  EXPECT_EQ(core_numbers(view_of(kronecker(10, 8))), plain_cores(kronecker(10, 8)));
}

TEST(KCore, CountsNeitherSelfLoopsNorTheSameNeighbourTwice) {
  const View view =
      view_of(edge_list("", 4, {{0, 0}, {0, 1}, {0, 1}, {1, 0}, {1, 2}, {2, 0}, {3, 2}, {3, 3}}));

  EXPECT_EQ(core_numbers(view), (std::vector<int32_t>{2, 2, 2, 1}));
}

}  // namespace
}  // namespace saggio::graph
