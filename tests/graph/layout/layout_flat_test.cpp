// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <set>
#include <stdexcept>

#include "graph/algorithms/groups.h"
#include "graph/algorithms/structure.h"
#include "graph/layout/layered.h"
#include "graph/layout/layers.h"
#include "graph/layout/tree.h"
#include "tests/graph/layout/interrupting.h"
#include "tests/graph/layout/shapes.h"

namespace saggio::graph {
namespace {

constexpr float kRounding = 1e-3F;  // of coordinates below 2^13 that are sums of a few

float least_distance(const std::vector<Point>& points) {
  float least = std::numeric_limits<float>::max();
  for (size_t i = 0; i < points.size(); ++i)
    for (size_t j = 0; j < i; ++j) least = std::min(least, length(points[i] - points[j]));
  return least;
}

const Point& at(const std::vector<Point>& points, NodeIndex x) {
  return points[static_cast<size_t>(x)];
}

// Those that do not take seconds: a dense graph with cycles has edges that pass many layers.
std::vector<EdgeList> sparse_graphs() {
  std::vector<EdgeList> graphs = test_graphs();
  std::erase_if(graphs, [](const EdgeList& list) { return list.arcs.size() > 1000; });
  return graphs;
}

// Arcs from smaller to larger nodes: no cycles.
EdgeList without_cycles(uint64_t seed, NodeIndex nodes, int64_t arcs) {
  EdgeList list = random_graph(seed, nodes, arcs);
  for (Arc& arc : list.arcs)
    if (arc.source > arc.target) std::swap(arc.source, arc.target);
  std::erase_if(list.arcs, [](const Arc& arc) { return arc.source == arc.target; });
  return edge_list("without cycles " + std::to_string(seed), nodes, list.arcs);
}

EdgeList complete_binary_tree(int levels) {
  std::vector<Arc> arcs;
  const NodeIndex nodes = (1 << levels) - 1;
  for (NodeIndex x = 1; x < nodes; ++x) arcs.push_back({(x - 1) / 2, x});
  return edge_list("binary tree", nodes, std::move(arcs));
}

TEST(LayeredLayout, LetsEveryEdgePointDownWhereThereIsNoCycle) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const EdgeList list = without_cycles(seed, 60, 90);
    const LayeredLayout layout = layered_layout(view_of(list));

    EXPECT_TRUE(layout.reversed.empty());
    for (const Arc& arc : list.arcs) {
      EXPECT_GT(layout.layers[static_cast<size_t>(arc.target)],
                layout.layers[static_cast<size_t>(arc.source)]);
      EXPECT_LE(at(layout.points, arc.target).y, at(layout.points, arc.source).y - 1 + kRounding);
    }
  }
}

TEST(LayeredLayout, TurnsRoundOnlyEdgesOfCycles) {
  for (const EdgeList& list : sparse_graphs()) {
    const View view = view_of(list);
    const LayeredLayout layout = layered_layout(view, {.sweeps = 1});
    const std::vector<NodeIndex> components = strong_components(view);

    std::vector<EdgeIndex> up;
    for (size_t i = 0; i < list.arcs.size(); ++i) {
      const auto source = static_cast<size_t>(list.arcs[i].source);
      const auto target = static_cast<size_t>(list.arcs[i].target);
      EXPECT_EQ(layout.layers[target] == layout.layers[source], source == target) << list.name;
      if (layout.layers[target] >= layout.layers[source]) continue;
      up.push_back(static_cast<EdgeIndex>(i));
      EXPECT_EQ(components[source], components[target]) << list.name;
    }
    EXPECT_EQ(layout.reversed, up) << list.name;
  }
}

TEST(LayeredLayout, LaysNoNodeOnAnother) {
  for (const EdgeList& list : sparse_graphs())
    EXPECT_GE(least_distance(layered_layout(view_of(list), {.sweeps = 1}).points), 1 - kRounding)
        << list.name;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const std::vector<Point> points = layered_layout(view_of(without_cycles(seed, 80, 160))).points;
    EXPECT_GE(least_distance(points), 1 - kRounding);
  }
}

