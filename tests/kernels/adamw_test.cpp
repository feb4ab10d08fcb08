// SPDX-License-Identifier: MIT
#include "kernels/adamw.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/gradient_norm.h"
#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr int kSteps = 100;
using State = std::vector<AdamwTensor>;

// Odd sizes, one empty, one that several threads share; the matrices decay.
State state(at::ScalarType type = at::kFloat) {
  State result;
  uint64_t key = 1;
  for (const std::vector<int64_t>& shape :
       std::vector<std::vector<int64_t>>{{5, 7}, {19}, {0}, {1}, {131, 89}}) {
    const at::Tensor p = noise(shape, key++).to(type);
    result.push_back({p, p, at::zeros_like(p), at::zeros_like(p), shape.size() > 1 ? .1 : 0});
  }
  return result;
}

void set_gradients(State& tensors, int t) {
  for (size_t i = 0; i < tensors.size(); ++i)
    tensors[i].gradient = noise(tensors[i].parameter.sizes(), 100 * static_cast<uint64_t>(t) + i)
                              .to(tensors[i].parameter.scalar_type());
}

// Step t of a run whose beta1 moves, with the corrections that belong to it.
struct Course {
  double product1 = 1, product2 = 1;
  AdamwStep next(int t, bool beta1_moves = true) {
    AdamwStep step{.lr = 1e-3, .beta1 = beta1_moves ? .85 + .1 * (t % 2) : .9, .beta2 = .99};
    step.correction1 = 1 - (product1 *= step.beta1);
    step.correction2 = 1 - (product2 *= step.beta2);
    return step;
  }
};

double distance(const at::Tensor& x, const at::Tensor& y) {
  return x.numel() == 0 ? 0 : (x.to(at::kDouble) - y.to(at::kDouble)).abs().max().item<double>();
}

// Per step and entry: the parameter's own roundings (2, of values below 6), and a move of up to
// lr / sqrt(1 - beta2) whose relative error is that of 1 - beta2 in float, eps / (1 - beta2), and
// of ten operations.
TEST(AdamwStep, FollowsTheReferenceWhileBeta1Moves) {
  State fast = state(), slow = state(at::kDouble);
  Course course;
  double tolerance = 0;
  for (int t = 1; t <= kSteps; ++t) {
    AdamwStep step = course.next(t);
    step.gradient_scale = .25;
    set_gradients(fast, t);
    for (size_t i = 0; i < fast.size(); ++i) slow[i].gradient = fast[i].gradient.to(at::kDouble);
    adamw_step(fast, step);
    adamw_step_reference(slow, step);
    tolerance +=
        2 * 6 * kEps + step.lr / std::sqrt(1 - step.beta2) * kEps * (1 / (1 - step.beta2) + 10);
  }

  for (size_t i = 0; i < fast.size(); ++i) {
    EXPECT_LE(distance(fast[i].parameter, slow[i].parameter), tolerance) << i;
    EXPECT_LE(distance(fast[i].mean, slow[i].mean), 100 * kEps) << i;
    EXPECT_LE(distance(fast[i].square, slow[i].square), 400 * kEps) << i;
  }
}

TEST(AdamwStepReference, IsTheFormulaByHand) {
  const auto number = [](double x) { return at::tensor({x}, at::kDouble); };
  const State one = {{number(2), number(3), number(.5), number(.25), .1}};

  adamw_step_reference(one,
                       {.lr = .1,
                        .beta1 = .5,
                        .beta2 = .75,
                        .epsilon = .5,
                        .correction1 = .5,
                        .correction2 = .25,
                        .gradient_scale = 2});

  const double m = .5 * .5 + .5 * 6, v = .75 * .25 + .25 * 36;
  EXPECT_DOUBLE_EQ(one[0].mean.item<double>(), m);
  EXPECT_DOUBLE_EQ(one[0].square.item<double>(), v);
  EXPECT_DOUBLE_EQ(one[0].parameter.item<double>(),
                   2 * (1 - .01) - .1 * (m / .5) / (std::sqrt(v / .25) + .5));
}

