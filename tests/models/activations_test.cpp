// SPDX-License-Identifier: MIT
#include "models/activations.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "results/random.h"

namespace saggio::models {
namespace {

constexpr double kEpsilon = std::numeric_limits<float>::epsilon();

at::Tensor noise(uint64_t key) {
  at::Tensor x = at::empty({5, 37});
  results::Stream(key).fill_normal({x.mutable_data_ptr<float>(), static_cast<size_t>(x.numel())});
  return (3 * x).requires_grad_();
}

// The formulas in ATen's operations, in double.
at::Tensor eager(const ActivationOptions& o, const at::Tensor& x, const at::Tensor& temperature) {
  const std::string& kind = o.kind;
  if (kind == "relu") return at::relu(x);
  if (kind == "relu2") return at::relu(x).square();
  if (kind == "gelu") return x * .5 * (1 + at::erf(x / std::sqrt(2.)));
  if (kind == "gelu_tanh")
    return x * .5 * (1 + at::tanh(std::sqrt(2 / M_PI) * (x + .044715 * x * x * x)));
  const at::Tensor p =
      at::sigmoid(temperature.defined() ? x / temperature : x / at::scalar_tensor(o.temperature));
  if (kind == "silu" || kind == "swiglu") return x * p;
  return x * p * (1 + o.entropy * -(at::xlogy(p, p) + at::xlogy(1 - p, 1 - p)));
}

std::vector<ActivationOptions> all() {
  return {{.kind = "relu"},
          {.kind = "relu2"},
          {.kind = "gelu"},
          {.kind = "gelu_tanh"},
          {.kind = "silu"},
          {.kind = "silu", .temperature = .5},
          {.kind = "silu", .learned_temperature = true},
          {.kind = "emswish"},
          {.kind = "emswish", .temperature = 2, .entropy = .25},
          {.kind = "emswish", .temperature = .5, .learned_temperature = true},
          {.kind = "swiglu"},
          {.kind = "swiglu", .temperature = 2, .learned_temperature = true},
          {.kind = "emglu", .temperature = .5},
          {.kind = "emglu", .entropy = -1, .learned_temperature = true}};
}

double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b).abs().max().item<double>();
}

// Values up to 12 and slopes up to 25 (relu2), sums of a row's products for the temperature.
TEST(Activations, HaveTheValuesAndGradientsOfTheirFormulas) {
  for (const ActivationOptions& o : all()) {
    const at::Tensor x = noise(1), b = noise(2), weight = noise(3).detach();
    const at::Tensor temperature =
        o.learned_temperature ? at::full({}, o.temperature).requires_grad_() : at::Tensor();
    const auto twin = [](const at::Tensor& t) {
      return t.defined() ? t.detach().to(at::kDouble).requires_grad_() : t;
    };
    const at::Tensor x2 = twin(x), b2 = twin(b), temperature2 = twin(temperature);

    const at::Tensor y = o.gated() ? gate(o, x, b, temperature) : activate(o, x, temperature);
    const at::Tensor y2 = o.gated() ? eager(o, x2, temperature2) * b2 : eager(o, x2, temperature2);
    (y * weight).sum().backward(), (y2 * weight).sum().backward();

    EXPECT_LT(distance(y.detach(), y2.detach()), 64 * kEpsilon * y2.abs().max().item<double>())
        << o.kind;
    EXPECT_LT(distance(x.grad(), x2.grad()), 64 * kEpsilon * x2.grad().abs().max().item<double>())
        << o.kind;
    if (o.gated()) {
      EXPECT_LT(distance(b.grad(), b2.grad()), 64 * kEpsilon * b2.grad().abs().max().item<double>())
          << o.kind;
    }
    if (temperature.defined()) {
      EXPECT_LT(distance(temperature.grad(), temperature2.grad()),
                64 * kEpsilon * 185 * x2.grad().abs().max().item<double>())
          << o.kind;
    }
  }
}

// By hand, at x = 0: p = 1/2, H = ln 2, so the slope is (1 + lambda ln 2) / 2.
TEST(Activations, EmSwishHasItsSlopeAtZero) {
  const at::Tensor x = at::zeros({1}).requires_grad_();
  activate({.kind = "emswish", .entropy = .5}, x, {}).sum().backward();

  EXPECT_NEAR(x.grad().item<double>(), .5 * (1 + .5 * std::log(2)), 4 * kEpsilon);
}

TEST(Activations, WithoutEntropyEmSwishHasTheBitsOfSwish) {
  const at::Tensor x = noise(4).detach();

  EXPECT_TRUE(activate({.kind = "emswish", .temperature = .5, .entropy = 0}, x, {})
                  .equal(activate({.kind = "silu", .temperature = .5}, x, {})));
}

TEST(Activations, RefuseOptionsThatTheyDoNotHave) {
  EXPECT_THROW(check({.kind = "gelu", .temperature = 2}), std::invalid_argument);
  EXPECT_THROW(check({.kind = "relu2", .learned_temperature = true}), std::invalid_argument);
  EXPECT_THROW(check({.kind = "silu", .entropy = .5}), std::invalid_argument);
  EXPECT_NO_THROW(check({.kind = "emglu", .temperature = 2, .entropy = .5}));
}

}  // namespace
}  // namespace saggio::models
