// SPDX-License-Identifier: MIT
#include "graph/algorithms/components.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

// Lowers labels along all arcs until nothing changes any more.
std::vector<NodeIndex> plain_components(const EdgeList& list) {
  std::vector<NodeIndex> labels(static_cast<size_t>(list.nodes));
  std::iota(labels.begin(), labels.end(), 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (const Arc& arc : list.arcs) {
      NodeIndex &a = labels[static_cast<size_t>(arc.source)],
                &b = labels[static_cast<size_t>(arc.target)];
      changed |= a != b;
      a = b = std::min(a, b);
    }
  }
  return labels;
}

TEST(WeakComponents, AreLabelledByTheirSmallestNode) {
  for (const EdgeList& list : test_graphs())
    EXPECT_EQ(weak_components(view_of(list)), plain_components(list)) << list.name;
}

TEST(WeakComponents, AreRightWhereThereAreManyOfManySizes) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const EdgeList list = random_graph(seed, 3000, 500 + 150 * static_cast<int64_t>(seed));
    ASSERT_EQ(weak_components(view_of(list)), plain_components(list)) << seed;
  }
}

// The third edge of a skipped node leads to a node whose only edge it is.
TEST(WeakComponents, AnEdgeOfASkippedNodeIsMetFromItsOtherEnd) {
  EdgeList list{"", 3000, {}};
  for (NodeIndex x = 0; x < 2000; ++x) {
    list.arcs.push_back({x, (x + 1) % 2000});
    list.arcs.push_back({x, (x + 2) % 2000});
    if (x < 1000) list.arcs.push_back({x, 2000 + x});
  }
  std::sort(list.arcs.begin(), list.arcs.end());

  EXPECT_EQ(weak_components(view_of(list)), std::vector<NodeIndex>(3000, 0));
}

}  // namespace
}  // namespace saggio::graph
