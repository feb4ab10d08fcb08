// SPDX-License-Identifier: MIT
#include "graph/layout/stress.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "graph/layout/force.h"
#include "graph/layout/stress_layout.h"
#include "tests/graph/layout/shapes.h"

namespace saggio::graph {
namespace {

TEST(Stress, IsNoneWhereDistancesAreHops) {
  const Neighbours path = neighbours_of(view_of(grid(1, 4)));
  const std::vector<Point> points{{0, 0, 0}, {3, 0, 0}, {6, 0, 0}, {9, 0, 0}};

  const Stress stress = stress_of(path, points);

  EXPECT_EQ(stress.pairs, 12);
  EXPECT_DOUBLE_EQ(stress.scale, 1.0 / 3);
  EXPECT_NEAR(stress.stress, 0, 12 * 2.3e-16);
}

TEST(Stress, EqualsItsDefinition) {
  // A path of three, bent to a right angle: d / D is 1, 1 and sqrt(2) / 2.
  const Neighbours path = neighbours_of(view_of(grid(1, 3)));
  const std::vector<Point> points{{1, 0, 0}, {0, 0, 0}, {0, 0, 1}};

  const double sum = 2 + std::sqrt(2.0) / 2, squares = 2.5, scale = sum / squares;
  const double expected =
      (2 * (scale - 1) * (scale - 1) + std::pow(scale * std::sqrt(2.0) / 2 - 1, 2)) / 3;
  EXPECT_NEAR(stress_of(path, points).stress, expected, 1e-7);  // sqrt(2) is a float there
}

TEST(Stress, IsOneWhereAllLieAtOnePlace) {
  EXPECT_EQ(stress_of(neighbours_of(view_of(grid(3, 3))), std::vector<Point>(9)).stress, 1);
}

TEST(Stress, CountsPairsThatHangTogether) {
  const EdgeList list = edge_list("two pairs", 5, {{0, 1}, {1, 0}, {2, 3}, {4, 4}});
  EXPECT_EQ(stress_of(neighbours_of(view_of(list)), std::vector<Point>(5)).pairs, 4);
  EXPECT_EQ(stress_of(neighbours_of(view_of(edge_list("", 0, {}))), {}).pairs, 0);
}

TEST(Stress, OfASampleIsNearThatOfAllPairs) {
  const Neighbours neighbours = neighbours_of(view_of(scale_free(1000, 2)));
  std::vector<Point> points;
  for (uint64_t i = 0; i < 1000; ++i) points.push_back(scatter(1, i));
  const double all = stress_of(neighbours, points, 1000).stress;

  for (uint64_t seed = 0; seed < 5; ++seed)
    EXPECT_NEAR(stress_of(neighbours, points, 100, seed).stress, all, 0.1 * all) << seed;
  EXPECT_EQ(stress_of(neighbours, points, 100, 1).pairs, 100 * 999);
  EXPECT_THROW(stress_of(neighbours, std::vector<Point>(999)), std::invalid_argument);
}

TEST(StressLayout, DrawsAPathStraight) {
  const View path = view_of(grid(1, 40));
  const Stress stress = stress_of(neighbours_of(path), stress_layout(path));

  EXPECT_LT(stress.stress, 1e-3);  // a zigzag of a tenth of an edge has about that
  EXPECT_NEAR(stress.scale, 1, 0.02);
}

TEST(StressLayout, HasLessStressThanAForceLayout) {
  for (const EdgeList& list : {grid(15, 15), scale_free(300, 2), random_tree(300)}) {
    const View view = view_of(list);
    const Neighbours neighbours = neighbours_of(view);
    ForceLayout force(view);
    while (!force.at_rest()) force.step();
    const double allowed = stress_of(neighbours, force.positions(), 1000).stress;

    EXPECT_LT(stress_of(neighbours, stress_layout(view), 1000).stress, allowed) << list.name;
    // Fewer pivots than nodes tell nearly as much.
    const std::vector<Point> sparse = stress_layout(view, {.pivots = 60});
    EXPECT_LT(stress_of(neighbours, sparse, 1000).stress, allowed) << list.name;
  }
}

TEST(StressLayout, TakesAnyGraph) {
  for (const EdgeList& list : test_graphs()) {
    const std::vector<Point> points =
        stress_layout(view_of(list), {.dimensions = 2, .most_sweeps = 5});
    ASSERT_EQ(points.size(), static_cast<size_t>(list.nodes)) << list.name;
    for (const Point& p : points) EXPECT_TRUE(is_placed(p) && p.z == 0) << list.name;
  }
  EXPECT_THROW(stress_layout(view_of(grid(2, 2)), {.dimensions = 1}), std::invalid_argument);
  EXPECT_THROW(stress_layout(view_of(grid(2, 2)), {.pivots = 0}), std::invalid_argument);
}

TEST(StressLayout, HasTheSameBitsForAnyInstructions) {
  std::vector<float> column;
  for (uint64_t i = 0; i < 64; ++i) column.push_back(1 + scatter(1, i).x);
  const float* const c = column.data();
  const LayoutLoops* tables[2];
  for (size_t table = layout_loop_tables(tables); table-- > 0;) {
    float sum[4] = {}, plain[4] = {};
    tables[table]->wish({0.5F, 2, 3}, {c, c + 8, c + 16, c + 24, c + 32, 32}, sum);
    tables[0]->wish({0.5F, 2, 3}, {c, c + 8, c + 16, c + 24, c + 32, 32}, plain);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(sum[i], plain[i]);
  }
}

TEST(Neighbours, AreEachOtherOnceWithoutSelfLoops) {
  const EdgeList list = edge_list("", 4, {{0, 0}, {0, 1}, {0, 1}, {1, 0}, {2, 0}, {1, 2}});
  const Neighbours neighbours = neighbours_of(view_of(list));

  EXPECT_EQ(neighbours.ptr, (std::vector<int64_t>{0, 2, 4, 6, 6}));
  EXPECT_EQ(neighbours.to, (std::vector<NodeIndex>{1, 2, 0, 2, 0, 1}));
}

}  // namespace
}  // namespace saggio::graph
