// SPDX-License-Identifier: MIT
#include "kernels/segment_softmax.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "kernels/graph_input.h"
#include "tests/kernels/graphs.h"
#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

double largest(const at::Tensor& x) { return x.abs().max().item<double>(); }

int64_t longest_row(const Adjacency& a) { return a.by_row().row_ptr.diff().max().item<int64_t>(); }

TEST(SegmentSoftmax, OfEachRowIsTheSoftmaxOfItsScores) {
  const Adjacency a = shuffled_graph(3, 4, {{0, 1}, {0, 1}, {0, 3}, {2, 2}, {2, 0}}, 4);
  const at::Tensor scores = noise({5, 2}, 1).to(at::kDouble),
                   alpha = segment_softmax_reference(a, scores);
  const at::Tensor edge = a.by_row().edge.to(at::kLong);
  for (const auto& [begin, end] : {std::pair{0, 3}, std::pair{3, 5}}) {
    const at::Tensor of_row = edge.slice(0, begin, end);
    EXPECT_LE(
        largest(alpha.index_select(0, of_row) - at::softmax(scores.index_select(0, of_row), 0)),
        1e-15);
  }
}

TEST(SegmentSoftmax, IsTheReferenceForwardAndBackward) {
  const Adjacency a = random_graph(301, 77, 5);
  for (const int64_t H : {1, 3, 8, 16, 64, 100}) {
    const at::Tensor scores = 4 * noise({a.edges(), H}, 1), dalpha = noise({a.edges(), H}, 2);
    const double spread = 2 * largest(scores), terms = static_cast<double>(longest_row(a));
    const double bound = (2 * spread + terms + 6) * kEps / 2;

    const at::Tensor alpha = segment_softmax(a, scores),
                     expected = segment_softmax_reference(a, scores);
    EXPECT_LE(((alpha - expected).abs() / expected).max().item<double>(), bound);

    // |ds| <= alpha (|g| + sum alpha |g|) <= 2 alpha max |g|.
    const at::Tensor error = segment_softmax_backward(a, dalpha, alpha) -
                             segment_softmax_backward_reference(a, dalpha, alpha);
    EXPECT_LE((error.abs() / alpha).max().item<double>(),
              (terms + 4) * kEps / 2 * 2 * largest(dalpha));
  }
}

// Central differences of step h: error h^2 / 6 times a third derivative, below 1 for each edge of a
// row and unit weights, and rounding.
TEST(SegmentSoftmax, TheReferencesGradientIsThatOfFiniteDifferences) {
  const Adjacency a = random_graph(21, 9, 6);
  const double h = 1e-5;
  at::Tensor scores = noise({a.edges(), 2}, 1).to(at::kDouble);
  const at::Tensor dalpha = noise({a.edges(), 2}, 2).to(at::kDouble);
  const at::Tensor ds =
      segment_softmax_backward_reference(a, dalpha, segment_softmax_reference(a, scores));
  const auto loss = [&] {
    return (segment_softmax_reference(a, scores) * dalpha).sum().item<double>();
  };
  const double size = dalpha.abs().sum().item<double>();
  for (int64_t i = 0; i < scores.numel(); ++i) {
    double& entry = scores.mutable_data_ptr<double>()[i];
    const double before = entry;
    entry = before + h;
    const double above = loss();
    entry = before - h;
    const double numeric = (above - loss()) / (2 * h);
    entry = before;

    EXPECT_NEAR(
        numeric, ds.const_data_ptr<double>()[i], h * h * largest(dalpha) * 62 + size * 1e-15 / h);
  }
}

TEST(SegmentSoftmax, MasksByMinusInfinityAndKeepsNan) {
  const Adjacency a =
      with_transpose({at::tensor({0, 3, 5, 7}, at::kLong), at::zeros({7}, at::kInt), {}}, 1);
  const at::Tensor alpha =
      segment_softmax(a, at::tensor({-kInfinity, 1.F, 1.F, -kInfinity, -kInfinity, NAN, 2.F}));

  EXPECT_TRUE(at::equal(alpha.slice(0, 0, 3), at::tensor({0.F, .5F, .5F})));
  EXPECT_TRUE(alpha.slice(0, 3).isnan().all().item<bool>());
  EXPECT_TRUE(segment_softmax(a, at::full({7}, kInfinity)).isnan().all().item<bool>());
  EXPECT_TRUE(at::equal(segment_softmax(a, at::tensor({3e38F, -3e38F, 0.F, 1e9F, 1e9F, 7.F, 7.F})),
                        at::tensor({1.F, 0.F, 0.F, .5F, .5F, .5F, .5F})));
}

TEST(SegmentSoftmax, GivesTheSameBitsInEveryInstructionSetAndForAnyNumberOfThreads) {
  const Adjacency a = random_graph(2000, 50, 7);
  const int before = at::get_num_threads();
  for (const int64_t H : {1, 5, 8}) {
    const at::Tensor scores = noise({a.edges(), H}, 1), dalpha = noise({a.edges(), H}, 2);
    at::set_num_threads(1);
    const at::Tensor alpha = segment_softmax(a, scores),
                     ds = segment_softmax_backward(a, dalpha, alpha);
    at::set_num_threads(3);
    EXPECT_TRUE(same_bits(alpha, segment_softmax(a, scores)));
    EXPECT_TRUE(same_bits(ds, segment_softmax_backward(a, dalpha, alpha)));

    for (const Isa isa : {Isa::Plain, Isa::Avx2, Isa::Avx512}) {
      if (!supported(isa)) continue;
      const at::Tensor out = at::empty_like(alpha), scratch = at::empty({(longest_row(a) + 2) * H});
      SegmentArrays arrays = {arrays_of(a.by_row()),
                              scores.const_data_ptr<float>(),
                              dalpha.const_data_ptr<float>(),
                              out.mutable_data_ptr<float>(),
                              scratch.mutable_data_ptr<float>(),
                              H};
      loops(isa).segment_softmax(arrays, 0, 2000);
      EXPECT_TRUE(same_bits(out, alpha));
      arrays.in = alpha.const_data_ptr<float>();
      loops(isa).segment_softmax_backward(arrays, 0, 2000);
      EXPECT_TRUE(same_bits(out, ds));
    }
  }
  at::set_num_threads(before);
}

TEST(SegmentSoftmax, RefusesScoresThatAreNotOneForEachEdge) {
  const Adjacency a = random_graph(5, 4, 1);

  EXPECT_THROW(segment_softmax(a, at::zeros({a.edges() + 1})), std::invalid_argument);
  EXPECT_THROW(segment_softmax(a, at::zeros({a.edges()}, at::kDouble)), std::invalid_argument);
  EXPECT_THROW(segment_softmax_backward(a, at::zeros({a.edges()}), at::zeros({a.edges(), 2})),
               std::invalid_argument);
  EXPECT_EQ(segment_softmax(shuffled_graph(3, 3, {}, 1), at::zeros({0, 4})).numel(), 0);
}

}  // namespace
}  // namespace saggio::kernels
