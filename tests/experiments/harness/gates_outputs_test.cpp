// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "experiments/harness/gates.h"
#include "experiments/harness/roofline.h"
#include "results/random.h"

namespace saggio::harness {
namespace {

using Status = GateResult::Status;

// Accuracy of one-nearest-neighbour on two overlapping classes; `leak` puts the label, shuffled or
// not, into the inputs, `deaf` scores without looking at the labels that it was trained on.
ProbeLabels classes(bool leak, bool deaf) {
  const auto score = [=](bool shuffled, uint64_t seed) {
    constexpr size_t kPoints = 200;
    results::Stream stream = results::Stream(seed).split("classes");
    std::vector<double> x(2 * kPoints);
    std::vector<int> label(2 * kPoints);
    for (size_t i = 0; i < x.size(); ++i) {
      label[i] = static_cast<int>(stream.below(2));
      x[i] = stream.normal() + 2 * label[i];
    }
    if (shuffled) stream.split("labels").shuffle(std::span(label));
    if (leak)
      for (size_t i = 0; i < x.size(); ++i) x[i] = 10 * label[i] + .1 * stream.normal();
    double right = 0;
    for (size_t test = kPoints; test < x.size(); ++test) {
      size_t nearest = 0;
      for (size_t i = 1; i < kPoints; ++i)
        if (std::abs(x[i] - x[test]) < std::abs(x[nearest] - x[test])) nearest = i;
      right += deaf ? x[test] > .5 : label[nearest] == label[test];
    }
    return right / kPoints;
  };
  return {.score = score, .goal = results::Goal::kMax, .chance = .5};
}

TEST(GateLabelShuffle, PassesAScoreThatNeedsItsLabels) {
  const GateResult result = check_label_shuffle(classes(false, false));
  EXPECT_EQ(result.status, Status::kPassed) << result.message;
}

TEST(GateLabelShuffle, CatchesAScoreThatSurvives) {
  const GateResult result = check_label_shuffle(classes(false, true));

  EXPECT_EQ(result.status, Status::kFailed);
  EXPECT_TRUE(result.message.starts_with("the score survives shuffled labels: 0."))
      << result.message;
}

TEST(GateLabelShuffle, CatchesLabelsThatLeakIntoTheInputs) {
  // As good with shuffled labels: both rules see it, the first one says it.
  EXPECT_EQ(check_label_shuffle(classes(true, false)).status, Status::kFailed);

  ProbeLabels half = classes(false, false);
  half.score = [](bool shuffled, uint64_t seed) {
    return (shuffled ? .7 : .9) + 1e-3 * static_cast<double>(seed);
  };
  EXPECT_EQ(check_label_shuffle(half).message,
            "shuffled labels are predicted better than by chance (0.5): 0.9035 with the labels as "
            "they are, 0.7035 shuffled; they leak into the inputs");
}

TEST(GateLabelShuffle, TakesALossTheOtherWayRound) {
  ProbeLabels loss{.score = [](bool shuffled, uint64_t) { return shuffled ? 2. : 1.; },
                   .goal = results::Goal::kMin,
                   .chance = 2};
  EXPECT_EQ(check_label_shuffle(loss).status, Status::kPassed);
  loss.score = [](bool, uint64_t) { return std::nan(""); };
  EXPECT_EQ(check_label_shuffle(loss).status, Status::kFailed);
  EXPECT_EQ(check_label_shuffle(std::nullopt).status, Status::kNotApplicable);
}

const Limits kLimits = {.flops_per_second = 1e12, .bytes_per_second = 1e11, .derivation = "a toy"};

results::Record record_of(double flops, double seconds) {
  results::Record record;
  record.ledger.set("", "train_flops", flops);
  record.ledger.set("", "seconds", seconds);
  return record;
}

TEST(GateRoofline, PassesARateBelowTheLimits) {
  EXPECT_EQ(check_roofline(record_of(5e11, 1), kLimits).message,
            "the ledger's FLOPs come to 5e+11 FLOP/s, 50 % of the most there is");
}

TEST(GateRoofline, CatchesMoreArithmeticThanThereIs) {
  EXPECT_EQ(check_roofline(record_of(5e12, 1), kLimits).message,
            "the ledger's FLOPs come to 5e+12 FLOP/s, but 1e+12 is the most there is (a toy): the "
            "count or the clock is wrong");
  EXPECT_EQ(check_roofline(record_of(std::numeric_limits<double>::infinity(), 1), kLimits).status,
            Status::kFailed);
}

TEST(GateRoofline, CatchesMoreBandwidthThanThereIsInALedgerOrAMetric) {
  results::Record record = record_of(1, 1);
  record.ledger.set("", "moved_bytes", 2e11);
  EXPECT_EQ(check_roofline(record, kLimits).status, Status::kFailed);

  record = record_of(1, 1);
  record.metrics["decode/tokens_per_second"] = 320;
  EXPECT_EQ(check_roofline(record, kLimits).status, Status::kPassed);
  record.ledger.set("", "bytes_per_token", 7e9);  // 7 B parameters read once for each token
  EXPECT_EQ(check_roofline(record, kLimits).status, Status::kFailed);
  record.metrics["decode/tokens_per_second"] = 14;
  EXPECT_EQ(check_roofline(record, kLimits).status, Status::kPassed);
}

TEST(GateRoofline, DoesNotApplyWithoutARateOrALimit) {
  EXPECT_EQ(check_roofline({}, kLimits).status, Status::kNotApplicable);
  EXPECT_EQ(check_roofline(record_of(5e12, 1), {}).status, Status::kNotApplicable);
}

TEST(Limits, FollowFromWidthClockAndThreads) {
  const std::string avx2 = "processor : 0\nflags : fpu sse2 fma avx2\nbogomips : 1\n";
  const std::string avx512 = "processor : 0\nflags : fpu sse2 fma avx2 avx512f\n";
  EXPECT_DOUBLE_EQ(limits_of(avx2, 3e9, 4).flops_per_second, 3e9 * 4 * 2 * 8 * 2);
  EXPECT_DOUBLE_EQ(limits_of(avx512, 3e9, 1).flops_per_second, 3e9 * 2 * 16 * 2);
  EXPECT_GT(limits_of("", 3e9, 1).flops_per_second, limits_of(avx512, 3e9, 1).flops_per_second);
}

TEST(Limits, AreAboveWhatThisMachineDoes) {
  constexpr int kRounds = 2'000'000, kLanes = 16;
  std::array<float, kLanes> sums{};
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kRounds; ++i)
    for (int lane = 0; lane < kLanes; ++lane)
      sums[static_cast<size_t>(lane)] = sums[static_cast<size_t>(lane)] * .999F + 1;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  EXPECT_GT(sums[3], 0);
  EXPECT_EQ(
      check_roofline(record_of(2. * kRounds * kLanes, seconds), limits_of_this_machine()).status,
      Status::kPassed);
}

// Outputs are sums over tokens, with a gate that may be off.
std::vector<float> gated(std::span<const int32_t> tokens, float gate) {
  std::vector<float> out;
  for (const int32_t token : tokens) out.push_back(static_cast<float>(token) * (1 + gate));
  return out;
}

Probe with_gate(float weight) {
  Probe probe{.sequence_length = 8, .vocabulary = 50};
  probe.forward = [weight](std::span<const int32_t> tokens) { return gated(tokens, weight); };
  probe.without["gate"] = [](std::span<const int32_t> tokens) { return gated(tokens, 0); };
  return probe;
}

TEST(GateModuleEffect, PassesAComponentThatMovesTheOutputs) {
  EXPECT_EQ(check_module_effect(with_gate(.5F)).status, Status::kPassed);
  EXPECT_EQ(check_module_effect({}).status, Status::kNotApplicable);
}

TEST(GateModuleEffect, CatchesAComponentWithoutEffect) {
  EXPECT_EQ(check_module_effect(with_gate(0)).message, "switched off, it changes no output: gate");
}

// A sum in two orders, as one and four threads would make it.
std::vector<float> total(int parts, float fault = 0) {
  constexpr int kTerms = 4096;
  std::vector<float> sums(static_cast<size_t>(parts));
  for (int i = 0; i < kTerms; ++i)
    sums[static_cast<size_t>(i % parts)] += 1.F / static_cast<float>(i + 1);
  float sum = fault;
  for (const float part : sums) sum += part;
  return {sum, 2 * sum};
}

ProbePath path(const std::string& name, int parts, float fault, double tolerance) {
  return {name, [=] { return total(parts, fault); }, tolerance};
}

TEST(GateParity, PassesPathsThatDifferByRoundingOnly) {
  const double tolerance = 4096 * std::numeric_limits<float>::epsilon();
  const GateResult result =
      check_parity({path("1 thread", 1, 0, 0), path("4 threads", 4, 0, tolerance)});

  EXPECT_EQ(result.status, Status::kPassed) << result.message;
  EXPECT_EQ(check_parity({path("1 thread", 1, 0, 0)}).status, Status::kNotApplicable);
}

TEST(GateParity, CatchesAPathThatComputesSomethingElse) {
  const double tolerance = 4096 * std::numeric_limits<float>::epsilon();
  const auto with = [&](ProbePath other) {
    return check_parity({path("reference", 1, 0, 0), std::move(other)});
  };
  EXPECT_EQ(with(path("fast", 4, .1F, tolerance)).status, Status::kFailed);
  EXPECT_EQ(with(path("exact", 1, 1e-5F, 0)).status, Status::kFailed);  // it promised the same bits
  EXPECT_EQ(with({"short", [] { return std::vector<float>{1}; }, 1}).message,
            "'short' has 1 outputs, not 2, against 'reference'");
  EXPECT_EQ(with({"nan", [] { return std::vector<float>{NAN, 1}; }, 1}).status, Status::kFailed);
}

}  // namespace
}  // namespace saggio::harness
