// SPDX-License-Identifier: MIT
#include "results/statistics/analysis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "results/statistics/resampling.h"

namespace saggio::results {
namespace {

const double kNan = std::nan("");

RunResult run(uint64_t seed, double loss, Outcome outcome = Outcome::kFinished) {
  RunResult result;
  result.id = "run" + std::to_string(seed);
  result.seed = seed;
  result.record.outcome = outcome;
  result.record.metrics["loss"] = loss;
  return result;
}

// An arm with one finished run per value, seeds 0, 1, ...
Arm arm(const std::string& name, const std::vector<double>& losses) {
  Arm result;
  result.name = name;
  for (const double loss : losses) {
    result.runs.push_back(run(result.runs.size(), loss));
    result.runs.back().id = name + "/" + result.runs.back().id;
  }
  return result;
}

StudyData study(std::vector<Arm> arms, Scale scale = Scale::kDifference, Goal goal = Goal::kMin) {
  StudyData data;
  data.name = "first";
  data.metric = {"loss", goal, scale};
  data.planned_seeds = static_cast<int64_t>(arms.front().runs.size());
  data.arms = std::move(arms);
  return data;
}

void set_outcome(Arm& arm, size_t index, Outcome outcome) {
  arm.runs.at(index).record.outcome = outcome;
}

const std::vector<double> kEight = {1, 2, 3, 4, 5, 6, 7, 8};

std::vector<double> plus(std::vector<double> values, const std::vector<double>& added) {
  for (size_t i = 0; i < values.size(); ++i) values[i] += added[i];
  return values;
}

TEST(Value, ReadsAMetricElseTheLedgerByItsNameOrItsShortOne) {
  RunResult result = run(0, 1.5);
  result.record.ledger.set("", "parameters", 1000);
  result.record.ledger.set("attention", "train_flops", 3e9);
  result.record.ledger.set("ffn", "train_flops", 4e9);
  result.record.ledger.set("", "seconds", 12);

  EXPECT_EQ(value(result, "loss"), 1.5);
  EXPECT_EQ(value(result, "parameters"), 1000);
  EXPECT_EQ(value(result, "params"), 1000);
  EXPECT_EQ(value(result, "flops"), 7e9);
  EXPECT_EQ(value(result, "seconds"), 12);
  EXPECT_EQ(value(result, "bytes"), std::nullopt);
  EXPECT_EQ(value(result, "accuracy"), std::nullopt);
  for (const Outcome outcome :
       {Outcome::kDiverged, Outcome::kFailed, Outcome::kStopped, Outcome::kBudgetExhausted}) {
    result.record.outcome = outcome;
    EXPECT_EQ(value(result, "loss"), std::nullopt);
  }
}

TEST(Value, OfAMetricWinsOverALedgerEntryOfThatName) {
  RunResult result = run(0, 1.5);
  result.record.metrics["seconds"] = 3;
  result.record.ledger.set("", "seconds", 12);

  EXPECT_EQ(value(result, "seconds"), 3);
}

TEST(Summarise, GivesMeanDeviationAndIntervalOfFinishedRuns) {
  const Summary summary = summarise(study({arm("full", {1, 2, 3})}), "loss").at(0);

  EXPECT_EQ(summary.n, 3);
  EXPECT_EQ(summary.mean, 2);
  EXPECT_EQ(summary.deviation, 1);
  EXPECT_NEAR(summary.interval->high - 2, 4.30265272974946 / std::sqrt(3), 1e-12);  // t(.975; 2)
  EXPECT_EQ(summary.run_ids, (std::vector<std::string>{"full/run0", "full/run1", "full/run2"}));
}

TEST(Summarise, CountsWhatDidNotFinishAndWhatIsNotThere) {
  Arm full = arm("full", {1, kNan, 3, 4, 5, 6});
  set_outcome(full, 2, Outcome::kDiverged);
  set_outcome(full, 3, Outcome::kFailed);
  set_outcome(full, 4, Outcome::kBudgetExhausted);
  set_outcome(full, 5, Outcome::kStopped);
  StudyData data = study({full});
  data.planned_seeds = 8;

  const Summary summary = summarise(data, "loss").at(0);

  EXPECT_EQ(summary.n, 1);
  EXPECT_EQ(summary.diverged, 2);  // one says so, one has no number
  EXPECT_EQ(summary.failed, 2);
  EXPECT_EQ(summary.missing, 3);  // one stopped, two never began
  EXPECT_EQ(summary.mean, 1);
  EXPECT_FALSE(summary.interval);
  EXPECT_EQ(summary.run_ids.size(), 5U);
}

TEST(Summarise, AQuantityThatNobodyCountedIsMissing) {
  const Summary summary = summarise(study({arm("full", {1, 2})}), "flops").at(0);

  EXPECT_EQ(summary.n, 0);
  EXPECT_EQ(summary.missing, 2);
  EXPECT_TRUE(summary.run_ids.empty());
}

TEST(Compare, PairsBySeedWhateverTheOrder) {
  Arm other = arm("minus", plus(kEight, {1, 2, 1, 2, 1, 2, 1, 2}));
  std::reverse(other.runs.begin(), other.runs.end());

  const Comparison comparison = compare_to_baseline(study({arm("full", kEight), other})).at(0);

  EXPECT_EQ(comparison.arm, "minus");
  EXPECT_EQ(comparison.baseline, "full");
  EXPECT_EQ(comparison.pairs, 8);
  EXPECT_EQ(comparison.diverged, 0);
  EXPECT_DOUBLE_EQ(comparison.difference, 1.5);
  const double spread = std::sqrt(8 * .25 / 7);
  EXPECT_DOUBLE_EQ(comparison.effect_size, 1.5 / spread);
  EXPECT_NEAR(comparison.interval->low,
              1.5 - 2.364624251592785 * spread / std::sqrt(8),
              1e-12);  // t(.975; 7)
  EXPECT_NEAR(comparison.equivalence->high,
              1.5 + 1.8945786050900073 * spread / std::sqrt(8),
              1e-12);  // t(.95; 7)
  EXPECT_DOUBLE_EQ(*comparison.smallest_equivalence, comparison.equivalence->high);
  EXPECT_EQ(comparison.p, 2 / 256.);
  EXPECT_GT(comparison.correlation, .97);
  EXPECT_TRUE(comparison.worse);  // a higher loss
  EXPECT_FALSE(comparison.better);
}

TEST(Compare, UsesLogRatiosWhereTheMetricSaysSo) {
  std::vector<double> doubled = kEight;
  for (double& loss : doubled) loss *= 2;

  const Comparison comparison =
      compare_to_baseline(study({arm("full", kEight), arm("minus", doubled)}, Scale::kLogRatio))
          .at(0);

  EXPECT_NEAR(comparison.difference, std::log(2), 1e-15);
  EXPECT_NEAR(comparison.interval->high - comparison.interval->low, 0, 1e-14);
}

TEST(Compare, TheGoalSaysWhichDirectionIsBetter) {
  const std::vector<Arm> arms = {arm("full", kEight), arm("minus", plus(kEight, kEight))};

  EXPECT_TRUE(compare_to_baseline(study(arms, Scale::kDifference, Goal::kMax)).at(0).better);
  EXPECT_TRUE(compare_to_baseline(study(arms, Scale::kDifference, Goal::kMin)).at(0).worse);
}

TEST(Compare, CorrectsTheFamilyOfAllArms) {
  const std::vector<double> clear = {1, 1, 1, 1, 1, 1, 1, 1}, mixed = {1, -1, 1, -1, 1, -1, 1, 2},
                            nearly = {1, 1, 1, 1, 1, 1, 1, -1};

  const auto comparisons = compare_to_baseline(study({arm("full", kEight),
                                                      arm("mixed", plus(kEight, mixed)),
                                                      arm("clear", plus(kEight, clear)),
                                                      arm("nearly", plus(kEight, nearly))}));

  EXPECT_EQ(comparisons.at(1).p, 2 / 256.);
  EXPECT_EQ(comparisons.at(1).p_holm, 6 / 256.);
  EXPECT_EQ(comparisons.at(2).p, 18 / 256.);  // sums 8 and 6 of eight ones, either sign
  EXPECT_EQ(comparisons.at(2).p_holm, 36 / 256.);
  EXPECT_EQ(comparisons.at(0).p_holm, std::max(comparisons.at(0).p, 36 / 256.));
  EXPECT_TRUE(comparisons.at(1).worse);
  EXPECT_FALSE(comparisons.at(2).worse);
}

TEST(Compare, ADivergedRunCountsAgainstItsArm) {
  const std::vector<double> lower = plus(kEight, {-1, -1, -1, -1, -1, -1, -1, -1});
  Arm good = arm("good", lower), fragile = arm("fragile", lower);
  set_outcome(fragile, 3, Outcome::kDiverged);

  const auto comparisons = compare_to_baseline(study({arm("full", kEight), good, fragile}));

  EXPECT_EQ(comparisons.at(0).p, 2 / 256.);
  EXPECT_TRUE(comparisons.at(0).better);
  EXPECT_EQ(comparisons.at(1).pairs, 8);
  EXPECT_EQ(comparisons.at(1).diverged, 1);
  EXPECT_EQ(comparisons.at(1).difference, -1);  // of the seven that are finite
  EXPECT_EQ(comparisons.at(1).p, 18 / 256.);    // as -1 seven times and +1 once
  EXPECT_FALSE(comparisons.at(1).better);
  EXPECT_FALSE(comparisons.at(1).smallest_equivalence);
}

TEST(Compare, DivergenceOfTheBaselineCountsForTheArmAndOfBothForNeither) {
  Arm full = arm("full", kEight),
      minus = arm("minus", plus(kEight, {-1, -1, -1, -1, -1, -1, -1, -1}));
  set_outcome(full, 0, Outcome::kDiverged);
  const double against_baseline = compare_to_baseline(study({full, minus})).at(0).p;
  set_outcome(minus, 0, Outcome::kDiverged);
  const Comparison both = compare_to_baseline(study({full, minus})).at(0);

  EXPECT_EQ(against_baseline, 2 / 256.);
  EXPECT_EQ(both.p, 2 / 128.);
  EXPECT_EQ(both.diverged, 1);
}

TEST(Compare, AnArmThatAlwaysDivergesIsWorse) {
  for (const Goal goal : {Goal::kMin, Goal::kMax}) {
    Arm minus = arm("minus", kEight);
    for (size_t i = 0; i < 8; ++i) set_outcome(minus, i, Outcome::kDiverged);

    const Comparison comparison =
        compare_to_baseline(study({arm("full", kEight), minus}, Scale::kDifference, goal)).at(0);

    EXPECT_EQ(comparison.p, 2 / 256.);
    EXPECT_TRUE(comparison.worse);
    EXPECT_FALSE(comparison.interval);
  }
}

TEST(Compare, LeavesOutSeedsThatOneArmDidNotRun) {
  Arm minus = arm("minus", plus(kEight, kEight));
  set_outcome(minus, 1, Outcome::kFailed);
  minus.runs.erase(minus.runs.begin() + 4);

  EXPECT_EQ(compare_to_baseline(study({arm("full", kEight), minus})).at(0).pairs, 6);
}

TEST(Compare, SaysWhyItRefuses) {
  StudyData mixed = study({arm("full", kEight), arm("minus", kEight)});
  mixed.mixed_code = true;
  const StudyData negative = study({arm("full", {1, -1}), arm("minus", {1, 2})}, Scale::kLogRatio);
  const StudyData empty = study({arm("full", {1, 2}), arm("minus", {})});

  EXPECT_EQ(compare_to_baseline(mixed).at(0).refused, "runs of more than one build");
  EXPECT_EQ(compare_to_baseline(negative).at(0).refused, "a log ratio needs positive values");
  EXPECT_EQ(compare_to_baseline(empty).at(0).refused, "no seed that both arms ran");
  EXPECT_FALSE(compare_to_baseline(mixed).at(0).interval);
  mixed.allow_mixed_code = true;
  EXPECT_EQ(compare_to_baseline(mixed).at(0).refused, "");
}

TEST(Compare, RefusedArmsAreOutsideTheFamily) {
  const auto comparisons =
      compare_to_baseline(study({arm("full", kEight),
                                 arm("missing", {}),
                                 arm("minus", plus(kEight, {1, 1, 1, 1, 1, 1, 1, 1}))}));

  EXPECT_EQ(comparisons.at(0).p_holm, 1);
  EXPECT_EQ(comparisons.at(1).p_holm, comparisons.at(1).p);
}

TEST(Compare, TakesAnyTwoArmsAndALevel) {
  const StudyData data = study(
      {arm("full", kEight), arm("a", plus(kEight, {1, 2, 1, 2, 1, 2, 1, 2})), arm("b", kEight)});

  const Comparison comparison = compare(data, "b", "a", data.metric, .99);

  EXPECT_DOUBLE_EQ(comparison.difference, -1.5);
  EXPECT_EQ(comparison.level, .99);
  EXPECT_EQ(comparison.p_holm, comparison.p);
  EXPECT_TRUE(comparison.better);  // p = .0078
  EXPECT_FALSE(compare(data, "b", "a", data.metric, .995).better);
}

TEST(Compare, NamesTheArmsThereAre) {
  const StudyData data = study({arm("full", kEight), arm("minus_gate", kEight)});
  try {
    compare(data, "minus_gtae", "full", data.metric, .95);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "arm 'minus_gtae' is not in study 'first', allowed full, minus_gate");
  }
}

TEST(Compare, TwoRunsOfOneSeedAreAnError) {
  Arm minus = arm("minus", kEight);
  minus.runs.push_back(run(3, 1));

  EXPECT_THROW(compare_to_baseline(study({arm("full", kEight), minus})), std::invalid_argument);
  EXPECT_THROW(summarise(study({minus}), "loss"), std::invalid_argument);
}

// The baseline under another name would make Holm's family larger for nothing.
TEST(Compare, LeavesOutAnArmThatSharesTheBaselinesRuns) {
  StudyData data = study({arm("full", kEight), arm("same", kEight), arm("other", kEight)});
  data.arms[1].runs = data.arms[0].runs;
  for (RunResult& run : data.arms[2].runs) run.record.metrics["loss"] += 1;

  const std::vector<Comparison> all = compare_to_baseline(data);

  EXPECT_EQ(all[0].refused, "the same runs as full");
  EXPECT_EQ(all[1].p_holm, all[1].p);
}

TEST(Gain, IsPositiveWhereTheArmIsBetter) {
  const StudyData data =
      study({arm("full", kEight), arm("minus", plus(kEight, {1, 2, 1, 2, 1, 2, 1, 2}))});
  const Comparison comparison = compare(data, "minus", "full", data.metric, .95);

  const Estimate lower_is_better = gain(comparison, Goal::kMin),
                 higher_is_better = gain(comparison, Goal::kMax);

  EXPECT_EQ(higher_is_better.interval.low, comparison.interval->low);
  EXPECT_EQ(lower_is_better.interval.low, -comparison.interval->high);
  EXPECT_EQ(lower_is_better.equivalence.high, -comparison.equivalence->low);
  EXPECT_EQ(lower_is_better.n, 8);
  EXPECT_EQ(judge(EffectClaim{1, .1}, higher_is_better), Verdict::kConfirmed);
  EXPECT_EQ(judge(EffectClaim{1, .1}, lower_is_better), Verdict::kWorse);
}

TEST(Gain, OfARefusedComparisonIsAnError) {
  const StudyData data = study({arm("full", kEight), arm("minus", {})});

  EXPECT_THROW(gain(compare(data, "minus", "full", data.metric, .95), Goal::kMin),
               std::invalid_argument);
}

TEST(MeanOf, IsWhatAValueClaimIsJudgedBy) {
  Arm full = arm("full", kEight);
  set_outcome(full, 7, Outcome::kDiverged);

  const Estimate estimate = mean_of(study({full}), "full", "loss", .95);

  EXPECT_EQ(estimate.n, 8);
  EXPECT_EQ(estimate.diverged, 1);
  EXPECT_DOUBLE_EQ((estimate.interval.low + estimate.interval.high) / 2, 4);
  EXPECT_GT(estimate.equivalence.low, estimate.interval.low);
  EXPECT_EQ(judge(ValueClaim{20, 1}, estimate), Verdict::kRefuted);
}

}  // namespace
}  // namespace saggio::results
