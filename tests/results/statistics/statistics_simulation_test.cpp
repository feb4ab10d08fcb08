// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "results/statistics/resampling.h"
#include "results/statistics/statistics.h"
#include "results/statistics/verdict.h"

// What intervals, tests and verdicts promise, counted over many simulated studies. Seeds are fixed,
// so these tests give the same counts every time; the margins say how far a correct method may be
// from its promise.
namespace saggio::results {
namespace {

using Values = std::vector<double>;

Values normals(Stream& stream, size_t n, double centre = 0) {
  Values values(n);
  for (double& value : values) value = centre + stream.normal();
  return values;
}

// The share of replicates in which something happens.
template <typename Event>
double rate(int replicates, Event event) {
  int count = 0;
  for (int i = 0; i < replicates; ++i) count += event();
  return static_cast<double>(count) / replicates;
}

double three_standard_errors(double nominal, int replicates) {
  return 3 * std::sqrt(nominal * (1 - nominal) / replicates);
}

TEST(Simulation, TheTIntervalCoversTheMeanIn95PerCentOfStudies) {
  constexpr int kReplicates = 100000;
  for (const size_t n : {3, 8, 20}) {
    Stream stream = Stream(31).split(n);
    const double covered = rate(kReplicates, [&] {
      const Interval interval = t_interval(normals(stream, n, 7), .95);
      return interval.low <= 7 && 7 <= interval.high;
    });

    EXPECT_NEAR(covered, .95, .003) << n;
  }
}

TEST(Simulation, TheSignFlipTestRaisesNoMoreFalseAlarmsThanItsLevel) {
  constexpr int kReplicates = 20000;
  for (const size_t n : {6, 8, 12}) {
    Stream stream = Stream(32).split(n);
    const double alarms = rate(kReplicates, [&] { return sign_flip_p(normals(stream, n)) <= .05; });

    EXPECT_LE(alarms, .05 + three_standard_errors(.05, kReplicates)) << n;
    EXPECT_GE(alarms, .025) << n;  // nor is it idle: .031 is the level that n = 6 can reach
  }
}

TEST(Simulation, TheDrawnSignFlipTestKeepsItsLevelToo) {
  constexpr int kReplicates = 1000;
  constexpr size_t kPairs = 25, kDraws = 199;
  Stream stream(33);

  const double alarms = rate(kReplicates, [&] {
    const Values differences = normals(stream, kPairs);
    return sign_flip_p(differences, draw_signs(kPairs, kDraws, Stream(stream.next64()))) <= .05;
  });

  EXPECT_LE(alarms, .05 + three_standard_errors(.05, kReplicates));
  EXPECT_GE(alarms, .05 - three_standard_errors(.05, kReplicates));
}

// Skewed values, and in one pair of four one arm diverges, whichever: the arms are exchangeable, so
// any alarm is false.
TEST(Simulation, DivergedPairsDoNotRaiseFalseAlarms) {
  constexpr int kReplicates = 20000;
  Stream stream(34);

  const double alarms = rate(kReplicates, [&] {
    Values differences(10);
    for (double& difference : differences) {
      difference = std::exp(stream.normal()) - std::exp(stream.normal());
      if (stream.below(4) == 0)
        difference = std::copysign(std::numeric_limits<double>::infinity(), difference);
    }
    return sign_flip_p(differences) <= .05;
  });

  EXPECT_LE(alarms, .05 + three_standard_errors(.05, kReplicates));
}

// Six useless components against one baseline: the differences share the baseline's noise, as in a
// real study.
TEST(Simulation, HolmKeepsTheChanceOfAnyFalseAlarmBelowItsLevel) {
  constexpr int kReplicates = 10000;
  constexpr size_t kArms = 6, kPairs = 10;
  Stream stream(35);
  int uncorrected = 0;

  const double alarms = rate(kReplicates, [&] {
    const Values baseline = normals(stream, kPairs);
    Values p_values;
    for (size_t i = 0; i < kArms; ++i) {
      Values differences = normals(stream, kPairs);
      for (size_t j = 0; j < kPairs; ++j) differences[j] -= baseline[j];
      p_values.push_back(sign_flip_p(differences));
    }
    const Values corrected = holm(p_values);
    uncorrected += *std::min_element(p_values.begin(), p_values.end()) <= .05;
    return *std::min_element(corrected.begin(), corrected.end()) <= .05;
  });

  EXPECT_LE(alarms, .05 + three_standard_errors(.05, kReplicates));
  EXPECT_GT(uncorrected, .15 * kReplicates);  // what the correction is for
}

TEST(Simulation, TheTTestFindsTheDetectableEffectWithItsPower) {
  constexpr int kReplicates = 20000;
  for (const size_t n : {4, 8, 16}) {
    Stream stream = Stream(36).split(n);
    const double effect = detectable_effect(static_cast<int>(n), .05, .8);
    const double found = rate(kReplicates, [&] {
      const Interval interval = t_interval(normals(stream, n, effect), .95);
      return interval.low > 0 || interval.high < 0;
    });

    EXPECT_NEAR(found, .8, three_standard_errors(.8, kReplicates)) << n;
  }
}

Estimate estimate_of(const Values& gains) {
  return {.interval = t_interval(gains, .95),
          .equivalence = t_interval(gains, .9),
          .n = static_cast<int>(gains.size())};
}

TEST(Simulation, VerdictsAreRarelyWrongWhereTheTruthLiesOnTheirBorder) {
  constexpr int kReplicates = 20000;
  const auto share = [&](Verdict verdict, const EffectClaim& claim, double truth) {
    Stream stream = Stream(37).split(name(verdict));
    return rate(kReplicates,
                [&] { return judge(claim, estimate_of(normals(stream, 12, truth))) == verdict; });
  };
  const double one_side = .025 + three_standard_errors(.025, kReplicates);
  const double equivalence = .05 + three_standard_errors(.05, kReplicates);

  EXPECT_LE(share(Verdict::kConfirmed, {2, .1}, 2), one_side);
  EXPECT_LE(share(Verdict::kSmallerThanClaimed, {2, .1}, 2), one_side);
  EXPECT_LE(share(Verdict::kWorse, {2, .1}, 0), one_side);
  EXPECT_LE(share(Verdict::kNoDifference, {2, 1}, 1), equivalence);
  EXPECT_LE(share(Verdict::kConfirmed, {0, 1}, 1), equivalence);
  EXPECT_LE(share(Verdict::kRefuted, {0, 1}, 1), one_side);
}

}  // namespace
}  // namespace saggio::results
