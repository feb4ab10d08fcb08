// SPDX-License-Identifier: MIT
#include "graph/algorithms/page_rank.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "tests/graph/algorithms/edge_list.h"

namespace saggio::graph {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

std::vector<double> alike(NodeIndex nodes) {
  return std::vector<double>(static_cast<size_t>(nodes), 1. / nodes);
}

// The definition, arc by arc: `iterations` steps of the walk; `restart` sums to 1.
std::vector<double> plain_ranks(const EdgeList& list,
                                bool weighted,
                                double damping,
                                const std::vector<double>& restart,
                                int iterations) {
  const auto nodes = static_cast<size_t>(list.nodes);
  std::vector<double> out(nodes, 0.), ranks = alike(list.nodes);
  for (const Arc& arc : list.arcs)
    out[static_cast<size_t>(arc.source)] += weighted ? arc.weight : 1;
  for (int i = 0; i < iterations; ++i) {
    double restarting = 1 - damping;
    for (size_t x = 0; x < nodes; ++x)
      if (out[x] == 0) restarting += damping * ranks[x];
    std::vector<double> next(nodes);
    for (size_t x = 0; x < nodes; ++x) next[x] = restarting * restart[x];
    for (const Arc& arc : list.arcs) {
      const auto source = static_cast<size_t>(arc.source);
      if (out[source] > 0)
        next[static_cast<size_t>(arc.target)] +=
            damping * ranks[source] * (weighted ? arc.weight : 1) / out[source];
    }
    ranks = next;
  }
  return ranks;
}

template <typename Real>
double distance(const std::vector<Real>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum;
}

// A step rounds each of the terms of a row, and in f64 each rank that starts again; the errors of
// earlier steps shrink by `damping` a step. Both sides make them.
double rounding(const EdgeList& list, double damping, double eps) {
  std::vector<int> into(static_cast<size_t>(list.nodes), 0);
  for (const Arc& arc : list.arcs) ++into[static_cast<size_t>(arc.target)];
  const int terms = *std::max_element(into.begin(), into.end()) + 8;
  return 2 * (terms * eps + list.nodes * kEps) / (1 - damping);
}

TEST(PageRank, EqualsTheDefinition) {
  for (const EdgeList& list : test_graphs()) {
    if (list.nodes == 0) continue;
    const View view = view_of(list);
    const std::vector<float> weights = weights_of(list);
    for (const bool weighted : {false, true})
      for (const int iterations : {1, 20}) {
        PageRankOptions options{.tolerance = 0, .most_iterations = iterations};
        if (weighted) options.weights = weights;

        const PageRank<double> found = page_rank(view, options);
        const PageRank<float> fast = fast_page_rank(view, options);

        const auto expected = plain_ranks(list, weighted, .85, alike(list.nodes), iterations);
        ASSERT_LE(distance(found.ranks, expected), rounding(list, .85, kEps)) << list.name;
        ASSERT_LE(distance(fast.ranks, expected),
                  rounding(list, .85, std::numeric_limits<float>::epsilon()))
            << list.name;
        ASSERT_EQ(found.iterations, iterations);
      }
  }
}

// 0 -> 1 -> 0, 2 -> 0, damping 1/2: r2 = 1/6, r0 = 1/6 + (r1 + r2) / 2, r1 = 1/6 + r0 / 2.
TEST(PageRank, IsRightByHand) {
  const View view = view_of(edge_list("", 3, {{0, 1}, {1, 0}, {2, 0}}));

  const PageRank<double> found = page_rank(view, {.damping = .5, .tolerance = 1e-15});

  EXPECT_NEAR(found.ranks[0], 4. / 9, 1e-14);
  EXPECT_NEAR(found.ranks[1], 7. / 18, 1e-14);
  EXPECT_NEAR(found.ranks[2], 1. / 6, 1e-14);
  EXPECT_LT(found.change, 1e-15);
}

TEST(PageRank, IsAsNearToTheFixedPointAsItSays) {
  for (const EdgeList& list : test_graphs()) {
    if (list.nodes == 0) continue;
    const auto exact = plain_ranks(list, false, .85, alike(list.nodes), 400);

    const PageRank<double> found = page_rank(view_of(list), {.tolerance = 1e-6});

    EXPECT_LT(found.change, 1e-6);
    EXPECT_LE(distance(found.ranks, exact), .85 / .15 * found.change + rounding(list, .85, kEps))
        << list.name;
  }
}

TEST(PageRank, RanksSumToOne) {
  for (const EdgeList& list : test_graphs()) {
    if (list.nodes == 0) continue;
    const PageRank<double> found = page_rank(view_of(list));
    EXPECT_NEAR(
        std::accumulate(found.ranks.begin(), found.ranks.end(), 0.), 1, rounding(list, .85, kEps))
        << list.name;
  }
}

TEST(PageRank, PersonalisedStartsAgainWhereItIsTold) {
  for (const EdgeList& list : test_graphs()) {
    if (list.nodes == 0) continue;
    std::vector<double> restart(static_cast<size_t>(list.nodes), 0.), shares = restart;
    restart.front() += 3;
    restart.back() += 9;
    shares.front() += .25;
    shares.back() += .75;

    const PageRank<double> found =
        page_rank(view_of(list), {.tolerance = 0, .most_iterations = 50, .restart = restart});

    EXPECT_LE(distance(found.ranks, plain_ranks(list, false, .85, shares, 50)),
              rounding(list, .85, kEps))
        << list.name;
  }
}

TEST(PageRank, AWeightOfZeroIsNoEdge) {
  const View with = view_of(edge_list("", 3, {{0, 1}, {0, 2}, {1, 0}, {2, 0}}));
  const View without = view_of(edge_list("", 3, {{0, 1}, {1, 0}}));

  const std::vector<float> weights{1, 0, 2, 0};

  EXPECT_EQ(page_rank(with, {.weights = weights}).ranks, page_rank(without).ranks);
}

TEST(PageRank, OfNoNodesIsEmpty) {
  EXPECT_TRUE(page_rank(view_of(edge_list("", 0, {}))).ranks.empty());
}

TEST(PageRank, RefusesWhatItCannotMean) {
  const View view = view_of(edge_list("", 2, {{0, 1}}));
  const float nan = std::nanf("");
  const std::vector<float> two{1, 1}, negative{-1}, not_known{nan};
  const std::vector<double> none{0, 0}, one{1}, below{1, -1};

  for (const PageRankOptions& options : std::vector<PageRankOptions>{{.damping = 1},
                                                                     {.damping = -.1},
                                                                     {.damping = nan},
                                                                     {.tolerance = nan},
                                                                     {.most_iterations = 0},
                                                                     {.weights = two},
                                                                     {.weights = negative},
                                                                     {.weights = not_known},
                                                                     {.restart = none},
                                                                     {.restart = one},
                                                                     {.restart = below}}) {
    EXPECT_THROW(page_rank(view, options), std::invalid_argument);
    EXPECT_THROW(fast_page_rank(view, options), std::invalid_argument);
  }
}

}  // namespace
}  // namespace saggio::graph
