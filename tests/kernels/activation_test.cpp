// SPDX-License-Identifier: MIT
#include "kernels/activation.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

using Kind = Activation::Kind;
constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

const std::vector<Activation>& every_activation() {
  static const std::vector<Activation> all = {{Kind::Swish},
                                              {Kind::Swish, .5},
                                              {Kind::Swish, .3},
                                              {Kind::EmSwish, 1, 1},
                                              {Kind::EmSwish, 2, .25},
                                              {Kind::EmSwish, .7, -.5},
                                              {Kind::ReluSquared}};
  return all;
}

// Densely where curves bend, beyond both ends of the exponential, and the smallest numbers.
at::Tensor sweep() {
  return at::cat(
      {at::linspace(-110, 110, 44001, at::kFloat),
       at::linspace(-1, 1, 2001, at::kFloat) * 1e-3,
       at::tensor({88.F, -88.F, 87.34F, -87.34F, 1e30F, -1e30F, 3e38F, -3e38F, 0.F, -0.F}),
       at::tensor({1e-45F, -1e-45F, 1e-40F, -1e-40F, 1.2e-38F, -1.2e-38F})});
}

struct Bound {
  double value, slope;
};

// Of the roundings on the way (activation_loop.h), each at most eps of what it rounds: 4 for p or q
// and the product, 8 more where there is an entropy; |z| more of each where x / T is rounded, since
// an exponential passes absolute errors of z on as relative ones. Below 2^-126 the spacing 2^-149
// stands in for eps.
Bound bound_at(const Activation& f, double x) {
  if (f.kind == Kind::ReluSquared) {
    const double r = std::max(x, 0.);
    return {kEps * r * r + 0x1p-149, 0};
  }
  const double z = x / f.temperature, e = std::exp(-std::abs(z));
  const double p = z < 0 ? e / (1 + e) : 1 / (1 + e), q = 1 - p;
  const double lambda = f.kind == Kind::EmSwish ? std::abs(f.lambda) : 0;
  const double gain = 1 + lambda * (std::log1p(e) + std::abs(z) * e / (1 + e));
  const bool exact = std::exp2(std::round(std::log2(f.temperature))) == f.temperature;
  const double c = (lambda == 0 ? 4 : 12) * kEps * (exact ? 1 : 1 + std::min(std::abs(z), 104.));
  const double near = std::min(std::abs(x), 104 * f.temperature), far = std::min(std::abs(z), 104.);
  return {c * std::abs(x) * p * gain + 4 * (near + 1) * gain * 0x1p-149,
          c * p * (gain * (1 + far * q) + lambda * far * far * p * q) +
              4 * (1 + far) * (1 + far) * (1 + lambda) * 0x1p-149};
}

void expect_within(double got, double expected, double bound, const std::string& where) {
  if (std::isinf(expected))
    EXPECT_EQ(got, expected) << where;
  else
    EXPECT_LE(std::abs(got - expected), bound) << where << ": " << got << ", " << expected;
}

TEST(Activations, StayWithinTheirErrorOverAllOfTheirRange) {
  const at::Tensor x = sweep(), one = at::ones_like(x);
  for (const Activation& f : every_activation()) {
    const at::Tensor y = activate(f, x), dx = activate_backward(f, one, x);
    const at::Tensor y_true = activate_reference(f, x),
                     dx_true = activate_backward_reference(f, one, x);
    for (int64_t i = 0; i < x.numel(); ++i) {
      const double point = x.const_data_ptr<float>()[i];
      const std::string where = "kind " + std::to_string(static_cast<int>(f.kind)) + ", T " +
                                std::to_string(f.temperature) + ", x " + std::to_string(point);
      const Bound bound = bound_at(f, point);
      const double largest = std::numeric_limits<float>::max(),
                   truth = y_true.const_data_ptr<double>()[i];
      expect_within(y.const_data_ptr<float>()[i],
                    std::abs(truth) > largest ? std::copysign(INFINITY, truth) : truth,
                    bound.value,
                    where);
      expect_within(dx.const_data_ptr<float>()[i],
                    dx_true.const_data_ptr<double>()[i] > largest
                        ? INFINITY
                        : dx_true.const_data_ptr<double>()[i],
                    bound.slope,
                    where);
    }
  }
}

