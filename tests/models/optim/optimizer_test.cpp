// SPDX-License-Identifier: MIT
#include "models/optim/optimizer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/optim/gradients.h"
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

// Chen et al. 2023, algorithm 2.
struct LionReference {
  double mean = 0;
  double step(double p, double g, double lr, double beta1, double beta2, double decay) {
    const double c = beta1 * mean + (1 - beta1) * g;
    mean = beta2 * mean + (1 - beta2) * g;
    return p - lr * (c > 0 ? 1 : c < 0 ? -1 : 0) - lr * decay * p;
  }
};

// Defazio et al. 2024, algorithm 1 with AdamW's denominator; gradients at y, weights lr^2.
struct ScheduleFreeReference {
  double z, x, square = 0, sum = 0;
  double step(double y, double g, int t, double lr, double beta1, double beta2, double decay) {
    square = beta2 * square + (1 - beta2) * g * g;
    z -= lr * (g / (std::sqrt(square / (1 - std::pow(beta2, t))) + 1e-8) + decay * y);
    sum += lr * lr;
    x += lr * lr / sum * (z - x);
    return beta1 * x + (1 - beta1) * z;
  }
};

constexpr int kSteps = 12;

// Relative error of a few float operations per step on values of order one.
constexpr double kTolerance = kSteps * 8 * std::numeric_limits<float>::epsilon();

std::unique_ptr<Optimizer> make(const OptimizerOptions& options, const NamedTensors& parameters) {
  return make_optimizer(options, parameters, kSteps, results::Stream(5));
}

// Runs an optimizer beside a formula for one scalar: next = formula(tensor, entry, p, g, t, lr).
// The rate moves, as under a schedule.
template <typename Formula>
void expect_to_follow(const OptimizerOptions& options, const Formula& formula) {
  const NamedTensors p = parameters();
  std::vector<at::Tensor> expected;
  for (const NamedTensor& x : p) expected.push_back(x.value.detach().to(at::kDouble));
  const auto optimizer = make(options, p);

  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(p, t);
    const double lr = .01 / t, scale = .5;
    optimizer->step({.lr = lr, .gradient_scale = scale});
    set_gradients(p, t);  // some scale them in place
    for (size_t i = 0; i < p.size(); ++i)
      for (int64_t j = 0; j < p[i].value.numel(); ++j) {
        double& x = expected[i].mutable_data_ptr<double>()[j];
        const double g = scale * p[i].value.grad().const_data_ptr<float>()[j];
        x = formula(i, static_cast<size_t>(j), x, g, t, lr);
      }
  }

  for (size_t i = 0; i < p.size(); ++i)
    EXPECT_LT((p[i].value - expected[i]).abs().max().item<double>(), kTolerance) << p[i].name;
}

template <typename Reference>
std::vector<std::vector<Reference>> references() {
  return {std::vector<Reference>(35), std::vector<Reference>(19)};
}

double decay_of(size_t tensor) { return tensor == 0 ? .3 : 0; }  // matrices only

TEST(AdamW, FollowsItsFormulaAndDecaysMatricesOnly) {
  auto all = references<AdamWReference>();
  expect_to_follow({.beta1 = .9, .beta2 = .95, .decay = .3},
                   [&](size_t i, size_t j, double p, double g, int t, double lr) {
                     return all[i][j].step(p, g, t, lr, .9, .95, decay_of(i));
                   });
}

TEST(Sgd, FollowsItsFormulaAndDecaysMatricesOnly) {
  auto all = references<SgdReference>();
  expect_to_follow({.optimizer = "sgd", .decay = .3, .momentum = .8},
                   [&](size_t i, size_t j, double p, double g, int, double lr) {
                     return all[i][j].step(p, g, lr, .8, decay_of(i));
                   });
}

TEST(Lion, FollowsItsFormulaAndDecaysMatricesOnly) {
  auto all = references<LionReference>();
  expect_to_follow({.optimizer = "lion", .beta1 = .9, .beta2 = .95, .decay = .3},
                   [&](size_t i, size_t j, double p, double g, int, double lr) {
                     return all[i][j].step(p, g, lr, .9, .95, decay_of(i));
                   });
}

TEST(ScheduleFree, FollowsItsFormulaAndDecaysMatricesOnly) {
  std::vector<std::vector<ScheduleFreeReference>> all;
  for (const NamedTensor& x : parameters()) {
    all.emplace_back();
    for (int64_t j = 0; j < x.value.numel(); ++j) {
      const double p = x.value.const_data_ptr<float>()[j];
      all.back().push_back({.z = p, .x = p});
    }
  }
  expect_to_follow({.optimizer = "schedule_free", .beta1 = .9, .beta2 = .95, .decay = .3},
                   [&](size_t i, size_t j, double p, double g, int t, double lr) {
                     return all[i][j].step(p, g, t, lr, .9, .95, decay_of(i));
                   });
}

