// SPDX-License-Identifier: MIT
#include "models/message_passing.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "tests/kernels/graphs.h"
#include "tests/kernels/noise.h"
#include "tests/models/dense_graph.h"

namespace saggio::models {
namespace {

using kernels::Adjacency;
using kernels::Aggregate;
using kernels::coarse_noise;
using kernels::noise;
using kernels::random_graph;

constexpr double kEps = std::numeric_limits<float>::epsilon();

// `terms` rounded products are summed, none larger than the largest magnitude in `expected`'s own
// sums, which `size` gives.
void expect_near(const at::Tensor& got, const at::Tensor& expected, double size, int64_t terms) {
  EXPECT_LE((got.to(at::kDouble) - expected).abs().max().item<double>(),
            static_cast<double>(terms + 4) * kEps * size);
}

double largest(const at::Tensor& x) { return x.abs().max().item<double>(); }

at::Tensor leaf(const at::Tensor& x) { return x.clone().requires_grad_(); }

TEST(Gather, HasTheGradientsOfTheDenseProduct) {
  const Adjacency a = random_graph(23, 17, 3);
  const at::Tensor x = leaf(noise({17, 9}, 1)), w = leaf(noise({a.edges()}, 2));
  const at::Tensor dout = noise({23, 9}, 4);
  const at::Tensor x64 = leaf(x.detach().to(at::kDouble)), w64 = leaf(w.detach().to(at::kDouble));
  const EdgeEnds ends = edge_ends(a);

  const at::Tensor out = gather(a, x, w);
  out.backward(dout);

  const at::Tensor messages = x64.index_select(0, ends.column) * w64.unsqueeze(1);
  const at::Tensor expected = at::zeros({23, 9}, at::kDouble).index_add(0, ends.row, messages);
  expected.backward(dout.to(at::kDouble));
  const double size = 61 * largest(messages);
  expect_near(out.detach(), expected.detach(), size, 61);
  expect_near(x.grad(), x64.grad(), 61 * largest(w64) * largest(dout), 61);
  expect_near(w.grad(), w64.grad(), 9 * largest(x64) * largest(dout), 9);
}

// Mean and Max against differences: the mean is linear in x and in w, and the largest message stays
// the largest, since values lie 1/64 apart and the step is less than half of it.
TEST(Gather, OfEveryAggregateHasTheSlopeThatDifferencesShow) {
  const Adjacency a = random_graph(13, 11, 5);
  const at::Tensor dout = coarse_noise({13, 3}, 6);
  constexpr double kStep = 1. / 256;
  for (const Aggregate aggregate : {Aggregate::Sum, Aggregate::Mean, Aggregate::Max}) {
    const at::Tensor x = leaf(coarse_noise({11, 3}, 7));
    const auto value = [&](const at::Tensor& at_x) {
      return (gather(a, at_x, {}, aggregate).to(at::kDouble) * dout).sum().item<double>();
    };
    gather(a, x, {}, aggregate).backward(dout);
    for (int64_t i = 0; i < 11; ++i) {
      const at::Tensor step = at::zeros_like(x);
      step[i][i % 3] = kStep;
      const at::Tensor base = x.detach();
      const double difference = (value(base + step) - value(base - step)) / (2 * kStep);

      // A column that is among the largest of a row by a tie has no slope there.
      if (aggregate == Aggregate::Max &&
          value(base + step) - value(base) != value(base) - value(base - step))
        continue;
      EXPECT_NEAR(x.grad()[i][i % 3].item<double>(),
                  difference,
                  64 * kEps * 61 * largest(dout) / kStep * largest(x.detach()));
    }
  }
}

TEST(Gather, AsksForNoGradientThatNobodyWants) {
  const Adjacency a = random_graph(13, 11, 5);
  const at::Tensor x = noise({11, 3}, 1), w = leaf(noise({a.edges()}, 2));

  gather(a, x, w).sum().backward();

  EXPECT_FALSE(x.grad().defined());
  EXPECT_TRUE(w.grad().defined());
  EXPECT_FALSE(gather(a, x, w.detach()).requires_grad());
}

TEST(EdgeSoftmax, HasTheGradientOfItsFormula) {
  const Adjacency a = random_graph(19, 19, 8);
  const EdgeEnds ends = edge_ends(a);
  const at::Tensor scores = leaf(noise({a.edges(), 3}, 1)), dalpha = noise({a.edges(), 3}, 2);
  const at::Tensor s64 = leaf(scores.detach().to(at::kDouble));

  const at::Tensor alpha = edge_softmax(a, scores);
  alpha.backward(dalpha);

  const at::Tensor powers = s64.exp();
  const at::Tensor sums = at::zeros({19, 3}, at::kDouble).index_add(0, ends.row, powers);
  const at::Tensor expected = powers / sums.index_select(0, ends.row);
  expected.backward(dalpha.to(at::kDouble));
  const double span = 2 * largest(s64);
  expect_near(alpha.detach(), expected.detach(), 1, static_cast<int64_t>(2 * span) + 61 + 6);
  expect_near(scores.grad(),
              s64.grad(),
              2 * largest(dalpha),
              2 * (static_cast<int64_t>(2 * span) + 61 + 6));
}

TEST(WithLoops, AddsOneToEachNodeAndKeepsTheRest) {
  const Adjacency a = random_graph(29, 29, 9);
  const at::Tensor weight = noise({a.edges()}, 1);

  const Adjacency looped = with_loops(a);

  EXPECT_EQ(looped.edges(), a.edges() + 29);
  const at::Tensor weights = at::cat({weight, at::arange(29, at::kFloat)});
  EXPECT_TRUE(
      at::equal(dense(looped, weights), dense(a, weight) + at::diag(at::arange(29, at::kDouble))));
  EXPECT_THROW(with_loops(random_graph(5, 4, 1)), std::invalid_argument);
}

TEST(SymmetricNormalised, IsTheFormula) {
  const Adjacency a = symmetric_graph(31, 40, 11);
  const at::Tensor weight = at::ones({a.edges()});
  for (const bool loops : {true, false}) {
    const at::Tensor x = noise({31, 4}, 3);

    const at::Tensor got = propagate(a, symmetric_normalised(a, loops, weight), x);

    at::Tensor matrix = dense(a);
    if (loops) matrix += at::eye(31, at::kDouble);
    const at::Tensor root = matrix.sum(1).sqrt();
    const at::Tensor share = at::where(root > 0, 1 / root, at::zeros_like(root));
    const at::Tensor expected = at::mm(share.unsqueeze(1) * matrix * share, x.to(at::kDouble));
    expect_near(got, expected, 31 * largest(x), 31);
    EXPECT_TRUE(at::isfinite(got).all().item<bool>());
  }
}

// CiteSeer's trap: 48 of its nodes have no edges.
TEST(SymmetricNormalised, LeavesANodeWithoutEdgesAtItsOwnValueOrAtNothing) {
  const Adjacency a = kernels::with_transpose(
      {at::tensor({0, 1, 2, 2}, at::kLong), at::tensor({1, 0}, at::kInt), {}}, 3);
  const at::Tensor x = at::tensor({2.F, 4.F, 8.F}).view({3, 1});

  EXPECT_TRUE(at::equal(propagate(a, symmetric_normalised(a, true), x),
                        at::tensor({3.F, 3.F, 8.F}).view({3, 1})));
  EXPECT_TRUE(at::equal(propagate(a, symmetric_normalised(a, false), x),
                        at::tensor({4.F, 2.F, 0.F}).view({3, 1})));
}

}  // namespace
}  // namespace saggio::models