// Relative to the largest entry of each tensor.
void expect_equal(const State& ours, const std::vector<at::Tensor>& theirs) {
  for (size_t i = 0; i < ours.size(); ++i) {
    const double largest = theirs[i].numel() == 0 ? 0 : theirs[i].abs().max().item<double>();
    EXPECT_LE(distance(ours[i].parameter, theirs[i]), 1e-6 * largest) << i;
  }
}

std::vector<at::Tensor> copies(const State& tensors) {
  std::vector<at::Tensor> result;
  for (const AdamwTensor& tensor : tensors) result.push_back(tensor.parameter.clone());
  return result;
}

TEST(AdamwStep, EqualsTorchsFusedStepAfterAHundredSteps) {
  State ours = state();
  std::vector<at::Tensor> theirs = copies(ours), means, squares, counts;
  for (const at::Tensor& p : theirs) {
    means.push_back(at::zeros_like(p));
    squares.push_back(at::zeros_like(p));
    counts.push_back(at::zeros({}));
  }
  Course course;
  for (int t = 1; t <= kSteps; ++t) {
    const AdamwStep step = course.next(t, false);
    set_gradients(ours, t);
    for (size_t i = 0; i < ours.size(); ++i) {
      counts[i] += 1;
      at::_fused_adamw_(theirs[i],
                        ours[i].gradient,
                        means[i],
                        squares[i],
                        {},
                        counts[i],
                        step.lr,
                        step.beta1,
                        step.beta2,
                        ours[i].decay,
                        step.epsilon,
                        false,
                        false);
    }
    adamw_step(ours, step);
  }

  expect_equal(ours, theirs);
}

TEST(AdamwStep, EqualsTorchsClassAfterAHundredSteps) {
  State ours = state();
  for (AdamwTensor& tensor : ours) tensor.decay = .1;  // one group of the class has one decay
  std::vector<at::Tensor> theirs = copies(ours);
  for (at::Tensor& p : theirs) p.requires_grad_();
  torch::optim::AdamW peer(
      theirs, torch::optim::AdamWOptions(1e-3).betas({.9, .99}).eps(1e-8).weight_decay(.1));
  Course course;
  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(ours, t);
    for (size_t i = 0; i < ours.size(); ++i) theirs[i].mutable_grad() = ours[i].gradient;
    adamw_step(ours, course.next(t, false));
    peer.step();
  }

  for (at::Tensor& p : theirs) p = p.detach();
  expect_equal(ours, theirs);
}

TEST(AdamwStep, IsTheSameBitsForAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  std::vector<State> ran;
  for (const int threads : {1, 2, 3}) {
    at::set_num_threads(threads);
    ran.push_back(state());
    Course course;
    for (int t = 1; t <= 3; ++t) {
      set_gradients(ran.back(), t);
      adamw_step(ran.back(), course.next(t));
    }
  }
  at::set_num_threads(before);

  for (size_t run = 1; run < ran.size(); ++run)
    for (size_t i = 0; i < ran[0].size(); ++i) {
      EXPECT_TRUE(same_bits(ran[run][i].parameter, ran[0][i].parameter));
      EXPECT_TRUE(same_bits(ran[run][i].mean, ran[0][i].mean));
      EXPECT_TRUE(same_bits(ran[run][i].square, ran[0][i].square));
    }
}

TEST(AdamwStep, ScalesTheGradientAsAPassBeforeItWould) {
  State once = state(), twice = state();
  set_gradients(once, 1);
  set_gradients(twice, 1);
  AdamwStep step = Course().next(1);

  adamw_step(once, {.lr = step.lr, .correction1 = .1, .correction2 = .01, .gradient_scale = .3});
  for (const AdamwTensor& tensor : twice) scale_gradients({&tensor.gradient, 1}, .3);
  adamw_step(twice, {.lr = step.lr, .correction1 = .1, .correction2 = .01});

  for (size_t i = 0; i < once.size(); ++i)
    EXPECT_TRUE(same_bits(once[i].parameter, twice[i].parameter)) << i;
}

