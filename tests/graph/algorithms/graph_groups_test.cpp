// SPDX-License-Identifier: MIT
#include "graph/algorithms/groups.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

// By the definition: over all ordered pairs of nodes, A_xy / 2m - degree_x degree_y / (2m)^2.
double plain_modularity(const EdgeList& list,
                        std::span<const NodeIndex> labels,
                        double resolution) {
  const auto n = static_cast<size_t>(list.nodes);
  std::vector<std::vector<double>> a(n, std::vector<double>(n));
  std::vector<double> degree(n);
  double total = 0;
  for (const Arc& arc : list.arcs) {
    a[static_cast<size_t>(arc.source)][static_cast<size_t>(arc.target)] +=
        static_cast<double>(arc.weight);
    a[static_cast<size_t>(arc.target)][static_cast<size_t>(arc.source)] +=
        static_cast<double>(arc.weight);
  }
  for (size_t x = 0; x < n; ++x)
    for (size_t y = 0; y < n; ++y) {
      degree[x] += a[x][y];
      total += a[x][y];
    }
  double sum = 0;
  for (size_t x = 0; x < n && total > 0; ++x)
    for (size_t y = 0; y < n; ++y)
      if (labels[x] == labels[y])
        sum += a[x][y] / total - resolution * degree[x] * degree[y] / (total * total);
  return sum;
}

TEST(Louvain, NeverLosesModularityAndSaysWhatTheDefinitionSays) {
  for (const EdgeList& list : test_graphs()) {
    SCOPED_TRACE(list.name);
    const View view = view_of(list);
    const std::vector<float> weights = weights_of(list);
    for (const double resolution : {0.5, 1.0, 2.0}) {
      const GroupOptions options{.weights = weights, .resolution = resolution, .seed = 3};
      const Groups found = louvain(view, options);
      const auto n = static_cast<double>(list.nodes);
      const double tolerance = 1e-15 * (n * n + 10);  // one rounding for each pair of nodes
      EXPECT_NEAR(found.modularity, plain_modularity(list, found.group, resolution), tolerance);
      EXPECT_EQ(found.modularity, modularity(view, found.group, options));
      std::vector<NodeIndex> alone(static_cast<size_t>(list.nodes));
      for (size_t x = 0; x < alone.size(); ++x) alone[x] = static_cast<NodeIndex>(x);
      double before = modularity(view, alone, options);
      for (const double after : found.by_level) {
        EXPECT_GE(after, before - tolerance);
        before = after;
      }
      EXPECT_GE(found.modularity, before - tolerance);
      for (size_t x = 0; x < found.group.size(); ++x) {
        EXPECT_LE(found.group[x], static_cast<NodeIndex>(x));
        EXPECT_EQ(found.group[static_cast<size_t>(found.group[x])], found.group[x]);
      }
      EXPECT_EQ(louvain(view, options).group, found.group);
    }
  }
}

TEST(Louvain, FindsGroupsThatHangTogetherByOneEdge) {
  EdgeList list{"cliques", 24, {}};  // six of four, in a ring
  for (NodeIndex group = 0; group < 6; ++group) {
    for (NodeIndex x = 0; x < 4; ++x)
      for (NodeIndex y = x + 1; y < 4; ++y) list.arcs.push_back({4 * group + x, 4 * group + y});
    list.arcs.push_back({4 * group, (4 * group + 5) % 24});
  }
  list = edge_list("cliques", 24, list.arcs);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Groups found = louvain(view_of(list), {.seed = seed});
    for (NodeIndex x = 0; x < 24; ++x)
      EXPECT_EQ(found.group[static_cast<size_t>(x)], x - x % 4) << "seed " << seed;
  }
}

TEST(Louvain, GroupsAreConnected) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const EdgeList list = random_graph(seed, 60, 80);
    const Groups found = louvain(view_of(list), {.seed = seed});
    std::vector<NodeIndex> label(60);
    for (NodeIndex x = 0; x < 60; ++x) label[static_cast<size_t>(x)] = x;
    for (int round = 0; round < 60; ++round)
      for (const Arc& arc : list.arcs) {
        const auto a = static_cast<size_t>(arc.source), b = static_cast<size_t>(arc.target);
        if (found.group[a] == found.group[b]) label[a] = label[b] = std::min(label[a], label[b]);
      }
    EXPECT_EQ(label, found.group) << seed;
  }
}

TEST(Louvain, RefusesOptionsThatAreNone) {
  const View view = view_of(edge_list("one", 2, {{0, 1}}));
  const std::vector<float> negative{-1}, many{1, 1};
  EXPECT_THROW(louvain(view, {.weights = negative}), std::invalid_argument);
  EXPECT_THROW(louvain(view, {.weights = many}), std::invalid_argument);
  EXPECT_THROW(louvain(view, {.resolution = 0}), std::invalid_argument);
  EXPECT_THROW(louvain(view, {.resolution = std::nan("")}), std::invalid_argument);
  const std::vector<NodeIndex> few{0}, other{0, 2};
  EXPECT_THROW(modularity(view, few), std::invalid_argument);
  EXPECT_THROW(modularity(view, other), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
