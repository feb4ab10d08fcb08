// SPDX-License-Identifier: MIT
#include "graph/algorithms/shortest_path.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <stdexcept>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

constexpr std::array kDirections{Direction::Out, Direction::In, Direction::Both};
constexpr double kFar = std::numeric_limits<double>::infinity();

// Bellman and Ford's: every arc, until nothing changes any more.
std::vector<double> plain_distances(const EdgeList& list,
                                    NodeIndex source,
                                    Direction direction,
                                    bool weighted) {
  std::vector<double> distances(static_cast<size_t>(list.nodes), kFar);
  distances[static_cast<size_t>(source)] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (const Arc& arc : list.arcs) {
      double &a = distances[static_cast<size_t>(arc.source)],
             &b = distances[static_cast<size_t>(arc.target)];
      const double length = weighted ? arc.weight : 1;
      const double before = a + b;
      if (direction != Direction::In) b = std::min(b, a + length);
      if (direction != Direction::Out) a = std::min(a, b + length);
      changed |= a + b < before;
    }
  }
  return distances;
}

// Length of a path that leads from source to target by edges that may be walked; NaN if it does
// not.
double length_of(const EdgeList& list,
                 const Path& path,
                 NodeIndex source,
                 NodeIndex target,
                 Direction direction,
                 bool weighted) {
  double length = 0;
  NodeIndex at = source;
  for (const EdgeIndex edge : path) {
    const Arc& arc = list.arcs.at(static_cast<size_t>(edge));
    if (direction != Direction::In && arc.source == at)
      at = arc.target;
    else if (direction != Direction::Out && arc.target == at)
      at = arc.source;
    else
      return std::nan("");
    length += weighted ? arc.weight : 1;
  }
  return at == target ? length : std::nan("");
}

PathOptions options_of(Direction direction, const std::vector<float>& lengths, bool weighted) {
  PathOptions options{.direction = direction};
  if (weighted) options.lengths = lengths;
  return options;
}

TEST(ShortestPath, LeadsToItsTargetAndIsShortest) {
  for (const EdgeList& list : test_graphs()) {
    if (list.nodes == 0) continue;
    const View view = view_of(list);
    const std::vector<float> lengths = weights_of(list);
    for (const Direction direction : kDirections)
      for (const bool weighted : {false, true}) {
        const NodeIndex source = list.nodes / 2;
        const auto distances = plain_distances(list, source, direction, weighted);
        for (NodeIndex target = 0; target < list.nodes; target += 1 + list.nodes / 50) {
          const double expected = distances[static_cast<size_t>(target)];

          const auto path =
              shortest_path(view, source, target, options_of(direction, lengths, weighted));

          ASSERT_EQ(path.has_value(), expected < kFar) << list.name;
          if (!path) continue;
          ASSERT_EQ(length_of(list, *path, source, target, direction, weighted), expected)
              << list.name;
        }
      }
  }
}

//   0 -> 1 (edges 0, 1)   0 -> 2 (edge 2)   1 -> 3 (edge 3)   2 -> 3 (edge 4)
const EdgeList kDiamond =
    edge_list("diamond", 4, {{0, 1, 1}, {0, 1, 2}, {0, 2, 1}, {1, 3, 2}, {2, 3, 1}});

TEST(ShortestPath, ByCountIsTheLeastFromItsEndBack) {
  const View view = view_of(kDiamond);

  EXPECT_EQ(shortest_path(view, 0, 3), (Path{0, 3}));
  EXPECT_EQ(shortest_path(view, 3, 0), std::nullopt);
  EXPECT_EQ(shortest_path(view, 3, 0, {.direction = Direction::In}), (Path{3, 0}));
  EXPECT_EQ(shortest_path(view, 1, 2, {.direction = Direction::Both}), (Path{0, 2}));
  EXPECT_EQ(shortest_path(view, 2, 2), Path());
}

TEST(ShortestPath, ByLengthTakesTheShorterOfParallelEdges) {
  const View view = view_of(kDiamond);
  const std::vector<float> other{3, 1, 1, 0, 1};

  EXPECT_EQ(shortest_path(view, 0, 3, {.lengths = weights_of(kDiamond)}), (Path{2, 4}));
  EXPECT_EQ(shortest_path(view, 0, 3, {.lengths = other}), (Path{1, 3}));
}

TEST(ShortestPath, LengthsOfZeroMakeNoCircles) {
  const EdgeList list = edge_list("", 4, {{0, 1, 0}, {1, 0, 0}, {1, 2, 0}, {2, 1, 0}, {2, 3, 0}});

  EXPECT_EQ(shortest_path(view_of(list), 0, 3, {.lengths = weights_of(list)}), (Path{0, 2, 4}));
}

