// SPDX-License-Identifier: MIT
#include "results/statistics/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace saggio::results {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <typename Function>
std::string error_of(Function function) {
  try {
    function();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(Statistics, MeanAndDeviationOfFourNumbers) {
  const std::vector<double> values = {2, 4, 4, 6};

  EXPECT_DOUBLE_EQ(mean(values), 4);
  EXPECT_DOUBLE_EQ(deviation(values), std::sqrt(8. / 3));
}

TEST(Statistics, EqualValuesHaveExactlyNoSpread) {
  for (const double value : {.1, 1. / 3, -7.7e12}) {
    const std::vector<double> values(7, value);

    EXPECT_EQ(mean(values), value);
    EXPECT_EQ(deviation(values), 0);
    EXPECT_EQ(t_interval(values, .95).low, value);
    EXPECT_EQ(t_interval(values, .95).high, value);
  }
}

TEST(Statistics, TIntervalOfThreeValuesUsesTheTabledQuantile) {
  const std::vector<double> values = {1, 2, 3};  // deviation 1, t(.975; 2) = 4.30265272974946

  const Interval interval = t_interval(values, .95);

  EXPECT_NEAR(interval.low, 2 - 4.30265272974946 / std::sqrt(3), 1e-13);
  EXPECT_NEAR(interval.high, 2 + 4.30265272974946 / std::sqrt(3), 1e-13);
}

TEST(Statistics, EffectSizeIsTheMeanInDeviations) {
  EXPECT_DOUBLE_EQ(effect_size(std::vector<double>{1, 2, 3}), 2);
  EXPECT_EQ(effect_size(std::vector<double>{0, 0, 0}), 0);
  EXPECT_EQ(effect_size(std::vector<double>{-.1, -.1, -.1}), -kInfinity);
}

TEST(Statistics, CorrelationIsOneOnALineAndNoneWithAConstant) {
  const std::vector<double> a = {1, 2, 5}, rising = {3, 5, 11}, falling = {-1, -2, -5},
                            constant = {4, 4, 4};

  EXPECT_DOUBLE_EQ(correlation(a, rising), 1);
  EXPECT_DOUBLE_EQ(correlation(a, falling), -1);
  EXPECT_EQ(correlation(a, constant), 0);
}

TEST(Statistics, SmallestEquivalenceIsTheFartherEnd) {
  EXPECT_EQ(smallest_equivalence({-.2, .1}), .2);
  EXPECT_EQ(smallest_equivalence({.1, .3}), .3);
}

TEST(Statistics, HolmMultipliesByTheNumberOfHypothesesThatAreLeft) {
  const std::vector<double> corrected = holm(std::vector<double>{.01, .04, .03, .005});

  const std::vector<double> expected = {.03, .06, .06, .02};  // .04 * 1 is raised to .03 * 2
  for (size_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(corrected[i], expected[i]);
  EXPECT_TRUE(holm({}).empty());
}

TEST(Statistics, HolmNeverLowersAPAndKeepsTheirOrder) {
  const std::vector<double> p = {.5, .9, 0, 1, .02, .02, .3};

  const std::vector<double> corrected = holm(p);

  for (size_t i = 0; i < p.size(); ++i) {
    EXPECT_GE(corrected[i], p[i]);
    EXPECT_LE(corrected[i], 1);
    for (size_t j = 0; j < p.size(); ++j)
      EXPECT_TRUE(p[i] > p[j] || corrected[i] <= corrected[j]) << i << ", " << j;
  }
}

TEST(Statistics, McNemarIsABinomialTestOfTheDisagreements) {
  EXPECT_EQ(mcnemar_p(0, 0), 1);
  EXPECT_EQ(mcnemar_p(4, 4), 1);
  EXPECT_DOUBLE_EQ(mcnemar_p(0, 6), 2 / 64.);
  EXPECT_DOUBLE_EQ(mcnemar_p(7, 1), 2 * 9 / 256.);
  EXPECT_DOUBLE_EQ(mcnemar_p(1, 7), mcnemar_p(7, 1));
}

TEST(Statistics, WilsonIntervalStaysInsideAndIsNeverEmpty) {
  const double z2 = 1.959963984540054 * 1.959963984540054;

  const Interval none = wilson_interval(0, 10, .95), all = wilson_interval(10, 10, .95);

  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, z2 / (10 + z2), 1e-13);
  EXPECT_NEAR(all.low, 10 / (10 + z2), 1e-13);
  EXPECT_EQ(all.high, 1);
}

// With very many pairs the t-test is a z-test: (z(.975) + z(.8)) / sqrt(n), up to terms of order 1
// / n.
TEST(Statistics, DetectableEffectApproachesTheNormalOne) {
  const double limit = (1.959963984540054 + .8416212335729143) / std::sqrt(100000.);

  EXPECT_NEAR(detectable_effect(100000, .05) / limit, 1, 1e-4);
}

TEST(Statistics, DetectableEffectShrinksWithPairsAndGrowsAsAlphaShrinks) {
  for (int n = 2; n < 30; ++n) {
    EXPECT_GT(detectable_effect(n, .05), detectable_effect(n + 1, .05));
    EXPECT_LT(detectable_effect(n, .05), detectable_effect(n, .05 / 6));
    EXPECT_LT(detectable_effect(n, .05, .5), detectable_effect(n, .05, .8));
  }
}

TEST(Statistics, TooFewPairsDetectNoEffectAtAll) {
  EXPECT_LT(detectable_effect(2, .05 / 6), 100);
  EXPECT_TRUE(std::isinf(detectable_effect(2, .0005)));  // 1,154 deviations
  EXPECT_TRUE(std::isinf(detectable_effect(2, 1e-6)));
}

TEST(Statistics, ErrorsSayWhatWasGivenAndWhatIsAllowed) {
  const std::vector<double> one = {1}, odd = {1, std::nan("")};

  EXPECT_EQ(error_of([&] { deviation(one); }), "1 values, needs 2 or more");
  EXPECT_EQ(error_of([&] { mean(odd); }), "value 1 is nan, must be finite");
  EXPECT_EQ(error_of([&] {
              t_interval(std::vector<double>{1, 2}, 95);
            }),
            "level = 95, allowed between 0 and 1");
  EXPECT_EQ(error_of([&] { half_width(-1, 4, .95); }), "deviation = -1, allowed 0 or more");
  EXPECT_EQ(error_of([&] { correlation(one, odd); }), "1 and 2 values, must be pairs");
  EXPECT_EQ(error_of([&] {
              smallest_equivalence({2, 1});
            }),
            "interval 2 to 1, its ends must be in order");
  EXPECT_EQ(error_of([&] { holm(std::vector<double>{1.5}); }), "p = 1.5, allowed 0 to 1");
  EXPECT_EQ(error_of([&] { mcnemar_p(-1, 2); }), "counts -1 and 2, allowed 0 or more");
  EXPECT_EQ(error_of([&] { wilson_interval(3, 2, .9); }),
            "3 successes of 2 trials, allowed 0 to all of 1 or more");
  EXPECT_EQ(error_of([&] { detectable_effect(1, .05); }), "n = 1, needs 2 or more");
  EXPECT_EQ(error_of([&] { detectable_effect(8, .05, .01); }),
            "power = 0.01, allowed between alpha = 0.05 and 1");
}

}  // namespace
}  // namespace saggio::results
