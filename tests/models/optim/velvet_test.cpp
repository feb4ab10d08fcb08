// SPDX-License-Identifier: MIT
#include "models/optim/velvet.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "models/optim/gradients.h"
#include "models/optim/optimizer.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::models {
namespace {

constexpr int kSteps = 12;

at::Tensor noise(at::IntArrayRef shape, uint64_t key) {
  at::Tensor x = at::empty(shape);
  results::Stream(key).fill_normal({x.mutable_data_ptr<float>(), static_cast<size_t>(x.numel())});
  return x;
}

NamedTensors parameters() {
  return {{"matrix", noise({5, 7}, 1).requires_grad_()},
          {"vector", noise({19}, 2).requires_grad_()}};
}

void set_gradients(const NamedTensors& all, int step) {
  for (size_t i = 0; i < all.size(); ++i)
    all[i].value.mutable_grad() =
        noise(all[i].value.sizes(), 10 + 2 * static_cast<uint64_t>(step) + i);
}

// A course in which both signals move up and down.
Signals signals(int step) {
  return {.loss = 3 + std::sin(step), .entropy = .6 + .2 * std::cos(2 * step)};
}

std::unique_ptr<Optimizer> make(const OptimizerOptions& options, const NamedTensors& parameters) {
  return make_optimizer(options, parameters, kSteps, results::Stream(5));
}

void run(Optimizer& optimizer, const NamedTensors& p) {
  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(p, t);
    optimizer.step({.lr = .01, .gradient_scale = .5, .signals = signals(t)});
  }
}

bool equal(const NamedTensors& a, const NamedTensors& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!a[i].value.equal(b[i].value)) return false;
  return true;
}

const VelvetOptions kOff{.entropy_rate = 0, .loss_momentum = 0};

Modulator modulator(const VelvetOptions& options) {
  return Modulator(options, .9, kSteps, results::Stream(1));
}

// --- the two scalars

TEST(Modulator, WithEverythingOffTouchesNothingAndNeedsNothing) {
  Modulator off = modulator(kOff);

  const Modulation m = off.next({});

  EXPECT_EQ(m.lr_factor, 1);
  EXPECT_EQ(m.beta1, .9);
  EXPECT_EQ(m.correction_beta1, .9);
  EXPECT_FALSE(off.needs_entropy());
}

TEST(Modulator, ASignalThatStandsStillChangesNothingButTheMiddleOfMomentum) {
  Modulator all = modulator({});
  Modulation m;

  for (int i = 0; i < 5; ++i) m = all.next({.loss = 2, .entropy = .5});

  EXPECT_EQ(m.lr_factor, 1);
  EXPECT_DOUBLE_EQ(m.beta1, .9);  // the middle of .85 and .95
}

// 1000 steps at entropy .5 and loss 2, then 100 at .4 and 3. The means have memories of 50 and 1000
// steps: fast = new + (old - new) (1 - 1/50)^100, slow alike with 1/1000.
TEST(Modulator, ComparesAFastMeanWithASlowOne) {
  Modulator all = modulator({.entropy_rate = 1, .entropy_limit = .3, .loss_momentum = 2});
  Modulation m;

  for (int i = 0; i < 1000; ++i) all.next({.loss = 2, .entropy = .5});
  for (int i = 0; i < 100; ++i) m = all.next({.loss = 3, .entropy = .4});

  const double fast = std::pow(1 - 1. / 50, 100), slow = std::pow(1 - 1. / 1000, 100);
  EXPECT_NEAR(m.lr_factor, (.4 + .1 * fast) / (.4 + .1 * slow), 1e-12);
  EXPECT_NEAR(m.beta1, .85 + .1 / (1 + std::exp(2 * (slow - fast))), 1e-12);
  EXPECT_EQ(m.correction_beta1, m.beta1);
}

TEST(Modulator, TheFactorIsLimitedBeforeItsExponent) {
  Modulator all = modulator({.entropy_rate = -2, .entropy_limit = .1, .loss_momentum = 0});
  for (int i = 0; i < 1000; ++i) all.next({.loss = 2, .entropy = .1});
  Modulation m;

  for (int i = 0; i < 200; ++i) m = all.next({.loss = 2, .entropy = .9});

  EXPECT_NEAR(m.lr_factor, std::pow(1.1, -2), 1e-12);
}

