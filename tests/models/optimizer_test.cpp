// SPDX-License-Identifier: MIT
#include "models/optimizer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/schedule.h"
#include "results/random.h"

namespace saggio::models {
namespace {

at::Tensor noise(at::IntArrayRef shape, uint64_t key) {
  at::Tensor x = at::empty(shape);
  results::Stream(key).fill_normal({x.mutable_data_ptr<float>(), static_cast<size_t>(x.numel())});
  return x;
}

// A matrix, which decays, and a vector, which does not. Odd sizes: the kernel's vector loop has a
// tail.
NamedTensors parameters() {
  return {{"matrix", noise({5, 7}, 1).requires_grad_()},
          {"vector", noise({19}, 2).requires_grad_()}};
}

void set_gradients(const NamedTensors& all, int step) {
  for (size_t i = 0; i < all.size(); ++i)
    all[i].value.mutable_grad() =
        noise(all[i].value.sizes(), 10 + 2 * static_cast<uint64_t>(step) + i);
}

// Loshchilov and Hutter 2019, algorithm 2, in double; one scalar.
struct AdamWReference {
  double mean = 0, square = 0;
  double step(double p, double g, int t, double lr, double beta1, double beta2, double decay) {
    mean = beta1 * mean + (1 - beta1) * g;
    square = beta2 * square + (1 - beta2) * g * g;
    const double m = mean / (1 - std::pow(beta1, t)), v = square / (1 - std::pow(beta2, t));
    return p - lr * m / (std::sqrt(v) + 1e-8) - lr * decay * p;
  }
};

struct SgdReference {
  double velocity = 0;
  double step(double p, double g, double lr, double momentum, double decay) {
    velocity = momentum * velocity + g;
    return p - lr * decay * p - lr * velocity;
  }
};

constexpr int kSteps = 12;

// Relative error of a few float operations per step on values of order one.
constexpr double kTolerance = kSteps * 8 * std::numeric_limits<float>::epsilon();

TEST(AdamW, FollowsItsFormulaAndDecaysMatricesOnly) {
  const OptimizerOptions options{.beta1 = .9, .beta2 = .95, .decay = .3};
  const NamedTensors p = parameters();
  std::vector<at::Tensor> expected;
  for (const NamedTensor& x : p) expected.push_back(x.value.detach().to(at::kDouble));
  std::vector<std::vector<AdamWReference>> reference = {std::vector<AdamWReference>(35),
                                                        std::vector<AdamWReference>(19)};
  const auto optimizer = make_optimizer(options, p);

  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(p, t);
    const double lr = .01 / t;  // a rate that moves, as under a schedule
    optimizer->step(lr);
    for (size_t i = 0; i < p.size(); ++i)
      for (int64_t j = 0; j < p[i].value.numel(); ++j) {
        double& x = expected[i].mutable_data_ptr<double>()[j];
        const double g = p[i].value.grad().const_data_ptr<float>()[j];
        x = reference[i][static_cast<size_t>(j)].step(x, g, t, lr, .9, .95, i == 0 ? .3 : 0);
      }
  }

  for (size_t i = 0; i < p.size(); ++i)
    EXPECT_LT((p[i].value - expected[i]).abs().max().item<double>(), kTolerance) << p[i].name;
}

TEST(Sgd, FollowsItsFormulaAndDecaysMatricesOnly) {
  const OptimizerOptions options{.optimizer = "sgd", .decay = .3, .momentum = .8};
  const NamedTensors p = parameters();
  std::vector<at::Tensor> expected;
  for (const NamedTensor& x : p) expected.push_back(x.value.detach().to(at::kDouble));
  std::vector<std::vector<SgdReference>> reference = {std::vector<SgdReference>(35),
                                                      std::vector<SgdReference>(19)};
  const auto optimizer = make_optimizer(options, p);

  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(p, t);
    optimizer->step(.01);
    for (size_t i = 0; i < p.size(); ++i)
      for (int64_t j = 0; j < p[i].value.numel(); ++j) {
        double& x = expected[i].mutable_data_ptr<double>()[j];
        const double g = p[i].value.grad().const_data_ptr<float>()[j];
        x = reference[i][static_cast<size_t>(j)].step(x, g, .01, .8, i == 0 ? .3 : 0);
      }
  }

  for (size_t i = 0; i < p.size(); ++i)
    EXPECT_LT((p[i].value - expected[i]).abs().max().item<double>(), kTolerance) << p[i].name;
}

