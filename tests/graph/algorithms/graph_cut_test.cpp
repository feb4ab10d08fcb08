// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <limits>

#include "graph/algorithms/betweenness.h"
#include "graph/algorithms/min_cut.h"
#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

// --- minimum cut: the least over all ways to take sides

double least_cut(const EdgeList& list,
                 std::span<const FlowArc> arcs,
                 NodeIndex source,
                 NodeIndex target) {
  double least = std::numeric_limits<double>::infinity();
  for (uint32_t side = 0; side < 1u << list.nodes; ++side) {
    if (!(side >> source & 1) || (side >> target & 1)) continue;
    double cut = 0;
    for (const FlowArc& arc : arcs)
      if ((side >> arc.source & 1) && !(side >> arc.target & 1)) cut += arc.capacity;
    least = std::min(least, cut);
  }
  return least;
}

TEST(MinCut, IsTheLeastOverAllSidesOnTenThousandGraphs) {
  size_t endless = 0;
  for (uint64_t seed = 0; seed < 10'000; ++seed) {
    const auto nodes = static_cast<NodeIndex>(2 + seed % 6);
    const EdgeList list = random_graph(seed, nodes, static_cast<int64_t>(seed / 7 % 16));
    std::vector<FlowArc> arcs;
    for (const Arc& arc : list.arcs) {
      const bool never = seed % 3 == 0 && arc.weight == 2;
      arcs.push_back({arc.source,
                      arc.target,
                      never ? std::numeric_limits<double>::infinity()
                            : static_cast<double>(arc.weight) - .125});
    }
    const double least = least_cut(list, arcs, 0, nodes - 1);

    const MinCut cut = min_cut(nodes, arcs, 0, nodes - 1);

    ASSERT_EQ(cut.capacity, least);
    endless += std::isinf(least);
    if (std::isinf(least)) continue;
    double sum = 0;
    for (const size_t arc : cut.arcs) {
      ASSERT_TRUE(cut.side[static_cast<size_t>(arcs[arc].source)]);
      ASSERT_FALSE(cut.side[static_cast<size_t>(arcs[arc].target)]);
      sum += arcs[arc].capacity;
    }
    ASSERT_EQ(sum, least);
    ASSERT_TRUE(cut.side.front() == 1 && cut.side.back() == 0);
  }
  EXPECT_GT(endless, 10u);
}

TEST(MinCut, OfAViewCutsItsEdges) {
  const EdgeList list =
      edge_list("two ways", 4, {{0, 1, 3}, {0, 2, 1}, {1, 3, 2}, {2, 3, 5}, {1, 1, 9}});
  const View view = view_of(list);
  EXPECT_EQ(min_cut(view, 0, 3).capacity, 2);
  const MinCut weighted = min_cut(view, 0, 3, weights_of(list));
  EXPECT_EQ(weighted.capacity, 3);
  EXPECT_EQ(weighted.arcs, (std::vector<size_t>{1, 3}));
  EXPECT_EQ(min_cut(view, 3, 0).capacity, 0);
}

TEST(MinCut, RefusesWhatIsNoCut) {
  const View view = view_of(edge_list("one", 2, {{0, 1}}));
  const std::vector<FlowArc> outside{{0, 2}}, negative{{0, 1, -1}}, unknown{{0, 1, std::nan("")}};
  EXPECT_THROW(min_cut(view, 0, 0), std::invalid_argument);
  EXPECT_THROW(min_cut(view, 0, 2), std::invalid_argument);
  for (const auto& arcs : {outside, negative, unknown})
    EXPECT_THROW(min_cut(2, arcs, 0, 1), std::invalid_argument);
}

// --- betweenness: by counting the paths

TEST(Betweenness, IsTheShareOfShortestPathsThroughANode) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const auto nodes = static_cast<NodeIndex>(1 + seed % 12);
    const EdgeList list = random_graph(seed, nodes, static_cast<int64_t>(seed % 40));
    const auto n = static_cast<size_t>(nodes);
    constexpr int kFar = 1000;
    std::vector<std::vector<int>> far(n, std::vector<int>(n, kFar));
    std::vector<std::vector<double>> paths(n, std::vector<double>(n));
    for (size_t x = 0; x < n; ++x) {  // breadth first, counting
      far[x][x] = 0;
      paths[x][x] = 1;
      for (int depth = 0; depth < nodes; ++depth)
        for (const Arc& arc : list.arcs) {
          const auto from = static_cast<size_t>(arc.source), to = static_cast<size_t>(arc.target);
          if (far[x][from] != depth || far[x][to] <= depth) continue;
          far[x][to] = depth + 1;
          paths[x][to] += paths[x][from];
        }
    }
    const std::vector<double> found = betweenness(view_of(list));
    for (size_t via = 0; via < n; ++via) {
      double sum = 0;
      for (size_t s = 0; s < n; ++s)
        for (size_t t = 0; t < n; ++t)
          if (s != via && t != via && s != t && far[s][t] < kFar &&
              far[s][via] + far[via][t] == far[s][t])
            sum += paths[s][via] * paths[via][t] / paths[s][t];
      EXPECT_NEAR(found[via], sum, 1e-15 * static_cast<double>(n * n * n)) << list.name;
    }
  }
}

}  // namespace
}  // namespace saggio::graph
