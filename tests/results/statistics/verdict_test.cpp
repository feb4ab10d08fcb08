// SPDX-License-Identifier: MIT
#include "results/statistics/verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "results/random.h"

namespace saggio::results {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr EffectClaim kGainOfTen = {.claimed_gain = 10, .smallest_effect = 1};
constexpr EffectClaim kEquality = {.claimed_gain = 0, .smallest_effect = 1};
constexpr ValueClaim kValue = {.value = 5, .tolerance = 1};

// Eight pairs whose 90 % interval is the middle 80 % of the other.
Estimate eight(double low, double high) {
  const double inset = (high - low) / 10;
  return {.interval = {low, high}, .equivalence = {low + inset, high - inset}, .n = 8};
}

Estimate diverged(Estimate estimate) {
  estimate.diverged = 1;
  return estimate;
}

Estimate few(Estimate estimate) {
  estimate.n = 5;
  return estimate;
}

template <typename Function>
std::string error_of(Function function) {
  try {
    function();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(Verdict, EveryRowOfAnEffectClaimIsReached) {
  const std::map<Verdict, Estimate> rows = {{Verdict::kExploratory, few(eight(11, 12))},
                                            {Verdict::kNoDifference, eight(-.5, .5)},
                                            {Verdict::kConfirmed, eight(11, 12)},
                                            {Verdict::kConsistent, eight(5, 12)},
                                            {Verdict::kSmallerThanClaimed, eight(2, 6)},
                                            {Verdict::kWorse, eight(-6, -2)},
                                            {Verdict::kNotSupported, eight(-3, 6)},
                                            {Verdict::kInconclusive, eight(-3, 12)}};

  for (const auto& [verdict, estimate] : rows)
    EXPECT_EQ(name(judge(kGainOfTen, estimate)), name(verdict));
}

TEST(Verdict, EveryRowOfAnEqualityClaimIsReached) {
  EXPECT_EQ(judge(kEquality, few(eight(-.5, .5))), Verdict::kExploratory);
  EXPECT_EQ(judge(kEquality, eight(-.5, .5)), Verdict::kConfirmed);
  EXPECT_EQ(judge(kEquality, eight(2, 3)), Verdict::kRefuted);
  EXPECT_EQ(judge(kEquality, eight(-3, -2)), Verdict::kRefuted);
  EXPECT_EQ(judge(kEquality, eight(-.5, 3)), Verdict::kInconclusive);
}

TEST(Verdict, EveryRowOfAValueClaimIsReached) {
  EXPECT_EQ(judge(kValue, few(eight(4.9, 5.1))), Verdict::kExploratory);
  EXPECT_EQ(judge(kValue, eight(4.9, 5.1)), Verdict::kConfirmed);
  EXPECT_EQ(judge(kValue, eight(7, 8)), Verdict::kRefuted);
  EXPECT_EQ(judge(kValue, eight(1, 2)), Verdict::kRefuted);
  EXPECT_EQ(judge(kValue, eight(5.5, 8)), Verdict::kInconclusive);
}

TEST(Verdict, ACountIsConfirmedToTheDigitsThatTheClaimStates) {
  EXPECT_EQ(judge(CountClaim{.count = 89}, 89), Verdict::kConfirmed);
  EXPECT_EQ(judge(CountClaim{.count = 89}, 88), Verdict::kRefuted);
  EXPECT_EQ(judge(CountClaim{.count = 89e6, .rounding = 5e5}, 89'499'999), Verdict::kConfirmed);
  EXPECT_EQ(judge(CountClaim{.count = 89e6, .rounding = 5e5}, 89'500'001), Verdict::kRefuted);
}

TEST(Verdict, ARateAboveItsBoundIsImpossibleAndOneBelowNeedsAMeasurement) {
  EXPECT_EQ(judge(BoundClaim{.rate = 320, .bound = 140}), Verdict::kImpossible);
  EXPECT_EQ(judge(BoundClaim{.rate = 320, .bound = 140}, 100), Verdict::kImpossible);
  EXPECT_EQ(judge(BoundClaim{.rate = 120, .bound = 140}), Verdict::kInconclusive);
  EXPECT_EQ(judge(BoundClaim{.rate = 120, .bound = 140}, 130), Verdict::kConfirmed);
  EXPECT_EQ(judge(BoundClaim{.rate = 120, .bound = 140}, 100), Verdict::kRefuted);
}

TEST(Verdict, BoundariesBelongWhereTheRulesPutThem) {
  EXPECT_EQ(judge(kGainOfTen, eight(10, 12)), Verdict::kConfirmed);    // lo >= c
  EXPECT_EQ(judge(kGainOfTen, eight(5, 10)), Verdict::kConsistent);    // c <= hi
  EXPECT_EQ(judge(kGainOfTen, eight(0, 9)), Verdict::kNotSupported);   // lo <= 0
  EXPECT_EQ(judge(kGainOfTen, eight(-9, 0)), Verdict::kNotSupported);  // not hi < 0
  EXPECT_EQ(judge(kGainOfTen, eight(0, 10)), Verdict::kInconclusive);  // c <= hi, but not lo > 0
  EXPECT_EQ(judge(kGainOfTen, eight(1, 1)), Verdict::kSmallerThanClaimed);  // (-s, s) is open
  EXPECT_EQ(judge(kEquality, eight(1, 1)), Verdict::kRefuted);              // lo >= s
  EXPECT_EQ(judge(kEquality, eight(-1, -1)), Verdict::kRefuted);            // hi <= -s
}

TEST(Verdict, NoDifferenceComesBeforeTheSign) {
  EXPECT_EQ(judge(kGainOfTen, eight(.2, .4)), Verdict::kNoDifference);
  EXPECT_EQ(judge(kGainOfTen, eight(-.4, -.2)), Verdict::kNoDifference);
}

TEST(Verdict, WhereAPairDivergedNothingIsConfirmedAndNoDifferenceIsNotSaid) {
  EXPECT_EQ(judge(kGainOfTen, diverged(eight(11, 12))), Verdict::kInconclusive);
  EXPECT_EQ(judge(kGainOfTen, diverged(eight(.2, .4))), Verdict::kSmallerThanClaimed);
  EXPECT_EQ(judge(kGainOfTen, diverged(eight(-.4, .4))), Verdict::kNotSupported);
  EXPECT_EQ(judge(kGainOfTen, diverged(eight(-6, -2))), Verdict::kWorse);
  EXPECT_EQ(judge(kEquality, diverged(eight(-.5, .5))), Verdict::kInconclusive);
  EXPECT_EQ(judge(kEquality, diverged(eight(2, 3))), Verdict::kRefuted);
  EXPECT_EQ(judge(kValue, diverged(eight(4.9, 5.1))), Verdict::kInconclusive);
}

TEST(Verdict, AnUnboundedIntervalIsInconclusive) {
  Estimate unknown = eight(-kInfinity, kInfinity);
  unknown.equivalence = unknown.interval;
  unknown.diverged = 7;

  EXPECT_EQ(judge(kGainOfTen, unknown), Verdict::kInconclusive);
  EXPECT_EQ(judge(kEquality, unknown), Verdict::kInconclusive);
  EXPECT_EQ(pairs_to_decide(kGainOfTen, unknown), std::nullopt);
}

// The rows as predicates, each without the rows above it: an independent reading of the table.
std::vector<Verdict> rows_that_fit(const EffectClaim& claim, const Estimate& e) {
  const double lo = e.interval.low, hi = e.interval.high, c = claim.claimed_gain,
               s = claim.smallest_effect;
  const bool equivalent = -s < e.equivalence.low && e.equivalence.high < s;
  std::vector<Verdict> fitting;
  const auto row = [&](Verdict verdict, bool fits) {
    if (fits) fitting.push_back(verdict);
  };
  row(Verdict::kExploratory, e.n < 6);
  row(c == 0 ? Verdict::kConfirmed : Verdict::kNoDifference, equivalent && e.diverged == 0);
  row(Verdict::kConfirmed, c > 0 && lo >= c && e.diverged == 0);
  row(Verdict::kRefuted, c == 0 && (lo >= s || hi <= -s));
  row(Verdict::kConsistent, c > 0 && lo > 0 && lo < c && c <= hi);
  row(Verdict::kSmallerThanClaimed, c > 0 && lo > 0 && hi < c);
  row(Verdict::kWorse, c > 0 && hi < 0);
  row(Verdict::kNotSupported, c > 0 && lo <= 0 && hi < c);
  row(Verdict::kInconclusive, true);
  return fitting;
}

// Numbers on a coarse grid, so that ends, claims and zero often coincide.
Estimate random_estimate(Stream& stream) {
  const auto draw = [&] { return static_cast<double>(stream.below(29)) - 14; };
  const double a = draw(), b = draw();
  Estimate estimate = eight(std::min(a, b), std::max(a, b));
  estimate.n = 4 + static_cast<int>(stream.below(8));
  estimate.diverged = stream.below(4) == 0 ? 1 : 0;
  return estimate;
}

TEST(Verdict, IsTheFirstRowThatFitsForEveryInput) {
  Stream stream(11);
  std::set<Verdict> seen;
  for (int i = 0; i < 20000; ++i) {
    const Estimate estimate = random_estimate(stream);
    for (const EffectClaim& claim : {kGainOfTen, kEquality, EffectClaim{4, 3}}) {
      const Verdict verdict = judge(claim, estimate);

      ASSERT_EQ(verdict, rows_that_fit(claim, estimate).front());
      seen.insert(verdict);
    }
  }
  EXPECT_EQ(seen.size(), 9U);  // all but untestable and impossible
}

Estimate mirrored(const Estimate& estimate) {
  Estimate mirror = estimate;
  mirror.interval = {-estimate.interval.high, -estimate.interval.low};
  mirror.equivalence = {-estimate.equivalence.high, -estimate.equivalence.low};
  return mirror;
}

TEST(Verdict, EqualityAndNoDifferenceDoNotDependOnTheSign) {
  Stream stream(12);
  for (int i = 0; i < 20000; ++i) {
    const Estimate estimate = random_estimate(stream), mirror = mirrored(estimate);

    ASSERT_EQ(judge(kEquality, estimate), judge(kEquality, mirror));
    ASSERT_EQ(judge(kGainOfTen, estimate) == Verdict::kNoDifference,
              judge(kGainOfTen, mirror) == Verdict::kNoDifference);
  }
}

TEST(Verdict, AGainAndItsMirroredLossAreNeverBothGood) {
  const std::set<Verdict> gains = {
      Verdict::kConfirmed, Verdict::kConsistent, Verdict::kSmallerThanClaimed};
  Stream stream(13);
  for (int i = 0; i < 20000; ++i) {
    const Estimate estimate = random_estimate(stream);
    const Verdict verdict = judge(kGainOfTen, estimate),
                  other = judge(kGainOfTen, mirrored(estimate));

    ASSERT_TRUE(!gains.contains(verdict) || other == Verdict::kWorse) << name(verdict);
  }
}

int rank(Verdict verdict) {
  switch (verdict) {
    case Verdict::kWorse:
      return 0;
    case Verdict::kNotSupported:
      return 1;
    case Verdict::kSmallerThanClaimed:
    case Verdict::kInconclusive:
      return 2;
    case Verdict::kConsistent:
      return 3;
    default:
      return 4;
  }
}

TEST(Verdict, RisesAsEitherEndOfTheIntervalRises) {
  Stream stream(14);
  for (int i = 0; i < 20000; ++i) {
    Estimate estimate = random_estimate(stream);
    estimate.n = 8, estimate.diverged = 0;
    estimate.equivalence = {
        -5, 5};  // not within the smallest effect: that row says nothing about the sign
    Estimate higher = estimate;
    higher.interval.high += static_cast<double>(stream.below(20));
    higher.interval.low +=
        std::min(static_cast<double>(stream.below(20)), higher.interval.high - higher.interval.low);

    ASSERT_LE(rank(judge(kGainOfTen, estimate)), rank(judge(kGainOfTen, higher)));
  }
}

// Mean 4, deviation 10, claimed 10: at 8 pairs the t-interval is 4 +- 2.3646 * 10 / sqrt(8) = -4.36
// to 12.36. The first n at which its half-width is below 6 excludes the claim: t(.975; 12) * 10 /
// sqrt(13) = 6.04, t(.975; 13) * 10 / sqrt(14) = 5.77.
TEST(Verdict, SaysHowManyPairsWouldDecide) {
  const double half = half_width(10, 8, .95), half90 = half_width(10, 8, .9);
  const Estimate estimate = {
      .interval = {4 - half, 4 + half}, .equivalence = {4 - half90, 4 + half90}, .n = 8};

  EXPECT_EQ(judge(kGainOfTen, estimate), Verdict::kInconclusive);
  EXPECT_EQ(pairs_to_decide(kGainOfTen, estimate), 14);
}

TEST(Verdict, DecidedClaimsNeedNoMorePairsAndHopelessOnesHaveNoNumber) {
  const double half = half_width(10, 8, .95), half90 = half_width(10, 8, .9);
  const Estimate on_the_edge = {
      .interval = {1 - half, 1 + half}, .equivalence = {1 - half90, 1 + half90}, .n = 8};

  EXPECT_EQ(pairs_to_decide(kGainOfTen, eight(11, 12)), std::nullopt);
  EXPECT_EQ(judge(kEquality, on_the_edge), Verdict::kInconclusive);
  EXPECT_EQ(pairs_to_decide(kEquality, on_the_edge),
            std::nullopt);  // a mean of exactly s is neither in nor out
}

TEST(Verdict, FiveClearPairsNeedOneMore) {
  EXPECT_EQ(pairs_to_decide(kGainOfTen, few(eight(11, 12))), 6);
  EXPECT_EQ(pairs_to_decide(kValue, few(eight(4.9, 5.1))), 6);
}

TEST(Verdict, ThePairsThatDecideDoDecideAndOneFewerDoesNot) {
  Stream stream(15);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const double centre = stream.uniform() * 20 - 5, spread = stream.uniform() * 15;
    const auto at = [&](int n) {
      const double half = half_width(spread, n, .975), half90 = half_width(spread, n, .9);
      return Estimate{
          {centre - half, centre + half}, {centre - half90, centre + half90}, .975, n, 0};
    };
    const auto undecided = [&](int n) {
      const Verdict verdict = judge(kGainOfTen, at(n));
      return verdict == Verdict::kInconclusive || verdict == Verdict::kExploratory;
    };
    const std::optional<int> needed = pairs_to_decide(kGainOfTen, at(5));
    if (!needed) continue;
    ++found;

    EXPECT_FALSE(undecided(*needed));
    EXPECT_TRUE(undecided(*needed - 1));
  }
  EXPECT_GT(found, 150);
}

TEST(Verdict, HasAName) {
  const std::vector<std::string_view> names = {"untestable",
                                               "impossible",
                                               "exploratory",
                                               "no difference",
                                               "confirmed",
                                               "consistent",
                                               "smaller than claimed",
                                               "worse",
                                               "not supported",
                                               "refuted",
                                               "inconclusive"};
  for (size_t i = 0; i < names.size(); ++i) EXPECT_EQ(name(static_cast<Verdict>(i)), names[i]);
  EXPECT_EQ(name(Verdict::kInconclusive), "inconclusive");
}

TEST(Verdict, RefusesNumbersOutOfRangeByName) {
  const double nan = std::nan("");
  EXPECT_EQ(error_of([] {
              judge(EffectClaim{1, 2}, eight(0, 1));
            }),
            "smallest_effect = 2, allowed less than the claimed gain");
  EXPECT_EQ(error_of([] {
              judge(EffectClaim{1, 0}, eight(0, 1));
            }),
            "smallest_effect = 0, allowed a positive number");
  EXPECT_EQ(error_of([] {
              judge(EffectClaim{-1, 1}, eight(0, 1));
            }),
            "claimed_gain = -1, allowed 0 (equality) or a positive number");
  EXPECT_EQ(error_of([&] {
              judge(EffectClaim{nan, 1}, eight(0, 1));
            }),
            "claimed_gain = nan, allowed 0 (equality) or a positive number");
  EXPECT_EQ(error_of([] { judge(kGainOfTen, eight(2, 1)); }),
            "interval = 2 to 1, its ends must be numbers in order");
  EXPECT_EQ(error_of([&] {
              judge(kGainOfTen, Estimate{{0, 1}, {nan, 1}});
            }),
            "equivalence = nan to 1, its ends must be numbers in order");
  EXPECT_EQ(error_of([] {
              judge(kGainOfTen, Estimate{{0, 1}, {0, 1}, 95});
            }),
            "level = 95, allowed between 0 and 1");
  EXPECT_EQ(error_of([] {
              judge(kGainOfTen, Estimate{{0, 1}, {0, 1}, .95, -1});
            }),
            "n = -1, allowed 0 or more");
  EXPECT_EQ(error_of([] {
              judge(kGainOfTen, Estimate{{0, 1}, {0, 1}, .95, 6, 7});
            }),
            "diverged = 7, allowed 0 to n");
  EXPECT_EQ(error_of([] {
              judge(ValueClaim{1, 0}, eight(0, 1));
            }),
            "tolerance = 0, allowed a positive number");
  EXPECT_EQ(error_of([&] { judge(CountClaim{1}, nan); }), "counted = nan, allowed a number");
  EXPECT_EQ(error_of([] {
              judge(BoundClaim{1, 2}, 3);
            }),
            "measured = 3, allowed up to the bound; it or its derivation is wrong");
}

}  // namespace
}  // namespace saggio::results
