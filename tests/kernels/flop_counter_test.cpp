// SPDX-License-Identifier: MIT
#include "kernels/flop_counter.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace saggio::kernels {
namespace {

using testing::IsEmpty;
using testing::Pair;

at::Tensor trainable(at::IntArrayRef shape) { return at::ones(shape).requires_grad_(); }

// [m, k] by [n, k] transposed, plus a bias: 2 m k n forward; backward the same twice (input and
// weight).
TEST(FlopCounter, ALinearLayerCostsTwoPerMultiplyAddAndTwiceThatBackward) {
  const double m = 5, k = 7, n = 3;
  const at::Tensor x = trainable({5, 7}), weight = trainable({3, 7}), bias = trainable({3});
  at::Tensor y;

  const FlopCount forward = count_flops([&] { y = at::linear(x, weight, bias); });
  const FlopCount backward = count_flops([&] { y.sum().backward(); });

  EXPECT_EQ(forward.flops, 2 * m * k * n);
  EXPECT_EQ(backward.flops, 2 * forward.flops);
  EXPECT_THAT(forward.uncounted, IsEmpty());
  EXPECT_THAT(backward.uncounted, IsEmpty());
}

TEST(FlopCounter, LeadingDimensionsAndTheBiasDoNotChangeTheFormula) {
  const at::Tensor x = at::ones({2, 5, 7}), weight = at::ones({3, 7}), bias = at::ones({3});

  EXPECT_EQ(count_flops([&] { at::linear(x, weight, bias); }).flops, 2. * 2 * 5 * 7 * 3);
  EXPECT_EQ(count_flops([&] { at::linear(x, weight); }).flops, 2. * 2 * 5 * 7 * 3);
  EXPECT_EQ(count_flops([&] { at::matmul(x, weight.t()); }).flops, 2. * 2 * 5 * 7 * 3);
  EXPECT_EQ(count_flops([&] { at::einsum("btk,nk->btn", {x, weight}); }).flops, 2. * 2 * 5 * 7 * 3);
}

TEST(FlopCounter, BatchedAndVectorProductsCountTheirMultiplyAdds) {
  EXPECT_EQ(count_flops([] {
              at::bmm(at::ones({4, 2, 3}), at::ones({4, 3, 5}));
            }).flops,
            2. * 4 * 2 * 3 * 5);
  EXPECT_EQ(count_flops([] { at::mv(at::ones({6, 3}), at::ones({3})); }).flops, 2. * 6 * 3);
  EXPECT_EQ(count_flops([] { at::dot(at::ones({9}), at::ones({9})); }).flops, 2. * 9);
  at::Tensor sum = at::ones({2, 5});
  EXPECT_EQ(count_flops([&] {
              sum.addmm_(at::ones({2, 3}), at::ones({3, 5}));
            }).flops,
            2. * 2 * 3 * 5);
}

TEST(FlopCounter, ADistanceCostsThreePerNumberAndAsMuchForEachGradient) {
  const at::Tensor x = trainable({4, 7}), y = trainable({3, 7}) + 1;
  at::Tensor distances;

  const FlopCount forward = count_flops([&] { distances = at::cdist(x, y, 1); });
  const FlopCount backward = count_flops([&] { distances.sum().backward(); });

  EXPECT_EQ(forward.flops, 3. * 4 * 3 * 7);
  EXPECT_EQ(backward.flops, 2 * forward.flops);
  EXPECT_THAT(forward.uncounted, IsEmpty());
  EXPECT_THAT(backward.uncounted, IsEmpty());
}

TEST(FlopCounter, PointwiseOperationsWithoutATagAreFree) {
  const at::Tensor x = trainable({5, 7});

  const FlopCount count = count_flops([&] { (at::elu(x) + at::leaky_relu(x)).sum().backward(); });

  EXPECT_EQ(count.flops, 0);
  EXPECT_THAT(count.uncounted, IsEmpty());
}

// Two products forward, five backward (scores again, dV, dP, dQ, dK), each 2 B H T S Dh; the mask
// saves nothing.
TEST(FlopCounter, FusedAttentionCostsTwoProductsForwardAndFiveBackward) {
  const double product = 2. * 2 * 3 * 10 * 10 * 4;
  const at::Tensor q = trainable({2, 3, 10, 4}), k = trainable({2, 3, 10, 4}),
                   v = trainable({2, 3, 10, 4});
  at::Tensor y;

  const FlopCount forward = count_flops(
      [&] { y = at::scaled_dot_product_attention(q, k, v, {}, 0, /*is_causal=*/true); });
  const FlopCount backward = count_flops([&] { y.sum().backward(); });

  EXPECT_EQ(forward.flops, 2 * product);
  EXPECT_EQ(backward.flops, 5 * product);
  EXPECT_THAT(forward.uncounted, IsEmpty());
  EXPECT_THAT(backward.uncounted, IsEmpty());
  EXPECT_EQ(forward.by_operation.count("_scaled_dot_product_flash_attention_for_cpu"), 1U);
}

// The same attention out of single operations: the scores are not computed again, so four products
// backward.
TEST(FlopCounter, UnfusedAttentionIsCountedThroughItsParts) {
  const double product = 2. * 6 * 10 * 10 * 4;
  const at::Tensor q = trainable({6, 10, 4}), k = trainable({6, 10, 4}), v = trainable({6, 10, 4});
  at::Tensor y;

  const FlopCount forward =
      count_flops([&] { y = at::softmax(q.matmul(k.transpose(1, 2)), -1).matmul(v); });
  const FlopCount backward = count_flops([&] { y.sum().backward(); });

  EXPECT_EQ(forward.flops, 2 * product);
  EXPECT_EQ(backward.flops, 4 * product);
}

TEST(FlopCounter, WorkPerElementCountsAsNothing) {
  const at::Tensor x = trainable({8, 8});

  const FlopCount count = count_flops([&] {
    const at::Tensor y = at::silu(at::layer_norm(x, {8})) + at::arange(8) * x.t();
    at::cross_entropy_loss(at::cat({y, x}, 1), at::zeros({8}, at::kLong)).backward();
  });

  EXPECT_EQ(count.flops, 0);
  EXPECT_THAT(count.uncounted, IsEmpty());
}

TEST(FlopCounter, AnOperationWithoutAFormulaIsListed) {
  const at::Tensor image = at::ones({1, 1, 8, 8}), filter = at::ones({1, 1, 3, 3}),
                   matrix = at::eye(4);

  const FlopCount count = count_flops([&] {
    at::linalg_inv_ex(matrix);
    at::linalg_inv_ex(matrix);
    at::conv2d(image, filter);
  });

  EXPECT_EQ(count.flops, 0);
  EXPECT_THAT(count.uncounted, testing::Contains(Pair("linalg_inv_ex", 2)));
  EXPECT_THAT(count.uncounted, testing::Contains(Pair(testing::HasSubstr("convolution"), 1)));
}

TEST(FlopCounter, CountsNothingOutsideTheWorkAndRefusesToNest) {
  const at::Tensor a = at::ones({4, 4});
  EXPECT_THROW(count_flops([] { throw std::runtime_error("from within"); }), std::runtime_error);

  at::mm(a, a);
  const FlopCount count = count_flops([&] { at::mm(a, a); });

  EXPECT_EQ(count.flops, 2. * 4 * 4 * 4);
  EXPECT_THROW(count_flops([&] { count_flops([] {}); }), std::logic_error);
}

}  // namespace
}  // namespace saggio::kernels