TEST(ScheduleFree, EvaluatesTheAverageAndTrainsWhereItWas) {
  const NamedTensors p = parameters();
  const auto optimizer = make({.optimizer = "schedule_free"}, p);
  for (int t = 1; t <= 3; ++t) set_gradients(p, t), optimizer->step({.lr = .1});
  const at::Tensor trained = p[0].value.detach().clone();
  at::Tensor averaged;
  for (const NamedTensor& tensor : optimizer->state())
    if (tensor.name == "averaged.matrix") averaged = tensor.value.clone();

  optimizer->swap_for_evaluation();
  EXPECT_TRUE(p[0].value.equal(averaged));
  EXPECT_FALSE(p[0].value.equal(trained));
  EXPECT_THROW(optimizer->step({.lr = .1}), std::logic_error);
  optimizer->swap_for_evaluation();
  EXPECT_TRUE(p[0].value.equal(trained));
}

// One step without momentum's history: the update of a block's matrix has the gradient's singular
// vectors and singular values near 1 (.68 .. 1.13 after five steps of these coefficients), times
// .2 sqrt(7) lr.
TEST(Muon, StepsAlongTheOrthogonalisedGradientInBlocksAndAsAdamWElsewhere) {
  const NamedTensors p = {{"block.0.ffn.up.weight", noise({5, 7}, 1).requires_grad_()},
                          {"embedding.tokens", noise({4, 3}, 2).requires_grad_()}};
  const NamedTensors q = {{"embedding.tokens", noise({4, 3}, 2).requires_grad_()}};
  const at::Tensor before = p[0].value.detach().clone();
  const auto optimizer = make({.optimizer = "muon", .decay = 0}, p), adamw = make({.decay = 0}, q);
  set_gradients(p, 1);
  q[0].value.mutable_grad() = p[1].value.grad().clone();
  const auto [u, s, vh] = at::linalg_svd(p[0].value.grad(), false);

  optimizer->step({.lr = .1}), adamw->step({.lr = .1});

  const at::Tensor update = (before - p[0].value.detach()) / (.1 * .2 * std::sqrt(7.));
  const at::Tensor inner = at::mm(at::mm(u.t(), update), vh.t());
  EXPECT_LT((inner - inner.diagonal().diag()).abs().max().item<double>(),
            1e-4);  // f32, 15 products
  EXPECT_GT(inner.diagonal().min().item<double>(), .6);
  EXPECT_LT(inner.diagonal().max().item<double>(), 1.25);
  EXPECT_TRUE(p[1].value.equal(q[0].value));
}

TEST(Optimizer, ACopiedStateContinuesWithTheSameBits) {
  for (const char* kind : {"adamw", "velvet", "lion", "sgd", "muon", "schedule_free"}) {
    const OptimizerOptions options{.optimizer = kind};
    const NamedTensors a = parameters(), b = parameters();
    const auto one = make(options, a), other = make(options, b);
    const auto input = [](int t) {
      return StepInput{.lr = .01, .signals = {.loss = 3. / t, .entropy = .9 / t}};
    };
    for (int t = 1; t <= 3; ++t) set_gradients(a, t), one->step(input(t));

    const NamedTensors from = one->state(), to = other->state();
    for (size_t i = 0; i < from.size(); ++i) to[i].value.copy_(from[i].value);
    for (size_t i = 0; i < a.size(); ++i) b[i].value.detach().copy_(a[i].value.detach());
    for (int t = 4; t <= 6; ++t)
      for (const auto& [p, optimizer] : {std::pair(&a, one.get()), std::pair(&b, other.get())})
        set_gradients(*p, t), optimizer->step(input(t));

    for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].value.equal(b[i].value)) << kind;
  }
}

TEST(Optimizer, NamesTheParameterThatHasNoGradientAndMovesNothing) {
  const NamedTensors p = parameters();
  const at::Tensor before = p[0].value.detach().clone();
  p[0].value.mutable_grad() = at::ones({5, 7});
  const auto optimizer = make({}, p);

  try {
    optimizer->step({.lr = .1});
    FAIL();
  } catch (const std::logic_error& e) {
    EXPECT_STREQ(e.what(),
                 "parameter vector has no gradient: the loss does not depend on it, or backward "
                 "has not run");
  }
  EXPECT_TRUE(p[0].value.equal(before));
}

// Norm of (3, 0, ...) and (4, 0, ...): 5.
TEST(Gradients, HaveOneNorm) {
  const NamedTensors p = parameters();
  for (const NamedTensor& x : p) x.value.mutable_grad() = at::zeros_like(x.value);
  p[0].value.grad()[0][0] = 3;
  p[1].value.grad()[2] = 4;

  EXPECT_EQ(gradient_norm(p), 5);
}

TEST(Gradients, ThatAreFrozenDoNotCount) {
  const NamedTensors p = parameters();
  for (const NamedTensor& x : p) x.value.mutable_grad() = at::ones_like(x.value);
  at::Tensor mask = at::zeros({5, 7}, at::kByte);
  mask[1] = 1;

  EXPECT_DOUBLE_EQ(gradient_norm(p, {mask, at::Tensor()}), std::sqrt(7. + 19));
}

TEST(Gradients, ThatAreNoNumberHaveNoNormAndAreLeftAlone) {
  const NamedTensors p = parameters();
  set_gradients(p, 0);
  p[0].value.grad()[0][0] = std::nan("");

  EXPECT_TRUE(std::isnan(gradient_norm(p)));
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
