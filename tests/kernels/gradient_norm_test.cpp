// SPDX-License-Identifier: MIT
#include "kernels/gradient_norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

using Tensors = std::vector<at::Tensor>;

// Sizes around a vector, a chunk (16,384) and several chunks; an empty one between.
Tensors gradients() {
  return {noise({3}, 1), noise({0}, 2), noise({16383}, 3), noise({5, 7}, 4), noise({2, 33333}, 5)};
}

TEST(GradientNorm, IsThatOfAllElementsTogether) {
  const Tensors all = {at::tensor({3.F, 0.F}), at::tensor({4.F}).view({1, 1}), at::empty({0})};
  const double n = 100000, tolerance = n * std::numeric_limits<double>::epsilon();

  EXPECT_EQ(gradient_norm(all), 5);
  EXPECT_EQ(gradient_norm({}), 0);
  const double expected = gradient_norm_reference(gradients());
  EXPECT_NEAR(gradient_norm(gradients()), expected, tolerance * expected);
}

TEST(GradientNorm, NeitherOverflowsNorUnderflows) {
  const double huge = 3e38F, tiny = 1e-30F;

  EXPECT_NEAR(gradient_norm(Tensors{at::full({4}, huge)}), 2 * huge, 1e-15 * huge);
  EXPECT_NEAR(gradient_norm(Tensors{at::full({4}, tiny)}), 2 * tiny, 1e-15 * tiny);
}

TEST(GradientNorm, LeavesOutWhatIsFrozenEvenNan) {
  Tensors all = gradients();
  Tensors masks = {at::arange(3) != 1,
                   at::Tensor(),
                   (at::arange(16383) % 3 != 0),
                   at::Tensor(),
                   (at::arange(66666).view({2, 33333}) % 2).to(at::kByte)};
  const double expected = gradient_norm_reference(all, masks);
  all[0][1] = std::numeric_limits<float>::quiet_NaN();
  const double tolerance = 1e5 * std::numeric_limits<double>::epsilon();

  EXPECT_NEAR(gradient_norm(all, masks), expected, tolerance * expected);
  EXPECT_TRUE(std::isnan(gradient_norm(all)));
  EXPECT_LT(expected, gradient_norm_reference(gradients()));
}

TEST(GradientNorm, IsTheSameBitsForAnyNumberOfThreads) {
  const Tensors all = gradients();
  const int before = at::get_num_threads();
  std::vector<double> norms;
  for (const int threads : {1, 2, 3, 4}) {
    at::set_num_threads(threads);
    norms.push_back(gradient_norm(all));
  }
  at::set_num_threads(before);

  EXPECT_EQ(norms, std::vector<double>(4, norms[0]));
}

TEST(ClipFactor, BringsTheNormToTheLimitFromAboveOnly) {
  const double infinity = std::numeric_limits<double>::infinity();

  EXPECT_EQ(clip_factor(4, 1), .25);
  EXPECT_EQ(clip_factor(.5, 1), 1);
  EXPECT_EQ(clip_factor(4, 0), 1);
  EXPECT_EQ(clip_factor(infinity, 1), 1);
  EXPECT_EQ(clip_factor(std::nan(""), 1), 1);
  EXPECT_THROW(clip_factor(1, -1), std::invalid_argument);
  EXPECT_THROW(clip_factor(1, std::nan("")), std::invalid_argument);
}

TEST(ScaleGradients, MultipliesEveryElement) {
  const Tensors all = gradients();
  Tensors expected;
  for (const at::Tensor& x : all) expected.push_back(x * .3F);

  scale_gradients(all, .3);

  for (size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(same_bits(all[i], expected[i])) << i;
}

std::string message(const Tensors& gradients, const Tensors& masks) {
  try {
    gradient_norm(gradients, masks);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(GradientNorm, RefusesWhatItCannotReadAndSaysWhich) {
  const at::Tensor x = noise({4, 3}, 1);

  EXPECT_NE(message({x, x.t()}, {}).find("gradient 1 is CPUFloatType, not contiguous"),
            std::string::npos);
  EXPECT_NE(message({x.to(at::kDouble)}, {}).find("CPUDoubleType"), std::string::npos);
  EXPECT_NE(message({at::Tensor()}, {}).find("undefined"), std::string::npos);
  EXPECT_NE(message({x, x}, {x}).find("1 masks for 2 gradients"), std::string::npos);
  EXPECT_NE(message({x}, {at::ones({3, 4}, at::kBool)}).find("[3, 4], expected"),
            std::string::npos);
}

}  // namespace
}  // namespace saggio::kernels