// Frozen entries keep their bits although their gradients are NaN; the others step as if the
// frozen ones were not there, for their decay and moments are their own.
TEST(AdamwStep, FrozenEntriesKeepTheirBitsAndTheOthersStepAsEver) {
  State masked = state(), plain = state();
  const State before = state();
  std::vector<at::Tensor> frozen;
  for (AdamwTensor& tensor : masked) {
    tensor.trainable = noise(tensor.parameter.sizes(), 9).gt(0);
    frozen.push_back(tensor.trainable.logical_not());
    tensor.mean.masked_fill_(frozen.back(), -0.F);
  }
  Course course;
  for (int t = 1; t <= 10; ++t) {
    const AdamwStep step = course.next(t);
    set_gradients(masked, t);
    set_gradients(plain, t);
    for (size_t i = 0; i < masked.size(); ++i) masked[i].gradient.masked_fill_(frozen[i], NAN);
    adamw_step(masked, step);
    adamw_step(plain, step);
  }

  for (size_t i = 0; i < masked.size(); ++i) {
    const auto expected = [&](const at::Tensor& kept, const at::Tensor& stepped) {
      return at::where(frozen[i], kept, stepped);
    };
    const at::Tensor mean = at::full_like(masked[i].mean, -0.F), zero = at::zeros_like(mean);
    EXPECT_TRUE(same_bits(masked[i].parameter, expected(before[i].parameter, plain[i].parameter)));
    EXPECT_TRUE(same_bits(masked[i].mean, expected(mean, plain[i].mean)));
    EXPECT_TRUE(same_bits(masked[i].square, expected(zero, plain[i].square)));
  }
}

TEST(AdamwStep, TheReferenceFreezesTheSameEntries) {
  State fast = state(), slow = state(at::kDouble);
  set_gradients(fast, 1);
  const AdamwStep step = Course().next(1);
  for (size_t i = 0; i < fast.size(); ++i) {
    fast[i].trainable = slow[i].trainable = noise(fast[i].parameter.sizes(), 9).gt(0).to(at::kByte);
    slow[i].gradient = fast[i].gradient.to(at::kDouble);
  }

  adamw_step(fast, step);
  adamw_step_reference(slow, step);

  for (size_t i = 0; i < fast.size(); ++i)
    EXPECT_LE(distance(fast[i].parameter, slow[i].parameter), 20 * 6 * kEps) << i;
}

TEST(AdamwStep, AutogradSeesThatTheParameterChanged) {
  at::Tensor p = noise({4}, 1).requires_grad_();
  const at::Tensor loss = (p * p).sum();
  adamw_step(State{{p, noise({4}, 2), at::zeros({4}), at::zeros({4})}}, {.lr = .1});

  EXPECT_THROW(loss.backward(), c10::Error);
}

// A weight of 1 between neighbours 2^-8 below and 2^-7 above takes a step of a tenth of the lower
// gap. Each entry is one trial: the count of those that move is binomial, and lies within five
// standard deviations in all but 6 of 10 million seeds. By rounding to nearest none would move.
TEST(AdamwStepReference, StochasticRoundingIsRightOnAverage) {
  constexpr int64_t kEntries = 40000;
  const double gap = 0x1p-8, share = .1;
  const State one = {{at::ones({kEntries}, at::kBFloat16),
                      at::ones({kEntries}, at::kBFloat16),
                      at::zeros({kEntries}),
                      at::zeros({kEntries})}};

  adamw_step_reference(
      one,
      {.lr = share * gap, .epsilon = 0, .correction1 = .1, .correction2 = .001, .rounding_key = 7});

  const at::Tensor values = one[0].parameter.to(at::kDouble);
  const auto moved = values.eq(1 - gap).sum().item<int64_t>();
  EXPECT_EQ(moved + values.eq(1).sum().item<int64_t>(), kEntries);
  EXPECT_NEAR(
      static_cast<double>(moved), share * kEntries, 5 * std::sqrt(kEntries * share * (1 - share)));
}

