// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "results/random.h"
#include "results/statistics/analysis.h"
#include "results/statistics/verdict.h"

// Whole studies in which nothing helps, from runs to verdicts: seeds move all arms alike, arms
// differ by noise alone, and every arm is claimed to be a gain. A family is the claims on one such
// study, each judged at alpha / claims; it is wrong if any of them is. Streams are fixed, so the
// counts are the same every time; the margin says how far a correct rule may be from its promise.
namespace saggio::results {
namespace {

constexpr int kFamilies = 2000, kClaims = 4;
constexpr double kSmallestEffect = 1, kAlpha = .05;

// `spread`: the standard deviation of a paired difference.
StudyData useless_study(Stream& stream, int seeds, double spread) {
  StudyData study{.name = "known",
                  .metric = {"loss", Goal::kMin, Scale::kDifference},
                  .planned_seeds = seeds,
                  .smallest_effect = kSmallestEffect,
                  .arms = {{.name = "baseline"}}};
  for (int i = 0; i < kClaims; ++i) study.arms.push_back({.name = "arm" + std::to_string(i)});
  for (int seed = 0; seed < seeds; ++seed) {
    const double shared = 10 * stream.normal();
    for (Arm& arm : study.arms) {
      RunResult run{.id = arm.name, .seed = static_cast<uint64_t>(seed)};
      run.record.metrics["loss"] = 100 + shared + spread / std::sqrt(2) * stream.normal();
      arm.runs.push_back(std::move(run));
    }
  }
  return study;
}

// In how many families some verdict is a gain, or is `worse`; and all verdicts.
struct Counts {
  int gains = 0, worse = 0;
  std::map<Verdict, int> verdicts;
};

Counts judged(int seeds, double spread) {
  Stream stream =
      Stream(51).split(static_cast<uint64_t>(seeds)).split(spread < 1 ? "small" : "large");
  const EffectClaim claim{.claimed_gain = 2, .smallest_effect = kSmallestEffect};
  Counts counts;
  for (int family = 0; family < kFamilies; ++family) {
    const StudyData study = useless_study(stream, seeds, spread);
    bool gain_found = false, worse_found = false;
    for (size_t arm = 1; arm < study.arms.size(); ++arm) {
      const Comparison found =
          compare(study, study.arms[arm].name, "baseline", study.metric, 1 - kAlpha / kClaims);
      const Verdict verdict = judge(claim, gain(found, study.metric.goal));
      ++counts.verdicts[verdict];
      gain_found = gain_found || verdict == Verdict::kConfirmed ||
                   verdict == Verdict::kConsistent || verdict == Verdict::kSmallerThanClaimed;
      worse_found = worse_found || verdict == Verdict::kWorse;
    }
    counts.gains += gain_found;
    counts.worse += worse_found;
  }
  return counts;
}

// Each side of a two-sided interval.
void expect_few_false_alarms(const Counts& counts) {
  constexpr double kNominal = kAlpha / 2;
  const double most = kFamilies * kNominal + 3 * std::sqrt(kFamilies * kNominal * (1 - kNominal));
  EXPECT_LE(counts.gains, most);
  EXPECT_LE(counts.worse, most);
}

TEST(KnownTruth, NoiseOfATenthOfTheSmallestEffectIsNoDifference) {
  for (const int seeds : {6, 8, 16}) {
    const Counts counts = judged(seeds, .1 * kSmallestEffect);

    expect_few_false_alarms(counts);
    EXPECT_EQ(counts.verdicts.at(Verdict::kNoDifference), kFamilies * kClaims) << seeds;
  }
}

TEST(KnownTruth, NoiseOfTwiceTheSmallestEffectIsRarelyAGainOrALoss) {
  for (const int seeds : {6, 8, 16}) {
    const Counts counts = judged(seeds, 2 * kSmallestEffect);

    expect_few_false_alarms(counts);
    EXPECT_GT(counts.gains + counts.worse, 0) << seeds;  // the test could have failed
  }
}

TEST(KnownTruth, UncorrectedTheSameFamiliesWouldRaiseTooManyAlarms) {
  Stream stream(52);
  int alarms = 0;
  for (int family = 0; family < kFamilies; ++family) {
    const StudyData study = useless_study(stream, 8, 2 * kSmallestEffect);
    bool found = false;
    for (size_t arm = 1; arm < study.arms.size(); ++arm) {
      const Comparison one = compare(study, study.arms[arm].name, "baseline", study.metric, .95);
      found = found || one.interval->high < 0;
    }
    alarms += found;
  }
  EXPECT_GT(alarms, 1.5 * kFamilies * kAlpha / 2);
}

}  // namespace
}  // namespace saggio::results