// Every simple walk, cut where it is longer than `most`.
std::set<Path> plain_paths(const EdgeList& list,
                           NodeIndex source,
                           NodeIndex target,
                           Direction direction,
                           bool weighted,
                           double most) {
  const auto steps = plain_steps(list, direction != Direction::In, direction != Direction::Out);
  std::set<Path> found;
  std::set<NodeIndex> on_path;
  Path path;
  const auto go = [&](auto& self, NodeIndex at, double length) -> void {
    if (length > most || !on_path.insert(at).second) return;
    if (at == target && length == most) found.insert(path);
    for (const auto& [to, edge] : steps[static_cast<size_t>(at)]) {
      path.push_back(edge);
      self(self, to, length + (weighted ? list.arcs[static_cast<size_t>(edge)].weight : 1));
      path.pop_back();
    }
    on_path.erase(at);
  };
  go(go, source, 0);
  return found;
}

TEST(AllShortestPaths, AreThoseOfExhaustiveSearchInOrder) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    EdgeList list = random_graph(seed, 12, 30);
    for (Arc& arc : list.arcs) arc.weight = std::ceil(arc.weight);  // 1 or 2: many ties
    const View view = view_of(list);
    const std::vector<float> lengths = weights_of(list);
    for (const Direction direction : kDirections)
      for (const bool weighted : {false, true})
        for (NodeIndex target = 0; target < 12; ++target) {
          const double most =
              plain_distances(list, 0, direction, weighted)[static_cast<size_t>(target)];
          std::set<Path> expected;
          if (most < kFar) expected = plain_paths(list, 0, target, direction, weighted, most);
          std::set<EdgeIndex> edges;
          for (const Path& path : expected) edges.insert(path.begin(), path.end());

          const ShortestPaths found =
              all_shortest_paths(view, 0, target, 1000, options_of(direction, lengths, weighted));

          ASSERT_EQ(found.paths, std::vector<Path>(expected.begin(), expected.end())) << seed;
          ASSERT_EQ(found.edges, std::vector<EdgeIndex>(edges.begin(), edges.end()));
          ASSERT_EQ(found.count, static_cast<double>(expected.size()));
        }
  }
}

// Forty diamonds in a row: 2^40 paths, of which a few are asked for.
TEST(AllShortestPaths, AreCountedWithoutBeingListed) {
  EdgeList list{"", 121, {}};
  for (NodeIndex x = 0; x < 120; x += 3)
    for (const NodeIndex side : {x + 1, x + 2}) {
      list.arcs.push_back({x, side});
      list.arcs.push_back({side, x + 3});
    }
  std::sort(list.arcs.begin(), list.arcs.end());
  const View view = view_of(list);

  const ShortestPaths found = all_shortest_paths(view, 0, 120, 3);

  EXPECT_EQ(found.count, std::ldexp(1., 40));
  EXPECT_EQ(found.edges.size(), 160u);
  ASSERT_EQ(found.paths.size(), 3u);
  EXPECT_EQ(found.paths[0].size(), 80u);
  EXPECT_LT(found.paths[0], found.paths[1]);
  EXPECT_LT(found.paths[1], found.paths[2]);
  EXPECT_TRUE(all_shortest_paths(view, 0, 120, 0).paths.empty());
}

TEST(AllShortestPaths, FromANodeToItselfIsTheEmptyOne) {
  const ShortestPaths found = all_shortest_paths(view_of(kDiamond), 1, 1, 9);

  EXPECT_EQ(found.count, 1);
  EXPECT_EQ(found.paths, std::vector<Path>(1));
  EXPECT_TRUE(found.edges.empty());
}

TEST(AllShortestPaths, RefuseAnEdgeThatAddsNothing) {
  const EdgeList circle = edge_list("", 3, {{0, 1, 1}, {1, 1, 0}, {1, 2, 1}});
  const EdgeList tiny = edge_list("", 3, {{0, 1, 1e30f}, {1, 2, 1e-3f}});

  for (const EdgeList& list : {circle, tiny})
    EXPECT_THROW(all_shortest_paths(view_of(list), 0, 2, 9, {.lengths = weights_of(list)}),
                 std::invalid_argument);
}

TEST(ShortestPath, RefusesWhatItCannotMean) {
  const View view = view_of(edge_list("", 2, {{0, 1}}));
  const std::vector<float> negative{-1}, not_known{std::nanf("")}, two{1, 1};

  EXPECT_THROW(shortest_path(view, 0, 2), std::invalid_argument);
  EXPECT_THROW(shortest_path(view, -1, 0), std::invalid_argument);
  for (const std::vector<float>& lengths : {negative, not_known, two}) {
    EXPECT_THROW(shortest_path(view, 0, 1, {.lengths = lengths}), std::invalid_argument);
    EXPECT_THROW(all_shortest_paths(view, 0, 1, 1, {.lengths = lengths}), std::invalid_argument);
  }
}

}  // namespace
}  // namespace saggio::graph
