// SPDX-License-Identifier: MIT
#include "experiments/harness/gates.h"

#include <gtest/gtest.h>

#include <cmath>

namespace saggio::harness {
namespace {

using Status = GateResult::Status;

// The running sum of tokens: causal. `peek` adds the token that many positions ahead.
Probe running_sum(int64_t peek) {
  Probe probe;
  probe.sequence_length = 32;
  probe.vocabulary = 50;
  probe.forward = [peek](std::span<const int32_t> tokens) {
    std::vector<float> out(tokens.size() * 2);
    float sum = 0;
    for (size_t t = 0; t < tokens.size(); ++t) {
      sum += static_cast<float>(tokens[t]);
      const size_t seen = t + static_cast<size_t>(peek);
      out[2 * t] = sum;
      out[2 * t + 1] = seen < tokens.size() ? static_cast<float>(tokens[seen]) : 0;
    }
    return out;
  };
  return probe;
}

TEST(GateCausality, PassesAModelThatSeesThePastOnly) {
  EXPECT_EQ(check_causality(running_sum(0)).status, Status::kPassed);
}

TEST(GateCausality, CatchesAModelThatSeesOneTokenAhead) {
  const GateResult result = check_causality(running_sum(1));

  EXPECT_EQ(result.status, Status::kFailed);
  EXPECT_EQ(result.message,
            "changing token 1 moved the output at position 0: the model sees the future");
}

TEST(GateCausality, CatchesAModelThatIgnoresItsInput) {
  Probe probe = running_sum(0);
  probe.forward = [](std::span<const int32_t> tokens) {
    return std::vector<float>(tokens.size(), 1.F);
  };

  EXPECT_EQ(check_causality(probe).status, Status::kFailed);
}

TEST(GateCausality, DoesNotApplyWithoutAForward) {
  EXPECT_EQ(check_causality({}).status, Status::kNotApplicable);
}

const std::vector<ProbeParameter> kClean = {{"a", 10, true, 1, .1}, {"b", 5, false, 0, 0}};

TEST(GateGradientCoverage, PassesWhenEveryTrainableTensorMoves) {
  EXPECT_EQ(check_gradient_coverage(kClean).status, Status::kPassed);
}

TEST(GateGradientCoverage, CatchesATensorWithoutGradientWithoutMotionOrMovingThoughFrozen) {
  EXPECT_EQ(check_gradient_coverage({{"dead", 3, true, 0, 0}}).message,
            "1 trainable tensors get no gradient: dead");
  EXPECT_EQ(check_gradient_coverage({{"stuck", 3, true, 1, 0}}).message,
            "1 trainable tensors get a gradient and do not move: stuck");
  EXPECT_EQ(check_gradient_coverage({{"loose", 3, false, 0, 1}}).message,
            "1 frozen tensors move: loose");
  EXPECT_EQ(check_gradient_coverage({{"nan", 3, true, std::nan(""), 1}}).status, Status::kFailed);
}

TEST(GateCounts, ComparesWhatIsClaimedWithTheTensors) {
  EXPECT_EQ(check_counts(kClean, {{"parameters", 15}, {"trainable_parameters", 10}}).status,
            Status::kPassed);
  EXPECT_EQ(check_counts(kClean, {{"parameters", 16}}).message,
            "claims 16 parameters, its tensors hold 15");
  EXPECT_EQ(check_counts(kClean, {{"magic", 16}}).status, Status::kFailed);
  EXPECT_EQ(check_counts(kClean, {}).status, Status::kNotApplicable);
}

TEST(GateHeldOut, RefusesATrainingMetric) {
  EXPECT_EQ(check_held_out("train/nats").status, Status::kFailed);
  EXPECT_EQ(check_held_out("heldout/nats").status, Status::kPassed);
}

TEST(GateMeasuredCells, CatchesAValueWithoutARun) {
  results::StudyData study;
  study.metric.name = "heldout/loss";
  results::RunResult run{.id = "abc", .seed = 1};
  run.record.metrics["heldout/loss"] = 1;
  study.arms = {{.name = "full", .label = "full", .runs = {run}}};
  EXPECT_EQ(check_measured_cells(study).status, Status::kPassed);

  study.arms[0].runs[0].id.clear();

  EXPECT_EQ(check_measured_cells(study).status, Status::kFailed);
}

}  // namespace
}  // namespace saggio::harness