TEST(Optimizer, ACopiedStateContinuesWithTheSameBits) {
  for (const char* kind : {"adamw", "sgd"}) {
    const OptimizerOptions options{.optimizer = kind};
    const NamedTensors a = parameters(), b = parameters();
    const auto one = make_optimizer(options, a), other = make_optimizer(options, b);
    for (int t = 1; t <= 3; ++t) set_gradients(a, t), one->step(.01);

    const NamedTensors from = one->state(), to = other->state();
    for (size_t i = 0; i < from.size(); ++i) to[i].value.copy_(from[i].value);
    for (size_t i = 0; i < a.size(); ++i) b[i].value.detach().copy_(a[i].value.detach());
    for (int t = 4; t <= 6; ++t)
      for (const auto& [p, optimizer] : {std::pair(&a, one.get()), std::pair(&b, other.get())})
        set_gradients(*p, t), optimizer->step(.01);

    for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].value.equal(b[i].value)) << kind;
  }
}

TEST(Optimizer, NamesTheParameterThatHasNoGradientAndMovesNothing) {
  const NamedTensors p = parameters();
  const at::Tensor before = p[0].value.detach().clone();
  p[0].value.mutable_grad() = at::ones({5, 7});
  const auto optimizer = make_optimizer({}, p);

  try {
    optimizer->step(.1);
    FAIL();
  } catch (const std::logic_error& e) {
    EXPECT_STREQ(e.what(),
                 "parameter vector has no gradient: the loss does not depend on it, or backward "
                 "has not run");
  }
  EXPECT_TRUE(p[0].value.equal(before));
}

// Norm of (3, 0, ...) and (4, 0, ...): 5.
TEST(ClipGradients, ScalesToTheLimitAndReturnsTheNormBefore) {
  const NamedTensors p = parameters();
  for (const NamedTensor& x : p) x.value.mutable_grad() = at::zeros_like(x.value);
  p[0].value.grad()[0][0] = 3;
  p[1].value.grad()[2] = 4;

  EXPECT_EQ(clip_gradients(p, 0), 5);
  EXPECT_EQ(clip_gradients(p, 6), 5);
  EXPECT_EQ(p[1].value.grad()[2].item<double>(), 4);
  EXPECT_EQ(clip_gradients(p, 1), 5);

  EXPECT_FLOAT_EQ(p[0].value.grad()[0][0].item<float>(), .6F);
  EXPECT_FLOAT_EQ(p[1].value.grad()[2].item<float>(), .8F);
}

TEST(ClipGradients, LeavesAGradientThatIsNoNumber) {
  const NamedTensors p = parameters();
  set_gradients(p, 0);
  const at::Tensor before = p[1].value.grad().clone();
  p[0].value.grad()[0][0] = std::nan("");

  EXPECT_TRUE(std::isnan(clip_gradients(p, 1)));
  EXPECT_TRUE(p[1].value.grad().equal(before));
}

// nanoGPT's numbers: 100 of 2000 steps warm up, floor one tenth.
TEST(Schedule, CosineIsThatOfNanoGpt) {
  const ScheduleOptions options{.schedule = "cosine", .warmup = 100, .min_lr_ratio = .1};

  EXPECT_DOUBLE_EQ(schedule_factor(options, 0, 2000), 1. / 101);
  EXPECT_DOUBLE_EQ(schedule_factor(options, 99, 2000), 100. / 101);
  EXPECT_DOUBLE_EQ(schedule_factor(options, 100, 2000), 1);
  EXPECT_NEAR(schedule_factor(options, 1050, 2000), .55, 1e-12);  // half way
  EXPECT_NEAR(
      schedule_factor(options, 575, 2000), .1 + .45 * (1 + std::sqrt(.5)), 1e-12);  // a quarter
}

TEST(Schedule, LinearGoesToZeroAndConstantStays) {
  EXPECT_DOUBLE_EQ(schedule_factor({.schedule = "linear"}, 0, 10), 1);
  EXPECT_DOUBLE_EQ(schedule_factor({.schedule = "linear"}, 9, 10), .1);
  EXPECT_DOUBLE_EQ(schedule_factor({.schedule = "linear", .warmup = 4}, 7, 10), .5);
  EXPECT_DOUBLE_EQ(schedule_factor({.schedule = "constant", .warmup = 1}, 0, 10), .5);
  EXPECT_DOUBLE_EQ(schedule_factor({.schedule = "constant", .warmup = 1}, 9, 10), 1);
}

}  // namespace
}  // namespace saggio::models
