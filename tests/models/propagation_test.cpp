// SPDX-License-Identifier: MIT
#include "models/propagation.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/kernels/noise.h"
#include "tests/models/dense_graph.h"

namespace saggio::models {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr int64_t kNodes = 21, kClasses = 3;

at::Tensor some_labels() { return at::arange(kNodes, at::kLong).remainder(kClasses); }
at::Tensor some_known() { return at::tensor({0, 1, 2, 9, 16}, at::kLong); }

at::Tensor normalised(const kernels::Adjacency& a) {
  const at::Tensor matrix = dense(a);
  const at::Tensor root = matrix.sum(1).sqrt();
  const at::Tensor share = at::where(root > 0, 1 / root, at::zeros_like(root));
  return share.unsqueeze(1) * matrix * share;
}

// keep (I - (1 - keep) S)^-1 start, and a node without edges at its start.
at::Tensor limit(const kernels::Adjacency& a, const at::Tensor& start, double keep) {
  const at::Tensor S = normalised(a);
  const at::Tensor alone = (S.abs().sum(1) == 0).unsqueeze(1);
  const at::Tensor solved =
      at::mm(at::linalg_inv(at::eye(kNodes, at::kDouble) - (1 - keep) * S), keep * start);
  return at::where(alone, start, solved);
}

// What is left after the rounds, and the rounding of as many sums: the spectral radius of S is 1.
double tolerance(const SpreadOptions& o, double size) {
  const auto rounds = static_cast<double>(o.rounds);
  return size * (std::pow(1 - o.keep, rounds) + kEps * 40 / o.keep) * std::sqrt(double{kNodes});
}

void expect_near(const at::Tensor& got, const at::Tensor& expected, double tolerance) {
  EXPECT_LE((got.to(at::kDouble) - expected).abs().max().item<double>(), tolerance);
}

TEST(Spread, TendsToTheSolutionOfItsEquation) {
  const kernels::Adjacency a = symmetric_graph(kNodes, 25, 2);
  const at::Tensor start = kernels::noise({kNodes, kClasses}, 1);
  for (const double keep : {.1, .5, 1.}) {
    const SpreadOptions options = {keep, 200};

    const at::Tensor got = spread(a, start, options);

    expect_near(got,
                limit(a, start.to(at::kDouble), keep),
                tolerance(options, start.abs().max().item<double>()));
  }
}

TEST(Spread, LeavesANodeWithoutEdgesAlone) {
  const kernels::Adjacency a = kernels::with_transpose(
      {at::tensor({0, 1, 2, 2}, at::kLong), at::tensor({1, 0}, at::kInt), {}}, 3);
  const at::Tensor start = at::tensor({1.F, 0.F, 5.F}).view({3, 1});

  EXPECT_EQ(spread(a, start, {.1, 7})[2].item<float>(), 5.F);
}

TEST(LabelPropagation, SpreadsNothingButTheKnownLabels) {
  const kernels::Adjacency a = symmetric_graph(kNodes, 25, 2);
  const SpreadOptions options = {.1, 200};
  at::Tensor labels = some_labels();

  const at::Tensor got = label_propagation(a, labels, some_known(), kClasses, options);

  at::Tensor start = at::zeros({kNodes, kClasses}, at::kDouble);
  for (const int64_t node : {0, 1, 2, 9, 16}) start[node][node % kClasses] = 1;
  expect_near(got, limit(a, start, options.keep), tolerance(options, 1));
  labels[5] = -1, labels[6] = 0;  // not known: may be anything
  EXPECT_TRUE(at::equal(label_propagation(a, labels, some_known(), kClasses, options), got));
}

TEST(CorrectAndSmooth, IsTheFormulaOfThePaper) {
  const kernels::Adjacency a = symmetric_graph(kNodes, 25, 2);
  const SpreadOptions correct = {.2, 100}, smooth = {.3, 60};
  const at::Tensor known = some_known();
  const at::Tensor p = kernels::noise({kNodes, kClasses}, 5).softmax(1);

  const at::Tensor got = correct_and_smooth(a, p, some_labels(), known, correct, smooth);

  const at::Tensor p64 = p.to(at::kDouble);
  const at::Tensor right =
      at::one_hot(some_labels().index_select(0, known), kClasses).to(at::kDouble);
  const at::Tensor error = right - p64.index_select(0, known);
  const at::Tensor errors = limit(a, at::zeros_like(p64).index_copy(0, known, error), correct.keep);
  const at::Tensor size = errors.abs().sum(1, true);
  const at::Tensor scaled = errors * (error.abs().sum(1).mean() / size);
  const at::Tensor corrected = p64 + at::where(size > 1e-30, scaled, at::zeros_like(scaled));
  const at::Tensor expected = limit(a, corrected.index_copy(0, known, right), smooth.keep);
  // Scaling divides by the size of a row's error, and so magnifies what is wrong in it.
  const double least = size.masked_select(size > 1e-30).min().item<double>();
  expect_near(got, expected, tolerance(smooth, 2) + tolerance(correct, 2) * 4 / least);
}

TEST(CorrectAndSmooth, TakesThePredictionsOfAPerfectModelAsTheyAre) {
  const kernels::Adjacency a = symmetric_graph(kNodes, 25, 2);
  const at::Tensor perfect = at::one_hot(some_labels(), kClasses).to(at::kFloat);

  const at::Tensor got =
      correct_and_smooth(a, perfect, some_labels(), some_known(), {.2, 50}, {1, 1});

  EXPECT_TRUE(at::equal(got, perfect));
}

}  // namespace
}  // namespace saggio::models