// Entropy .4: 2 h = .8. Loss ln 100: 40 / 100 = .4, raised to .5; .9 x .5 = .45, raised to .5.
TEST(Modulator, AsFirstPublishedItActsOnTheSignalsThemselves) {
  Modulator once = modulator({.rule = "as_coded"}), twice = modulator({.rule = "as_coded_twice"});
  const Signals now{.loss = std::log(100), .entropy = .4};

  const Modulation a = once.next(now), b = twice.next(now);

  EXPECT_DOUBLE_EQ(a.lr_factor, .8);
  EXPECT_DOUBLE_EQ(b.lr_factor, .64);
  EXPECT_DOUBLE_EQ(a.beta1, .5);
  EXPECT_DOUBLE_EQ(a.correction_beta1, .9);  // its bias correction does not follow
  EXPECT_DOUBLE_EQ(once.next({.loss = 0, .entropy = 1}).beta1, .999);
  EXPECT_DOUBLE_EQ(once.next({.loss = 0, .entropy = 1}).lr_factor, 2);
}

// --- the controls

struct CurveFile {
  results::TemporaryFolder folder;
  std::filesystem::path path = folder / "curve";
  explicit CurveFile(const std::string& text) { results::spill(path, text); }
};

TEST(ModulationCurve, IsLinearBetweenItsPointsAndConstantBeyond) {
  const ModulationCurve curve({{10, 1, .9}, {20, 2, .8}});

  EXPECT_EQ(curve.at(1).lr_factor, 1);
  EXPECT_EQ(curve.at(10).lr_factor, 1);
  EXPECT_DOUBLE_EQ(curve.at(15).lr_factor, 1.5);
  EXPECT_DOUBLE_EQ(curve.at(15).beta1, .85);
  EXPECT_EQ(curve.at(99).lr_factor, 2);
}

TEST(ModulationCurve, ShuffledHasTheSameValuesInAnotherOrderAndTheSameMean) {
  const ModulationCurve curve({{1, 1, .9}, {40, 2, .8}});
  const ModulationCurve shuffled = curve.shuffled(40, results::Stream(3));
  std::vector<double> a, b;
  for (int64_t step = 1; step <= 40; ++step)
    a.push_back(curve.at(step).lr_factor), b.push_back(shuffled.at(step).lr_factor);

  EXPECT_NE(a, b);
  std::sort(b.begin(), b.end());
  EXPECT_EQ(a, b);
  EXPECT_DOUBLE_EQ(curve.mean(40).at(7).lr_factor, 1.5);
  EXPECT_DOUBLE_EQ(curve.mean(40).at(7).beta1, .85);
}

TEST(ModulationCurve, NamesFileAndLineOfWhatItCannotRead) {
  const auto message = [](const std::string& text) {
    const CurveFile file(text);
    try {
      ModulationCurve::read(file.path);
    } catch (const std::runtime_error& error) {
      return std::string(error.what()).substr(file.path.string().size());
    }
    return std::string("accepted");
  };
  const std::string header = "step\tlr_factor\tbeta1\n";

  EXPECT_EQ(message(""), ":1: '', expected the line 'step lr_factor beta1', tabs between");
  EXPECT_EQ(message(header + "1\t1\t.9\n2\t1\n"),
            ":3: '2\t1', expected a step, a factor >= 0 and a beta1 in [0, 1)");
  EXPECT_EQ(message(header + "1\t1\t1\n"),
            ":2: '1\t1\t1', expected a step, a factor >= 0 and a beta1 in [0, 1)");
  EXPECT_EQ(message(header + "2\t1\t.9\n2\t1\t.9\n"), ": a curve has step 2 after 2, must ascend");
  EXPECT_EQ(message(header), ": a curve without points, needs 1 or more");
  EXPECT_EQ(message(header + "1\t1\t.9\n"), "accepted");
}

TEST(Velvet, ReplayedFromItsOwnRecordIsTheSameRunWithoutListening) {
  const NamedTensors listening = parameters(), replaying = parameters();
  const auto velvet = make({.optimizer = "velvet"}, listening);
  std::string record = "step\tlr_factor\tbeta1\n";
  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(listening, t);
    velvet->step({.lr = .01, .signals = signals(t)});
    const auto decided = velvet->decided();
    record += fmt::format("{}\t{}\t{}\n", t, decided[0].value, decided[1].value);
  }
  const CurveFile file(record);

  const auto replay =
      make({.optimizer = "velvet", .velvet = {.control = "replay", .curve = file.path}}, replaying);
  EXPECT_FALSE(replay->needs_entropy());
  for (int t = 1; t <= kSteps; ++t) set_gradients(replaying, t), replay->step({.lr = .01});

  EXPECT_TRUE(equal(listening, replaying));
}