TEST(Activations, TheReferenceIsWhatTheFormulasSay) {
  const at::Tensor x = at::linspace(-6, 6, 49, at::kDouble);
  const at::Tensor p = at::sigmoid(x / .7), H = -(p * p.log() + (1 - p) * (1 - p).log());
  const auto near = [](const at::Tensor& a, const at::Tensor& b) {
    return at::allclose(a, b, 1e-12, 1e-12);
  };

  EXPECT_TRUE(near(activate_reference({Kind::Swish}, x), at::silu(x)));
  EXPECT_TRUE(near(activate_reference({Kind::EmSwish, .7, .4}, x), x * p * (1 + .4 * H)));
  EXPECT_TRUE(near(activate_reference({Kind::ReluSquared}, x), at::relu(x).square()));
}

// Central differences of step h: error h^2 / 6 times a third derivative, below 40 here (at T = .3),
// and rounding of about 1e-15 / h; ReLU squared is off by h / 2 times its second derivative where
// it bends, which the points avoid.
TEST(Activations, TheReferencesSlopeIsThatOfItsValue) {
  const double h = 1e-5;
  const at::Tensor x = at::linspace(-9.03, 9.04, 301, at::kDouble), one = at::ones_like(x);
  for (const Activation& f : every_activation()) {
    const at::Tensor numeric =
        (activate_reference(f, x + h) - activate_reference(f, x - h)) / (2 * h);
    const at::Tensor slope = activate_backward_reference(f, one, x);

    EXPECT_LE((numeric - slope).abs().max().item<double>(), 40 * h * h + 1e-13 / h);
  }
}

TEST(Activations, HaveTheirLimitsAtInfinityAndKeepNan) {
  const at::Tensor x = at::tensor({-kInfinity, kInfinity, NAN}), one = at::ones({3});
  for (const Activation& f : every_activation()) {
    const at::Tensor y = activate(f, x), dx = activate_backward(f, one, x);
    EXPECT_EQ(y[0].item<float>(), 0);
    EXPECT_EQ(y[1].item<float>(), kInfinity);
    EXPECT_TRUE(std::isnan(y[2].item<float>()));
    EXPECT_EQ(dx[0].item<float>(), 0);
    EXPECT_EQ(dx[1].item<float>(), f.kind == Kind::ReluSquared ? kInfinity : 1);
    EXPECT_TRUE(std::isnan(dx[2].item<float>()));
  }
}

TEST(Activations, EmSwishWithoutEntropyIsSwishBitForBit) {
  const at::Tensor x = sweep(), dy = noise(x.sizes(), 3);
  const Activation swish = {Kind::Swish, .7}, em = {Kind::EmSwish, .7, 0};

  EXPECT_TRUE(same_bits(activate(swish, x), activate(em, x)));
  EXPECT_TRUE(same_bits(activate_backward(swish, dy, x), activate_backward(em, dy, x)));
}

// Two roundings more than the curve itself.
TEST(Gates, AreTheCurveTimesTheOtherInputForwardAndBackward) {
  const at::Tensor a = 5 * noise({13, 37}, 1), b = noise({13, 37}, 2), dy = noise({13, 37}, 3);
  for (const Activation& f : every_activation()) {
    const at::Tensor y = gate(f, a, b), both = gate_backward(f, dy, a, b);
    const at::Tensor da = both.narrow(-1, 0, 37), db = both.narrow(-1, 37, 37);

    EXPECT_TRUE(same_bits(y, activate(f, a) * b));
    EXPECT_TRUE(same_bits(da, activate_backward(f, dy * b, a)));
    EXPECT_TRUE(same_bits(db, dy * activate(f, a)));
    EXPECT_TRUE(at::allclose(y.to(at::kDouble), gate_reference(f, a, b), 1e-4, 1e-6));
    EXPECT_TRUE(
        at::allclose(both.to(at::kDouble), gate_backward_reference(f, dy, a, b), 1e-4, 1e-5));
  }
}

