// SPDX-License-Identifier: MIT
#include "graph/layout/repulsion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "graph/layout/curve.h"

namespace saggio::graph {
namespace {

// Dense in the middle, as layouts are.
std::vector<Point> cloud(size_t count, uint64_t seed = 1) {
  std::vector<Point> points;
  for (size_t i = 0; i < count; ++i) {
    const Point p = scatter(seed, i);
    points.push_back(10 * length(p) * p);
  }
  return points;
}

struct Sum {
  double force[3] = {}, terms = 0;  // and the sum of the terms' lengths
};

Sum plain_sum(const std::vector<Point>& points, size_t i, int dimensions = 3) {
  Sum sum;
  for (const Point& other : points) {
    const double by[3] = {double{points[i].x} - other.x,
                          double{points[i].y} - other.y,
                          double{points[i].z} - other.z};
    const double square = by[0] * by[0] + by[1] * by[1] + by[2] * by[2];
    const double weight = std::pow(square + kSoftening, -0.5 * (dimensions + 1));
    for (int axis = 0; axis < 3; ++axis) sum.force[axis] += weight * by[axis];
    sum.terms += weight * std::sqrt(square);
  }
  return sum;
}

double apart(const Sum& sum, const Point& force) {
  return std::hypot(sum.force[0] - force.x, sum.force[1] - force.y, sum.force[2] - force.z);
}

TEST(Repulsion, OfAllPairsIsTheirSum) {
  for (const size_t count : {0, 1, 2, 31, 32, 33, 500}) {
    const std::vector<Point> points = cloud(count);
    std::vector<Point> forces(count);
    Repulsion().exact(points, 1, forces);

    // A rounding for each addition, and a few for each term.
    const double allowed =
        (static_cast<double>(count) + 16) * std::numeric_limits<float>::epsilon();
    for (size_t i = 0; i < count; ++i) {
      const Sum sum = plain_sum(points, i);
      EXPECT_LE(apart(sum, forces[i]), allowed * sum.terms) << i << " of " << count;
    }
  }
}

double mean_error(const std::vector<Point>& points, float theta, int dimensions = 3) {
  std::vector<Point> forces(points.size());
  Repulsion(dimensions).approximate(points, theta, 1, forces);
  double error = 0, size = 0;
  for (size_t i = 0; i < points.size(); i += 13) {
    const Sum sum = plain_sum(points, i, dimensions);
    error += apart(sum, forces[i]);
    size += std::hypot(sum.force[0], sum.force[1], sum.force[2]);
  }
  return error / size;
}

TEST(Repulsion, ErrsByAsMuchAsThetaAllows) {
  const std::vector<Point> points = cloud(4000);
  // The figures of the header.
  EXPECT_LT(mean_error(points, 0.5F), 0.01);
  EXPECT_LT(mean_error(points, 0.9F), 0.03);
  EXPECT_LT(mean_error(points, 1.2F), 0.07);
  EXPECT_GT(mean_error(points, 1.2F), 1e-4);  // far nodes do act together
}

std::vector<Point> flat_cloud(size_t count) {
  std::vector<Point> points = cloud(count);
  for (Point& p : points) p.z = 0;
  return points;
}

TEST(Repulsion, InAPlaneErrsByNoMore) {
  const std::vector<Point> points = flat_cloud(4000);
  EXPECT_LT(mean_error(points, 0.5F, 2), 0.01);
  EXPECT_LT(mean_error(points, 0.9F, 2), 0.03);
  EXPECT_LT(mean_error(points, 1.2F, 2), 0.07);
}

TEST(Repulsion, OfAllPairsInAPlaneIsTheirSumAndLiesInIt) {
  for (const size_t count : {0, 1, 2, 31, 32, 33, 500}) {
    const std::vector<Point> points = flat_cloud(count);
    std::vector<Point> forces(count);
    Repulsion(2).exact(points, 1, forces);

    // A rounding for each addition, and the error of the quotients.
    const double allowed =
        static_cast<double>(count) * std::numeric_limits<float>::epsilon() + 2e-5;
    for (size_t i = 0; i < count; ++i) {
      EXPECT_LE(apart(plain_sum(points, i, 2), forces[i]), allowed * plain_sum(points, i, 2).terms)
          << i << " of " << count;
      EXPECT_EQ(forces[i].z, 0);
    }
  }
}

TEST(Repulsion, HasTheSameBitsForAnyThreadsAndInstructions) {
  const LayoutLoops* tables[2];
  const size_t count = layout_loop_tables(tables);
  for (const int dimensions : {2, 3}) {
    const std::vector<Point> points = dimensions == 2 ? flat_cloud(3001) : cloud(3001);
    std::vector<std::vector<Point>> results;
    for (size_t table = 0; table < count; ++table)
      for (const size_t threads : {1, 2, 5}) {
        Repulsion repulsion(dimensions, *tables[table]);
        std::vector<Point> forces(points.size());
        repulsion.approximate(points, 0.9F, threads, forces);
        results.push_back(forces);
      }
    for (const std::vector<Point>& result : results) EXPECT_EQ(result, results[0]);
  }
}

TEST(Repulsion, DoesNotAskInWhatOrderPointsCome) {
  std::vector<Point> points = cloud(1000);
  std::vector<Point> forces(points.size()), backwards(points.size());
  Repulsion().approximate(points, 0.9F, 1, forces);
  std::reverse(points.begin(), points.end());
  Repulsion().approximate(points, 0.9F, 1, backwards);
  std::reverse(backwards.begin(), backwards.end());

  EXPECT_EQ(forces, backwards);
}

TEST(Repulsion, IsRightAfterPointsHaveMoved) {
  std::vector<Point> points = cloud(2000);
  Repulsion repulsion;
  std::vector<Point> forces(points.size()), fresh(points.size());
  for (int move = 0; move < 8; ++move) {
    for (size_t i = 0; i < points.size(); ++i)
      points[i] = points[i] + scatter(static_cast<uint64_t>(move), i);
    repulsion.approximate(points, 0.1F, 1, forces);
  }
  Repulsion().exact(points, 1, fresh);

  double error = 0, size = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    error += length(forces[i] - fresh[i]);
    size += length(fresh[i]);
  }
  EXPECT_LT(error / size, 1e-3);  // theta of 0.1: a hundredth of what 0.9 errs by
}

TEST(Repulsion, IsNoneBetweenPointsAtOnePlace) {
  const std::vector<Point> points(100, Point{1, 2, 3});
  std::vector<Point> forces(100, kNowhere);
  Repulsion().approximate(points, 0.9F, 1, forces);
  EXPECT_EQ(forces, std::vector<Point>(100));

  Repulsion().exact(points, 1, forces);
  EXPECT_EQ(forces, std::vector<Point>(100));
}

TEST(Curve, PassesEachCellOnceFromNeighbourToNeighbour) {
  constexpr float kSide = 16;  // the first 2^12 cells of the curve are a cube at its corner
  std::vector<Point> cells;
  for (float x = 0; x < kSide; ++x)
    for (float y = 0; y < kSide; ++y)
      for (float z = 0; z < kSide; ++z) cells.push_back({x + 0.5F, y + 0.5F, z + 0.5F});
  const LayoutLoops* tables[2];
  for (size_t table = layout_loop_tables(tables); table-- > 0;) {
    std::vector<uint64_t> keys(cells.size());
    tables[table]->keys(&cells[0].x, cells.size(), 0, {{0, 0, 0}, 1}, keys.data());
    std::sort(keys.begin(), keys.end());

    for (size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(keys[i] >> 32, i);
      if (i == 0) continue;
      const Point step = cells[keys[i] & UINT32_MAX] - cells[keys[i - 1] & UINT32_MAX];
      ASSERT_EQ(length(step), 1) << i;
    }
  }
}

TEST(Curve, TakesWhatLiesOutsideToItsSides) {
  const std::vector<Point> inside{{0, 5, 1023.5F}}, outside{{-1e9F, 5, 1e9F}};
  uint64_t in_key = 0, out_key = 1;
  layout_loops().keys(&inside[0].x, 1, 0, {{0, 0, 0}, 1}, &in_key);
  layout_loops().keys(&outside[0].x, 1, 0, {{0, 0, 0}, 1}, &out_key);
  EXPECT_EQ(in_key, out_key);
}

TEST(Curve, OrdersAllPoints) {
  const std::vector<Point> points = cloud(7777);
  const std::vector<uint32_t> order = along_curve(layout_loops(), points, 3);

  EXPECT_EQ(std::set<uint32_t>(order.begin(), order.end()).size(), points.size());
  EXPECT_EQ(along_curve(layout_loops(), points, 1), order);
  EXPECT_TRUE(along_curve(layout_loops(), {}, 1).empty());
}

}  // namespace
}  // namespace saggio::graph