TEST(LayeredLayout, CountsTheCrossingsThatOneSees) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    results::Stream stream(seed);
    std::set<std::pair<NodeIndex, NodeIndex>> pairs;
    for (int i = 0; i < 30; ++i)  // from the first half to the second: two layers
      pairs.emplace(stream.below(10), 10 + stream.below(10));
    std::vector<Arc> arcs;
    for (const auto& [source, target] : pairs) arcs.push_back({source, target});
    const LayeredLayout layout = layered_layout(view_of(edge_list("", 20, arcs)));

    int64_t seen = 0;
    const auto x = [&](NodeIndex node) { return at(layout.points, node).x; };
    for (const Arc& a : arcs)
      for (const Arc& b : arcs) seen += x(a.source) < x(b.source) && x(a.target) > x(b.target);
    EXPECT_EQ(layout.crossings, seen);
  }
}

TEST(LayeredLayout, DrawsTreesWithoutCrossings) {
  EXPECT_EQ(layered_layout(view_of(complete_binary_tree(6))).crossings, 0);
  EXPECT_EQ(layered_layout(view_of(random_tree(300))).crossings, 0);
}

TEST(LayeredLayout, HasTheCrossingsThatCannotBeAvoided) {
  std::vector<Arc> arcs;  // three to three
  for (NodeIndex a = 0; a < 3; ++a)
    for (NodeIndex b = 3; b < 6; ++b) arcs.push_back({a, b});
  EXPECT_EQ(layered_layout(view_of(edge_list("", 6, arcs))).crossings, 9);
}

TEST(LayeredLayout, MovesSourcesDownToWhatTheyLeadTo) {
  const LayeredLayout layout =
      layered_layout(view_of(edge_list("", 5, {{0, 1}, {1, 2}, {2, 3}, {4, 3}})));
  EXPECT_EQ(layout.layers, (std::vector<int32_t>{0, 1, 2, 3, 2}));
}

TEST(LayeredLayout, DrawsLongEdgesStraight) {
  const std::vector<LocalArc> arcs{{0, 1}, {0, 4}, {1, 2}, {2, 3}, {3, 4}};
  Asker asker({});
  Layers layers = with_bends(arcs, layers_of(5, arcs, asker), asker);
  reduce_crossings(layers, 8, asker);
  const std::vector<float> x = across(layers, asker);

  ASSERT_EQ(layers.nodes(), 8);  // three bends
  EXPECT_FLOAT_EQ(x[5], x[6]);
  EXPECT_FLOAT_EQ(x[6], x[7]);
}

TEST(LayeredLayout, RefusesMoreBendsThanItCanHold) {
  std::vector<Arc> arcs;
  for (NodeIndex x = 0; x < 2999; ++x) arcs.insert(arcs.end(), {{x, x + 1}, {x, 2999}});
  try {
    layered_layout(view_of(edge_list("", 3000, arcs)));
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("use the force layout"), std::string::npos);
  }
  EXPECT_THROW(layered_layout(view_of(grid(2, 2)), {.sweeps = -1}), std::invalid_argument);
}

TEST(TreeLayout, DrawsABinaryTreeAsOneDoesByHand) {
  const TreeLayout layout = tree_layout(view_of(complete_binary_tree(4)));

  for (NodeIndex x = 7; x < 15; ++x) {
    EXPECT_FLOAT_EQ(at(layout.points, x).x - at(layout.points, 7).x, static_cast<float>(x - 7));
    EXPECT_FLOAT_EQ(at(layout.points, x).y, at(layout.points, 0).y - 3);
  }
  for (NodeIndex x = 0; x < 7; ++x)
    EXPECT_FLOAT_EQ(at(layout.points, x).x,
                    (at(layout.points, 2 * x + 1).x + at(layout.points, 2 * x + 2).x) / 2);
}

TEST(TreeLayout, SpreadsSmallTreesBetweenLargeOnes) {
  // Node 1 and node 5 have six children each; 2, 3 and 4 between them have none.
  std::vector<Arc> arcs;
  for (NodeIndex x = 1; x < 6; ++x) arcs.push_back({0, x});
  for (NodeIndex x = 6; x < 12; ++x) arcs.insert(arcs.end(), {{1, x}, {5, x + 6}});
  const std::vector<Point> points = tree_layout(view_of(edge_list("", 18, arcs))).points;

  EXPECT_FLOAT_EQ(points[5].x - points[1].x, 6);  // six children, and the gap between two
  for (size_t x = 1; x < 5; ++x) EXPECT_NEAR(points[x + 1].x - points[x].x, 1.5F, kRounding);
}