// What a gated layer has: halves of one product, and gradients in any layout.
TEST(Gates, ReadHalvesAndExpandedGradientsWhereTheyLie) {
  const Activation f = {Kind::EmSwish, 1, .5};
  for (const std::vector<int64_t>& leading :
       std::vector<std::vector<int64_t>>{{7}, {3, 5}, {1, 4}, {4, 1}, {2, 1, 3}, {}}) {
    std::vector<int64_t> sizes = leading, half = leading;
    sizes.push_back(46);
    half.push_back(23);
    const at::Tensor joint = noise(sizes, 1), dy = noise({1}, 2).expand(half);
    const at::Tensor a = joint.narrow(-1, 0, 23), b = joint.narrow(-1, 23, 23);

    EXPECT_TRUE(same_bits(gate(f, a, b), gate(f, a.contiguous(), b.contiguous())));
    EXPECT_TRUE(same_bits(gate_backward(f, dy, a, b),
                          gate_backward(f, dy.contiguous(), a.contiguous(), b.contiguous())));
    EXPECT_TRUE(same_bits(activate(f, joint.transpose(0, -1)),
                          activate(f, joint.transpose(0, -1).contiguous())));
  }
}

TEST(Activations, AreTheSameBitsForAnyNumberOfThreads) {
  const at::Tensor joint = noise({211, 2 * 307}, 1), dy = noise({211, 307}, 2);
  const at::Tensor a = joint.narrow(-1, 0, 307), b = joint.narrow(-1, 307, 307);
  const int before = at::get_num_threads();
  std::vector<at::Tensor> ran;
  for (const int threads : {1, 2, 3}) {
    at::set_num_threads(threads);
    ran.push_back(gate_backward({Kind::Swish}, dy, a, b));
  }
  at::set_num_threads(before);

  EXPECT_TRUE(same_bits(ran[0], ran[1]) && same_bits(ran[0], ran[2]));
}

// 16-bit types are computed in f32 and rounded once: what f32 gives for the same inputs, rounded.
TEST(Activations, SixteenBitTypesAreRoundedOnce) {
  for (const at::ScalarType type : {at::kBFloat16, at::kHalf})
    for (const Activation& f : every_activation()) {
      const at::Tensor x = sweep().to(type), b = noise(x.sizes(), 4).to(type),
                       dy = noise(x.sizes(), 5).to(type);
      const at::Tensor wide = x.to(at::kFloat), wide_b = b.to(at::kFloat),
                       wide_dy = dy.to(at::kFloat);
      const auto same = [&](const at::Tensor& got, const at::Tensor& expected) {
        return at::equal(at::nan_to_num(got, 7), at::nan_to_num(expected.to(type), 7)) &&
               at::equal(got.isnan(), expected.isnan());
      };

      EXPECT_TRUE(same(activate(f, x), activate(f, wide)));
      EXPECT_TRUE(same(activate_backward(f, dy, x), activate_backward(f, wide_dy, wide)));
      EXPECT_TRUE(same(gate(f, x, b), gate(f, wide, wide_b)));
      EXPECT_TRUE(same(gate_backward(f, dy, x, b), gate_backward(f, wide_dy, wide, wide_b)));
    }
}

TEST(Activations, EmptyAndSingleInputsWork) {
  const Activation f;

  EXPECT_EQ(activate(f, at::empty({0, 5})).sizes(), (std::vector<int64_t>{0, 5}));
  EXPECT_EQ(gate_backward(f, at::empty({3, 0}), at::empty({3, 0}), at::empty({3, 0})).numel(), 0);
  EXPECT_EQ(activate(f, at::zeros({})).item<float>(), 0);
}

template <class Call>
std::string message(const Call& call) {
  try {
    call();
  } catch (const c10::Error& error) {
    return error.what_without_backtrace();
  }
  return "";
}

TEST(Activations, RefuseWhatTheyCannotComputeAndSayWhat) {
  const at::Tensor x = noise({4, 3}, 1), other = noise({3, 4}, 1);
  const auto refused = [&](const Activation& f) { return message([&] { activate(f, x); }); };

  EXPECT_NE(refused({Kind::Swish, 0}).find("temperature = 0, allowed"), std::string::npos);
  EXPECT_NE(refused({Kind::Swish, NAN}).find("temperature = nan"), std::string::npos);
  EXPECT_NE(refused({Kind::EmSwish, 1, INFINITY}).find("lambda = inf"), std::string::npos);
  EXPECT_NE(refused({Kind::Swish, 1, .5}).find("allowed 0 except"), std::string::npos);
  EXPECT_NE(message([&] { gate({}, x, other); }).find("b is Float [3, 4], expected Float [4, 3]"),
            std::string::npos);
  EXPECT_NE(message([&] { activate({}, x.to(at::kDouble)); }).find("x is Double, allowed float"),
            std::string::npos);
}

}  // namespace
}  // namespace saggio::kernels
