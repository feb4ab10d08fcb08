// SPDX-License-Identifier: MIT
#include "graph/algorithms/bfs.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <stdexcept>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

using Nodes = std::vector<NodeIndex>;

constexpr std::array kDirections{Direction::Out, Direction::In, Direction::Both};

// Ford's way: lower depths along all edges until nothing changes any more.
std::vector<int32_t> plain_depths(const EdgeList& list,
                                  const Nodes& sources,
                                  Direction direction,
                                  int32_t most_depth) {
  std::vector<int32_t> depths(static_cast<size_t>(list.nodes), -1);
  for (const NodeIndex source : sources) depths[static_cast<size_t>(source)] = 0;
  bool changed = true;
  for (int32_t depth = 0; depth < most_depth && std::exchange(changed, false); ++depth)
    for (const Arc& arc : list.arcs) {
      int32_t &a = depths[static_cast<size_t>(arc.source)],
              &b = depths[static_cast<size_t>(arc.target)];
      if (direction != Direction::In && a == depth && b < 0) changed = (b = depth + 1);
      if (direction != Direction::Out && b == depth && a < 0) changed = (a = depth + 1);
    }
  return depths;
}

std::vector<Nodes> some_sources(NodeIndex nodes) {
  if (nodes == 0) return {{}};
  return {{}, {0}, {nodes - 1}, {nodes / 2, 0, nodes / 2}};
}

TEST(Bfs, DepthsAreThoseOfAPlainSearch) {
  for (const EdgeList& list : test_graphs()) {
    const View view = view_of(list);
    for (const Direction direction : kDirections)
      for (const Nodes& sources : some_sources(list.nodes))
        for (const int32_t most_depth : {0, 1, 2, INT32_MAX})
          ASSERT_EQ(bfs_depths(view, sources, {.direction = direction, .most_depth = most_depth}),
                    plain_depths(list, sources, direction, most_depth))
              << list.name << ", direction " << static_cast<int>(direction);
  }
}

TEST(Bfs, AParentIsANeighbourOneHopNearer) {
  for (const EdgeList& list : test_graphs()) {
    const View view = view_of(list);
    for (const Direction direction : kDirections)
      for (const Nodes& sources : some_sources(list.nodes)) {
        const bool out = direction != Direction::In, in = direction != Direction::Out;
        const auto steps_back = plain_steps(list, in, out);
        const std::vector<int32_t> depths = plain_depths(list, sources, direction, INT32_MAX);

        const Nodes parents = bfs_parents(view, sources, {.direction = direction});

        for (NodeIndex x = 0; x < list.nodes; ++x) {
          const NodeIndex parent = parents[static_cast<size_t>(x)];
          const int32_t depth = depths[static_cast<size_t>(x)];
          ASSERT_EQ(parent < 0, depth < 0) << list.name;
          if (depth < 0) continue;
          if (depth == 0) {
            ASSERT_EQ(parent, x);
            continue;
          }
          ASSERT_EQ(depths[static_cast<size_t>(parent)], depth - 1) << list.name;
          const auto& steps = steps_back[static_cast<size_t>(x)];
          ASSERT_TRUE(std::any_of(
              steps.begin(), steps.end(), [&](const auto& step) { return step.first == parent; }));
        }
      }
  }
}

// Large enough to go bottom-up and back again; a tail of single nodes follows the dense part.
TEST(Bfs, TurnsBackWhenTheFrontierIsSmallAgain) {
  EdgeList list = kronecker(11, 16);
  const NodeIndex dense = list.nodes;
  list.nodes += 200;
  const NodeIndex hub = list.arcs[list.arcs.size() / 2].source;
  list.arcs.push_back({hub, dense});
  for (NodeIndex x = dense; x + 1 < list.nodes; ++x) list.arcs.push_back({x, x + 1});
  std::sort(list.arcs.begin(), list.arcs.end());
  const View view = view_of(list);
  for (const Direction direction : kDirections)
    for (const NodeIndex source : {hub, dense, list.nodes - 1})
      ASSERT_EQ(bfs_depths(view, Nodes{source}, {.direction = direction}),
                plain_depths(list, {source}, direction, INT32_MAX));
}

TEST(Bfs, EndsWithTheHopThatReachesUntil) {
  const View view = view_of(edge_list("path", 5, {{0, 1}, {0, 2}, {1, 3}, {3, 4}}));

  EXPECT_EQ(bfs_depths(view, Nodes{0}, {.until = 1}), (std::vector<int32_t>{0, 1, 1, -1, -1}));
  EXPECT_EQ(bfs_depths(view, Nodes{0}, {.until = 0}), (std::vector<int32_t>{0, -1, -1, -1, -1}));
}

TEST(Bfs, ASourceThatIsNoNodeIsRefused) {
  const View view = view_of(edge_list("two", 2, {{0, 1}}));

  for (const NodeIndex source : {-1, 2}) {
    EXPECT_THROW(bfs_depths(view, Nodes{source}), std::invalid_argument);
    EXPECT_THROW(bfs_parents(view, Nodes{source}), std::invalid_argument);
    EXPECT_THROW(k_hop(view, Nodes{source}, 1), std::invalid_argument);
    EXPECT_THROW(bfs_depths(view, Nodes{0}, {.until = source}), std::invalid_argument);
  }
  EXPECT_THROW(k_hop(view, Nodes{0}, -1), std::invalid_argument);
}

TEST(KHop, HoldsTheNodesOfEachDepthAscending) {
  for (const EdgeList& list : test_graphs()) {
    const View view = view_of(list);
    for (const Direction direction : kDirections)
      for (const Nodes& sources : some_sources(list.nodes))
        for (const int32_t hops : {0, 1, 3, INT32_MAX}) {
          const std::vector<int32_t> depths = plain_depths(list, sources, direction, hops);
          Neighbourhood expected{{}, {0}};
          const int32_t last =
              list.nodes == 0 ? -1 : *std::max_element(depths.begin(), depths.end());
          for (int32_t hop = 0; hop <= std::max(last, 0); ++hop) {
            for (NodeIndex x = 0; x < list.nodes; ++x)
              if (depths[static_cast<size_t>(x)] == hop) expected.nodes.push_back(x);
            expected.hop_ptr.push_back(expected.nodes.size());
          }

          const Neighbourhood found = k_hop(view, sources, hops, direction);

          ASSERT_EQ(found.nodes, expected.nodes) << list.name;
          ASSERT_EQ(found.hop_ptr, expected.hop_ptr) << list.name;
        }
  }
}

struct CountingCheck : BytesCheck {
  size_t bytes = 0;
  void check(std::span<const std::byte> part) override { bytes += part.size(); }
  std::string name() const override { return "arrays in memory"; }
};

TEST(KHop, ReadsNoOtherRowsThanThoseOnTheWay) {
  const EdgeList list = random_graph(1, 100000, 400000);
  const auto check = std::make_shared<CountingCheck>();
  const View view = view_of(list, check);

  const Neighbourhood found = k_hop(view, Nodes{7}, 3);

  size_t rows = 0;
  for (size_t i = 0; i < found.hop_ptr[3]; ++i) {
    const auto x = static_cast<size_t>(found.nodes[i]);
    rows += 2 * sizeof(int64_t) +
            static_cast<size_t>(view.arrays().out_ptr[x + 1] - view.arrays().out_ptr[x]) *
                (sizeof(NodeIndex) + sizeof(TypeId));
  }
  EXPECT_EQ(check->bytes, rows);
  EXPECT_GT(found.nodes.size(), 20u);
}

}  // namespace
}  // namespace saggio::graph