TEST(TreeLayout, LaysNoNodeOnAnotherAndParentsAboveTheirChildren) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const TreeLayout layout = tree_layout(view_of(random_tree(400, seed)));

    EXPECT_GE(least_distance(layout.points), 1 - kRounding);
    std::vector<float> low(400, std::numeric_limits<float>::max()), high(400, -low[0]);
    for (size_t x = 1; x < 400; ++x) {
      const auto parent = static_cast<size_t>(layout.parent[x]);
      low[parent] = std::min(low[parent], layout.points[x].x);
      high[parent] = std::max(high[parent], layout.points[x].x);
      EXPECT_EQ(layout.depth[x], layout.depth[parent] + 1);
      EXPECT_NEAR(layout.points[x].y, layout.points[parent].y - 1, kRounding);
    }
    for (size_t x = 0; x < 400; ++x)
      if (high[x] >= low[x]) {
        EXPECT_NEAR(layout.points[x].x, (low[x] + high[x]) / 2, kRounding);
      }
  }
}

TEST(TreeLayout, TakesAnyGraph) {
  for (const EdgeList& list : test_graphs())
    for (const Direction direction : {Direction::Out, Direction::In, Direction::Both}) {
      const TreeLayout tree = tree_layout(view_of(list), {.direction = direction});
      const TreeLayout radial = radial_layout(view_of(list), {.direction = direction});

      EXPECT_EQ(tree.points.size(), static_cast<size_t>(list.nodes));
      if (list.nodes < 2) continue;
      EXPECT_GE(least_distance(tree.points), 1 - kRounding) << list.name;
      // One along the circle is at least 2 / pi as the crow flies.
      EXPECT_GE(least_distance(radial.points), 0.63F) << list.name;
    }
}

TEST(TreeLayout, ChoosesItsRoots) {
  const View view = view_of(edge_list("", 6, {{1, 0}, {1, 2}, {3, 4}, {4, 3}, {4, 5}}));
  using Parents = std::vector<NodeIndex>;
  EXPECT_EQ(tree_layout(view).parent, (Parents{1, -1, 1, -1, 3, 4}));
  EXPECT_EQ(tree_layout(view, {.direction = Direction::In}).parent, (Parents{-1, 0, -1, 4, 5, -1}));
  EXPECT_EQ(tree_layout(view, {.direction = Direction::Both}).parent,
            (Parents{1, -1, 1, 4, -1, 4}));
  const std::vector<NodeIndex> roots{4}, wrong{6};
  EXPECT_EQ(tree_layout(view, {.roots = roots}).parent, (Parents{1, -1, 1, 4, -1, 4}));
  EXPECT_THROW(tree_layout(view, {.roots = wrong}), std::invalid_argument);
}

TEST(TreeLayout, GoesAsDeepAsAGraph) {
  const NodeIndex nodes = 300'000;
  const EdgeList path = grid(1, nodes);
  const TreeLayout layout = tree_layout(view_of(path));

  EXPECT_EQ(layout.depth.back(), nodes - 1);
  EXPECT_EQ(layout.points.back().x, layout.points.front().x);
}

TEST(RadialLayout, LaysDepthsOnCircles) {
  const TreeLayout layout = radial_layout(view_of(random_tree(300)));
  const float first = length(layout.points[1] - layout.points[0]);  // node 1 is a child of node 0

  EXPECT_GE(first, 1 - kRounding);
  for (size_t x = 0; x < 300; ++x)
    EXPECT_NEAR(length(layout.points[x] - layout.points[0]),
                first * static_cast<float>(layout.depth[x]),
                kRounding * (1 + first));
}

TEST(FlatLayouts, EndWithinAQuarterOfASecondOnAMillionNodes) {
  const View view = view_of(random_tree(1'000'000));
  const TreeOptions from_leaves{.direction = Direction::In};
  const auto stopped_by = [](auto options, const std::stop_token& stop) {
    options.stop = stop;
    return options;
  };
  const std::function<void(const std::stop_token&)> works[] = {
      [&](const std::stop_token& stop) { layered_layout(view, {.stop = stop}); },
      [&](const std::stop_token& stop) { tree_layout(view, stopped_by(from_leaves, stop)); },
      [&](const std::stop_token& stop) { radial_layout(view, stopped_by(from_leaves, stop)); },
      [&](const std::stop_token& stop) { louvain(view, {.stop = stop}); }};
  for (const auto& work : works) {
    const double begin = cpu_seconds();
    work({});
    const double whole = cpu_seconds() - begin;
    for (const double share : {0., 0.1, 0.2, 0.3, 0.4, 0.5, 0.6})
      EXPECT_LT(goes_on_for(work, share * whole), 0.25) << &work - works << ", " << share;
  }
}

}  // namespace
}  // namespace saggio::graph