TEST(Velvet, OptionsThatContradictEachOtherAreRefused) {
  EXPECT_THROW(modulator({.control = "replay"}), std::invalid_argument);
  EXPECT_THROW(modulator({.momentum_low = .96}), std::invalid_argument);
}

// --- the step

TEST(Velvet, WithEverythingOffHasTheBitsOfAdamW) {
  const NamedTensors a = parameters(), b = parameters();
  const auto adamw = make({}, a), velvet = make({.optimizer = "velvet", .velvet = kOff}, b);

  run(*adamw, a), run(*velvet, b);

  EXPECT_TRUE(equal(a, b));
}

// AdamW in double with a momentum that moves: the bias correction is 1 - the product of the betas,
// so that after one step the mean is the gradient whatever beta1 was.
TEST(Velvet, CorrectsTheBiasOfAMomentumThatMoves) {
  const NamedTensors p = {{"vector", noise({19}, 2).requires_grad_()}};
  const auto velvet =
      make({.optimizer = "velvet", .beta2 = .95, .velvet = {.loss_momentum = 5}}, p);
  at::Tensor expected = p[0].value.detach().to(at::kDouble), mean = at::zeros({19}, at::kDouble),
             square = at::zeros({19}, at::kDouble);
  double product = 1;

  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(p, t);
    velvet->step({.lr = .01, .signals = signals(t)});
    const double factor = velvet->decided()[0].value, beta1 = velvet->decided()[1].value;
    const at::Tensor g = p[0].value.grad().to(at::kDouble);
    product *= beta1;
    mean = beta1 * mean + (1 - beta1) * g;
    square = .95 * square + .05 * g * g;
    const at::Tensor root = (square / (1 - std::pow(.95, t))).sqrt() + 1e-8;
    expected = expected - .01 * factor * (mean / (1 - product)) / root;
  }

  EXPECT_LT((p[0].value - expected).abs().max().item<double>(),
            kSteps * 8 * std::numeric_limits<float>::epsilon());
}

TEST(Velvet, FrozenEntriesKeepTheirBitsAndTheOthersGoTheWayOfAMaskedGradient) {
  const NamedTensors p = parameters(), q = parameters(), start = parameters();
  VelvetOptions options = kOff;
  options.frozen = .75;
  const auto frozen = make({.optimizer = "velvet", .velvet = options}, p), adamw = make({}, q);
  const at::Tensor mask = frozen->masks()[0].to(at::kBool);

  run(*frozen, p);
  for (int t = 1; t <= kSteps; ++t) {
    set_gradients(q, t);
    q[0].value.mutable_grad().mul_(mask);
    EXPECT_EQ(gradient_norm(q), gradient_norm(q, frozen->masks()));
    adamw->step({.lr = .01, .gradient_scale = .5});
  }

  EXPECT_TRUE(at::where(mask, start[0].value, p[0].value).equal(start[0].value));
  EXPECT_TRUE(at::where(mask, q[0].value, p[0].value).equal(p[0].value));
  EXPECT_TRUE(p[1].value.equal(q[1].value));
  EXPECT_NEAR(mask.to(at::kDouble).mean().item<double>(), .25, .25);  // 35 draws: 3.4 deviations
}

// An adapter's second matrix starts at zero and would learn; skipping weights near zero keeps it
// there for ever, which is why this rule is offered for the record only.
TEST(Velvet, SkippingWeightsNearZeroFreezesAnAdapterThatStartsAtZero) {
  const NamedTensors p = {{"lora.b", at::zeros({4, 3}).requires_grad_()}};
  const NamedTensors q = {{"lora.b", at::zeros({4, 3}).requires_grad_()}};
  VelvetOptions skipping = kOff;
  skipping.skip_near_zero = true;
  const auto skips = make({.optimizer = "velvet", .velvet = skipping}, p),
             learns = make({.optimizer = "velvet", .velvet = kOff}, q);

  run(*skips, p), run(*learns, q);

  EXPECT_TRUE(p[0].value.eq(0).all().item<bool>());
  EXPECT_TRUE(q[0].value.ne(0).all().item<bool>());
}

}  // namespace
}  // namespace saggio::models
