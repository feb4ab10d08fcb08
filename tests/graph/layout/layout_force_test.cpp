// SPDX-License-Identifier: MIT
#include "graph/layout/force.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>

#include "graph/layout/stress.h"
#include "tests/graph/layout/interrupting.h"
#include "tests/graph/layout/shapes.h"

namespace saggio::graph {
namespace {

std::vector<Point> at_rest(ForceLayout& layout) {
  while (!layout.at_rest()) layout.step();
  return {layout.positions().begin(), layout.positions().end()};
}

std::vector<Point> laid_out(const EdgeList& list, const ForceOptions& options = {}) {
  ForceLayout layout(view_of(list), options);
  return at_rest(layout);
}

size_t places(const std::vector<Point>& points) {
  std::set<std::tuple<float, float, float>> all;
  for (const Point& p : points) all.emplace(p.x, p.y, p.z);
  return all.size();
}

std::string refusal(const ForceOptions& options) {
  try {
    ForceLayout(view_of(grid(2, 2)), options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(ForceLayout, PlacesTwoJoinedNodesOneApart) {
  const std::vector<Point> points = laid_out(edge_list("pair", 2, {{0, 1}}));

  // distance^2 = distance / (distance^2 + kSoftening)^2, to within the last steps.
  EXPECT_NEAR(length(points[0] - points[1]), 0.993, 0.02);
}

TEST(ForceLayout, TakesAnyGraph) {
  std::vector<EdgeList> graphs = test_graphs();
  graphs.push_back(edge_list("no edges", 1500, {}));
  graphs.push_back(edge_list("loops", 3, std::vector<Arc>(1'000'000, Arc{1, 1})));
  graphs.push_back(edge_list("parallel", 3, std::vector<Arc>(1'000'000, Arc{0, 2})));
  for (const EdgeList& list : graphs)
    for (const int dimensions : {2, 3}) {
      const ForceOptions options{.dimensions = dimensions, .exact_up_to = 100};
      const std::vector<Point> points = laid_out(list, options);

      ASSERT_EQ(points.size(), static_cast<size_t>(list.nodes)) << list.name;
      EXPECT_TRUE(std::all_of(points.begin(), points.end(), is_placed)) << list.name;
      EXPECT_EQ(places(points), points.size()) << list.name;
      const bool flat =
          std::all_of(points.begin(), points.end(), [](const Point& p) { return p.z == 0; });
      EXPECT_TRUE(flat || dimensions == 3) << list.name;
    }
}

TEST(ForceLayout, HasTheSameBitsForAnyNumberOfThreads) {
  const View view = view_of(scale_free(2500, 2));
  for (const int dimensions : {2, 3}) {
    std::vector<std::vector<Point>> results;
    for (const size_t threads : {1, 2, 3, 8}) {
      ForceLayout layout(view, {.dimensions = dimensions, .threads = threads});
      for (int i = 0; i < 20; ++i) layout.step();
      results.emplace_back(layout.positions().begin(), layout.positions().end());
    }
    for (const std::vector<Point>& result : results) EXPECT_EQ(result, results[0]) << dimensions;
  }
}

TEST(ForceLayout, AStepThatIsInterruptedEndsAtOnceAndLeavesAllAsItWas) {
  const View view = view_of(scale_free(50'000, 2));
  const ForceLayout first(view, {.threads = 1});
  const std::vector<Point> before(first.positions().begin(), first.positions().end());
  const auto begun = [&](std::optional<ForceLayout>& layout, const std::stop_token& stop) {
    layout.emplace(view, before, ForceOptions{.threads = 1, .stop = stop});
    layout->reheat();
  };
  std::optional<ForceLayout> layout, undisturbed;
  double begin = cpu_seconds();
  begun(undisturbed, {});
  const double making = cpu_seconds() - begin;
  begin += making;
  undisturbed->step();
  const double step = cpu_seconds() - begin;

  double quickest = step;
  for (const double steps : {1.1, 1.3, 1.5, 1.7, 1.9}) {
    const auto go_on = [&](const std::stop_token& stop) {
      begun(layout, stop);
      while (true) layout->step();
    };
    quickest = std::min(quickest, goes_on_for(go_on, making + steps * step));
    begun(undisturbed, {});
    while (undisturbed->temperature() > layout->temperature()) undisturbed->step();
    EXPECT_EQ(undisturbed->temperature(), layout->temperature());
    EXPECT_TRUE(std::equal(undisturbed->positions().begin(),
                           undisturbed->positions().end(),
                           layout->positions().begin()));
  }
  EXPECT_LT(quickest, step / 4);
}

TEST(ForceLayout, IsInterruptedWhileItIsMade) {
  const View view = view_of(scale_free(50'000, 2));
  const auto make = [&](const std::stop_token& stop) {
    ForceLayout(view, {.threads = 1, .stop = stop});
  };
  const double begin = cpu_seconds();
  make({});
  const double whole = cpu_seconds() - begin;

  for (const double share : {0., 0.2, 0.4, 0.6})
    EXPECT_LT(goes_on_for(make, share * whole), whole / 4) << share;
}

TEST(ForceLayout, IsNotBegunByWhoIsToldToStop) {
  std::stop_source stop;
  stop.request_stop();
  const View view = view_of(grid(3, 3));

  EXPECT_THROW(ForceLayout(view, {.stop = stop.get_token()}), Interrupted);
}

TEST(ForceLayout, ShowsTheShapeOfAGraph) {
  const EdgeList square = grid(20, 20);
  const Neighbours neighbours = neighbours_of(view_of(square));

  // igraph's Fruchterman-Reingold comes to 0.020 on a grid of 22 x 22, in space and in a plane.
  EXPECT_LT(stress_of(neighbours, laid_out(square)).stress, 0.02);
  EXPECT_LT(stress_of(neighbours, laid_out(square, {.dimensions = 2})).stress, 0.02);
}

TEST(ForceLayout, ApproximatesTheLayoutOfAllPairs) {
  const EdgeList list = scale_free(1500, 2);
  const Neighbours neighbours = neighbours_of(view_of(list));
  for (const int dimensions : {2, 3}) {
    const auto stress = [&](NodeIndex exact_up_to) {
      const ForceOptions options{.dimensions = dimensions, .exact_up_to = exact_up_to};
      return stress_of(neighbours, laid_out(list, options)).stress;
    };
    EXPECT_LT(stress(0), 1.05 * stress(2000)) << dimensions;
  }
}

// Forces of all pairs, added up in doubles: what the first step does to a component that fills the
// layout.
TEST(ForceLayout, MovesNodesOfAPlaneByTheForcesOfAllPairs) {
  const View view = view_of(grid(7, 8));
  ForceLayout layout(view, {.dimensions = 2});
  const std::vector<Point> from(layout.positions().begin(), layout.positions().end());
  const Neighbours neighbours = neighbours_of(view);
  struct Flat {
    double x = 0, y = 0;
  };
  std::vector<Flat> forces(from.size());
  Flat drift;
  for (size_t i = 0; i < from.size(); ++i)
    for (const Point& other : from) {
      const double x = double{from[i].x} - other.x, y = double{from[i].y} - other.y;
      const double weight = std::pow(x * x + y * y + kSoftening, -1.5);
      forces[i] = {forces[i].x + weight * x, forces[i].y + weight * y};
    }
  for (const Flat& force : forces) {
    drift.x += force.x / static_cast<double>(from.size());
    drift.y += force.y / static_cast<double>(from.size());
  }
  layout.step();

  for (size_t i = 0; i < from.size(); ++i) {
    Flat move{forces[i].x - drift.x, forces[i].y - drift.y};
    double stiffness = 1;
    for (const NodeIndex y : neighbours[static_cast<NodeIndex>(i)]) {
      const Point& other = from[static_cast<size_t>(y)];
      const Flat to{double{other.x} - from[i].x, double{other.y} - from[i].y};
      const double distance = std::hypot(to.x, to.y);
      move = {move.x + distance * to.x, move.y + distance * to.y};
      stiffness += distance;
    }
    const double shorter = std::min(1 / stiffness, 1 / std::hypot(move.x, move.y));
    // Beside rounding, a thousandth of the temperature is left to chance.
    EXPECT_NEAR(layout.positions()[i].x, from[i].x + shorter * move.x, 1.1e-3) << i;
    EXPECT_NEAR(layout.positions()[i].y, from[i].y + shorter * move.y, 1.1e-3) << i;
    EXPECT_EQ(layout.positions()[i].z, 0);
  }
}

TEST(ForceLayout, LeavesNodesWhereTheyWereWhenOthersCome) {
  for (const int dimensions : {2, 3}) {
    const ForceOptions options{.dimensions = dimensions};
    EdgeList list = scale_free(2000, 2);
    const View before = view_of(list);
    const std::vector<Point> old = laid_out(list, options);
    results::Stream stream(5);
    std::vector<Arc> arcs = list.arcs;
    for (NodeIndex x = 2000; x < 2020; ++x)
      for (int i = 0; i < 2; ++i)
        arcs.push_back({static_cast<NodeIndex>(stream.below(static_cast<uint64_t>(x))), x});
    list = edge_list("grown", 2020, arcs);
    const View after = view_of(list);

    ForceLayout layout(after, carried_over(before, old, after), options);
    EXPECT_FALSE(layout.at_rest());
    const std::vector<Point> points = at_rest(layout);

    std::vector<float> moved;
    for (size_t i = 0; i < old.size(); ++i) moved.push_back(length(points[i] - old[i]));
    std::nth_element(moved.begin(), moved.begin() + 1000, moved.end());
    EXPECT_LT(moved[1000], 0.01F * radius(old));
    const Neighbours neighbours = neighbours_of(after);
    const double fresh = stress_of(neighbours, laid_out(list, options)).stress;
    EXPECT_LT(stress_of(neighbours, points).stress, 1.05 * fresh);
  }
}

TEST(ForceLayout, RestsWhereItIsToldThatNodesAre) {
  const View view = view_of(grid(4, 4));
  std::vector<Point> known;
  for (uint64_t i = 0; i < 16; ++i) known.push_back(scatter(1, i));
  const ForceLayout layout(view, known);

  EXPECT_TRUE(layout.at_rest());
  EXPECT_TRUE(std::equal(known.begin(), known.end(), layout.positions().begin()));
}

TEST(ForceLayout, PartsNodesThatLieAtOnePlace) {
  const EdgeList list = edge_list("three", 3, {{0, 1}, {0, 2}});
  ForceLayout layout(view_of(list), std::vector<Point>(3));
  layout.reheat();
  const std::vector<Point> points = at_rest(layout);

  EXPECT_NEAR(length(points[0] - points[1]), 1, 0.1);
  EXPECT_GT(length(points[1] - points[2]), 1);
}

TEST(ForceLayout, NeverMovesPinnedNodesAndTheOthersFollow) {
  const EdgeList path = edge_list("path", 3, {{0, 1}, {1, 2}});
  ForceLayout layout(view_of(path));
  layout.move(0, {50, 0, 0});
  layout.pin(0);
  EXPECT_TRUE(layout.pinned(0));
  for (int i = 0; i < 5; ++i) {
    layout.reheat();
    at_rest(layout);
  }

  EXPECT_EQ(layout.positions()[0], (Point{50, 0, 0}));
  EXPECT_NEAR(length(layout.positions()[1] - layout.positions()[0]), 1, 0.2);
  layout.pin(0, false);
  EXPECT_FALSE(layout.pinned(0));
}

TEST(ForceLayout, CoolsAndIsHeatedAgain) {
  ForceLayout layout(view_of(grid(3, 3)));
  const float hot = layout.temperature();
  at_rest(layout);
  EXPECT_TRUE(layout.at_rest());
  layout.reheat(0.5F);

  EXPECT_EQ(layout.temperature(), 0.5F * hot);
  EXPECT_FALSE(layout.at_rest());
  EXPECT_THROW(layout.reheat(0), std::invalid_argument);
}

TEST(ForceLayout, DrawsGroupsTogether) {
  const EdgeList list = scale_free(300, 2);
  std::vector<NodeIndex> groups;
  for (NodeIndex x = 0; x < 300; ++x) groups.push_back(x % 4 == 3 ? -1 : 7 * (x % 4));
  const auto width = [&](const std::vector<Point>& points) {
    float sum = 0;
    for (NodeIndex group = 0; group < 3; ++group) {
      std::vector<Point> own;
      for (size_t i = 0; i < points.size(); ++i)
        if (groups[i] == 7 * group) own.push_back(points[i]);
      sum += radius(own) / radius(points);
    }
    return sum / 3;
  };

  // Drawn at random, a group is as wide as the whole.
  EXPECT_GT(width(laid_out(list)), 0.9F);
  EXPECT_LT(width(laid_out(list, {.groups = groups, .group_pull = 3})), 0.8F);
}

TEST(ForceLayout, KeepsComponentsBesideEachOther) {
  EdgeList list = grid(12, 12);
  for (NodeIndex x = 144; x < 164; x += 2) list.arcs.push_back({x, x + 1});
  list.nodes = 200;  // ten pairs, and 36 by themselves
  for (const int dimensions : {2, 3}) {
    const std::vector<Point> points = laid_out(list, {.dimensions = dimensions});

    const std::vector<Point> square(points.begin(), points.begin() + 144);
    for (size_t i = 144; i < 200; ++i) EXPECT_LT(length(points[i]), 5 * radius(square));
    for (size_t i = 144; i < 164; i += 2) EXPECT_NEAR(length(points[i] - points[i + 1]), 1, 0.1);
  }
}

TEST(ForceLayout, SaysWhatIsWrongWithItsOptions) {
  EXPECT_EQ(refusal({.dimensions = 4}), "force layout: dimensions = 4.000000, allowed: 2 or 3");
  EXPECT_NE(refusal({.theta = std::nanf("")}).find("theta"), std::string::npos);
  EXPECT_NE(refusal({.group_pull = -1}).find("group_pull"), std::string::npos);
  const std::vector<NodeIndex> labels(3);
  EXPECT_NE(refusal({.groups = labels}).find("one for each node"), std::string::npos);
  EXPECT_THROW(ForceLayout(view_of(grid(2, 2)), std::vector<Point>(3)), std::invalid_argument);
  ForceLayout layout(view_of(grid(2, 2)));
  EXPECT_THROW(layout.pin(4), std::invalid_argument);
  EXPECT_THROW(layout.move(0, kNowhere), std::invalid_argument);
}

TEST(CarriedOver, FindsNodesByTheirIds) {
  const View before = view_of(grid(1, 3));
  const View after = view_of(grid(1, 5));  // ids are 0, 2, 4, ...
  const std::vector<Point> points{{1, 0, 0}, {2, 0, 0}, {3, 0, 0}};
  const std::vector<Point> result = carried_over(before, points, after);

  EXPECT_TRUE(std::equal(points.begin(), points.end(), result.begin()));
  EXPECT_FALSE(is_placed(result[3]) || is_placed(result[4]));
  EXPECT_EQ(carried_over(after, result, before), points);
  EXPECT_THROW(carried_over(after, points, before), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