TEST(AdamwStepReference, RoundingDependsOnTheKeyAlone) {
  const auto run = [](uint64_t key) {
    const at::Tensor p = noise({3, 1001}, 1).to(at::kBFloat16);
    adamw_step_reference(
        State{{p, noise({3, 1001}, 2), at::zeros({3, 1001}), at::zeros({3, 1001})}},
        {.lr = 1e-4, .rounding_key = key});
    return p;
  };

  EXPECT_TRUE(same_bits(run(1), run(1)));
  EXPECT_FALSE(same_bits(run(1), run(2)));
}

TEST(AdamwStepReference, AMasterStepsAndItsParameterIsTheNearest) {
  const at::Tensor start = noise({501}, 1), zeros = at::zeros({501});
  State half = {{start.to(at::kBFloat16), noise({501}, 2), zeros.clone(), zeros.clone()}};
  half[0].master = start.clone();
  State full = {{start.clone(), noise({501}, 2), zeros.clone(), zeros.clone()}};
  for (int t = 1; t <= 5; ++t) {
    adamw_step_reference(half, {.lr = 1e-5});
    adamw_step_reference(full, {.lr = 1e-5});
  }

  EXPECT_TRUE(same_bits(half[0].master, full[0].parameter));
  EXPECT_TRUE(same_bits(half[0].parameter, full[0].parameter.to(at::kBFloat16)));
}

std::string message(const State& tensors, const AdamwStep& step) {
  try {
    adamw_step(tensors, step);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(AdamwStep, RefusesWhatDoesNotFitAndMovesNothing) {
  const auto message_of = [](auto change) {
    State tensors = state();
    change(tensors[1]);
    const std::string text = message(tensors, {.lr = .1});
    EXPECT_TRUE(same_bits(tensors[0].parameter, state()[0].parameter));
    return text;
  };
  using T = AdamwTensor;

  EXPECT_EQ(message_of([](T& t) { t.gradient = noise({7}, 1); }),
            "adamw_step: the gradient of tensor 1 is [7], expected [19], contiguous, on one device "
            "with the others");
  EXPECT_EQ(message_of([](T& t) { t.mean = noise({19}, 1).to(at::kDouble); }),
            "adamw_step: the mean of tensor 1 is Double on cpu, allowed float on cpu");
  EXPECT_NE(message_of([](T& t) { t.gradient = at::Tensor(); }).find("is undefined, expected [19]"),
            std::string::npos);
  EXPECT_NE(
      message_of([](T& t) { t.square = noise({38}, 1).slice(0, 0, 38, 2); }).find("not contiguous"),
      std::string::npos);
  EXPECT_NE(message_of([](T& t) { t.trainable = noise({19}, 1); }).find("allowed bool or byte"),
            std::string::npos);
  EXPECT_NE(message_of([](T& t) { t.master = noise({19}, 1); }).find("none beside a float"),
            std::string::npos);
  EXPECT_NE(message_of([](T& t) { t.decay = NAN; }).find("decay = nan"), std::string::npos);
}

TEST(AdamwStep, RefusesConstantsOutOfRange) {
  EXPECT_EQ(message({}, {.lr = -1}), "adamw_step: lr = -1, allowed 0 to 1e6");
  EXPECT_NE(message({}, {.lr = NAN}), "");
  EXPECT_NE(message({}, {.beta1 = 1}), "");
  EXPECT_NE(message({}, {.beta2 = -.1}), "");
  EXPECT_NE(message({}, {.epsilon = NAN}), "");
  EXPECT_NE(message({}, {.correction1 = 0}), "");
  EXPECT_NE(message({}, {.correction2 = 1.5}), "");
  EXPECT_NE(message({}, {.gradient_scale = INFINITY}), "");
  EXPECT_EQ(message({}, {}), "");
}

}  // namespace
}  // namespace saggio::kernels
