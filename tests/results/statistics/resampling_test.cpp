// SPDX-License-Identifier: MIT
#include "results/statistics/resampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace saggio::results {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
using Values = std::vector<double>;

// The definition: every pattern of signs in turn. Exact on small whole numbers.
double reference_p(const Values& differences) {
  const size_t n = differences.size();
  double observed = 0;
  for (const double difference : differences) observed += difference;
  int hits = 0;
  for (size_t pattern = 0; pattern < size_t{1} << n; ++pattern) {
    double sum = 0;
    for (size_t i = 0; i < n; ++i)
      sum += (pattern >> i & 1) != 0 ? differences[i] : -differences[i];
    hits += std::abs(sum) >= std::abs(observed);
  }
  return std::ldexp(hits, -static_cast<int>(n));
}

TEST(SignFlip, CountsThePatternsThatReachTheSum) {
  EXPECT_EQ(sign_flip_p(Values{1, 2, 3}), 2 / 8.);   // only +++ and --- reach 6
  EXPECT_EQ(sign_flip_p(Values{1, 2, -3}), 1);       // the sum is 0
  EXPECT_EQ(sign_flip_p(Values{-1, 2, 3}), 4 / 8.);  // 6 and 4, either sign
}

TEST(SignFlip, EqualsTheDefinitionOnWholeNumbersWithTiesAndZeros) {
  Stream stream(1);
  for (int i = 0; i < 300; ++i) {
    Values differences(1 + stream.below(11));
    for (double& difference : differences) difference = static_cast<double>(stream.below(9)) - 3;

    ASSERT_EQ(sign_flip_p(differences), reference_p(differences));
  }
}

TEST(SignFlip, SeesSumsThatAreEqualUpToRounding) {
  EXPECT_NE(.1 + .2, .3);
  EXPECT_EQ(sign_flip_p(Values{.1, .2, -.3}), 1);
  EXPECT_EQ(sign_flip_p(Values{.1, .2, .3, .3}), sign_flip_p(Values{1, 2, 3, 3}));
}

TEST(SignFlip, IgnoresSignOrderAndUnit) {
  const Values values = {.3, -1.7, .2, .9, 2.5, .4}, negated = {-.3, 1.7, -.2, -.9, -2.5, -.4},
               shuffled = {2.5, .2, .3, .4, -1.7, .9};
  Values scaled = values;
  for (double& value : scaled) value *= 1e-9;

  EXPECT_EQ(sign_flip_p(negated), sign_flip_p(values));
  EXPECT_EQ(sign_flip_p(shuffled), sign_flip_p(values));
  EXPECT_EQ(sign_flip_p(scaled), sign_flip_p(values));
}

TEST(SignFlip, ReachesItsSmallestPWhenAllDifferencesAgree) {
  for (int n = 1; n <= kExactPairs; ++n)
    EXPECT_EQ(sign_flip_p(Values(static_cast<size_t>(n), .7)), smallest_sign_flip_p(n)) << n;
  EXPECT_EQ(smallest_sign_flip_p(5), .0625);
  EXPECT_EQ(smallest_sign_flip_p(6), .03125);
  EXPECT_EQ(smallest_sign_flip_p(8), .0078125);
  EXPECT_EQ(sign_flip_p(Values(40, .7)), smallest_sign_flip_p(40));
}

TEST(SignFlip, PairsWithoutADifferenceDoNotHelp) {
  EXPECT_EQ(sign_flip_p(Values{0, 0, 0, 0, 0, 0, 0}), 1);
  EXPECT_EQ(sign_flip_p(Values{1, 1, 1, 1, 1, 1, 0, 0}), sign_flip_p(Values{1, 1, 1, 1, 1, 1}));
}

TEST(SignFlip, ADivergedPairCountsAsTheWorstThatWasSeen) {
  EXPECT_EQ(tested_differences(Values{.5, -2, kInfinity, -kInfinity}), (Values{.5, -2, 2, -2}));
  EXPECT_EQ(tested_differences(Values{kInfinity, -kInfinity}), (Values{1, -1}));
  EXPECT_EQ(tested_differences(Values{0, kInfinity}), (Values{0, 1}));
  EXPECT_EQ(sign_flip_p(Values{1, 2, 3, kInfinity}), sign_flip_p(Values{1, 2, 3, 3}));
}

TEST(SignFlip, ADivergenceAgainstTheLeaderRaisesPAndOneForItDoesNot) {
  const Values seven = {1, 2, 3, 1, 2, 3, 1};
  Values against = seven, in_favour = seven;
  against.push_back(-kInfinity);
  in_favour.push_back(kInfinity);

  EXPECT_GT(sign_flip_p(against), sign_flip_p(seven));
  EXPECT_LT(sign_flip_p(in_favour), sign_flip_p(seven));
}

TEST(SignFlip, DrawnPatternsAgreeWithAllPatterns) {
  const Values differences = {.3, -1.7, .2, .9, 2.5, .4, 1.1, -.6, .8, 1.9};

  const double drawn = sign_flip_p(differences, draw_signs(differences.size(), 200000, Stream(3)));

  const double exact = sign_flip_p(differences);
  EXPECT_NEAR(drawn, exact, 4 * std::sqrt(exact * (1 - exact) / 200000));  // four standard errors
}

TEST(SignFlip, TheSameStreamGivesTheSameP) {
  Values differences(30);
  Stream stream(5);
  for (double& difference : differences) difference = .2 + stream.normal();

  EXPECT_EQ(sign_flip_p(differences, Stream(1)), sign_flip_p(differences, Stream(1)));
  EXPECT_NE(sign_flip_p(differences, Stream(1)), sign_flip_p(differences, Stream(2)));
}

TEST(SignFlip, RefusesWhatIsNoDifference) {
  EXPECT_THROW(sign_flip_p(Values{}), std::invalid_argument);
  EXPECT_THROW(sign_flip_p(Values{1, std::nan("")}), std::invalid_argument);
  EXPECT_THROW(sign_flip_p(Values{1, 2}, std::vector<int8_t>{1, -1, 1}), std::invalid_argument);
  EXPECT_THROW(smallest_sign_flip_p(0), std::invalid_argument);
}

TEST(Quantile, InterpolatesBetweenTheValues) {
  const Values values = {40, 10, 20, 30};

  EXPECT_EQ(quantile(values, 0), 10);
  EXPECT_EQ(quantile(values, 1), 40);
  EXPECT_EQ(quantile(values, .5), 25);
  EXPECT_DOUBLE_EQ(quantile(values, .25), 17.5);
  EXPECT_THROW(quantile({}, .5), std::invalid_argument);
  EXPECT_THROW(quantile(values, 1.1), std::invalid_argument);
}

TEST(NestedBootstrap, AveragesTheDrawnItemsWithinTheDrawnSeeds) {
  const std::vector<Values> items = {{1, 2, 3}, {10, 20}};

  const double drawn = nested_mean(items, {{1, 0}, {{0, 0}, {2, 1, 2}}});

  EXPECT_DOUBLE_EQ(drawn, (10 + (3 + 2 + 3) / 3.) / 2);
}

TEST(NestedBootstrap, DrawsAsManySeedsAndItemsAsThereAre) {
  const std::vector<Values> items = {{1, 2, 3}, {10, 20}, {5}};
  Stream stream(2);

  for (int i = 0; i < 100; ++i) {
    const NestedDraw draw = draw_nested(items, stream);

    ASSERT_EQ(draw.seeds.size(), 3U);
    for (size_t s = 0; s < 3; ++s) {
      ASSERT_LT(draw.seeds[s], 3U);
      ASSERT_EQ(draw.items[s].size(), items[draw.seeds[s]].size());
      for (const uint32_t item : draw.items[s]) ASSERT_LT(item, items[draw.seeds[s]].size());
    }
  }
}

// With one item per seed only seeds vary: two seeds give means 0, 1/2 and 1 with probability 1/4,
// 1/2, 1/4.
TEST(NestedBootstrap, SpansTheSeedsEvenIfItemsAgree) {
  const std::vector<Values> items = {Values(50, 0.), Values(50, 1.)};

  const Interval wide = nested_bootstrap(items, .95, Stream(4)),
                 narrow = nested_bootstrap(items, .4, Stream(4));

  EXPECT_EQ(wide.low, 0);
  EXPECT_EQ(wide.high, 1);
  EXPECT_EQ(narrow.low, .5);
  EXPECT_EQ(narrow.high, .5);
}

// One seed leaves only the items: 400 of them with deviation 1 give a standard error of 1/20.
TEST(NestedBootstrap, HasTheStandardErrorOfTheItemsWithinOneSeed) {
  Values items(400);
  for (size_t i = 0; i < items.size(); ++i) items[i] = i % 2 == 0 ? 1 : -1;

  const Interval interval = nested_bootstrap(std::vector<Values>{items}, .95, Stream(6));

  // Tolerance: four standard errors of two quantiles of 10,000 draws, and half a step of 1 / 200.
  const double expected = 1.96 / 20;
  EXPECT_NEAR(interval.high - interval.low, 2 * expected, .08 * expected);
  EXPECT_NEAR(interval.high + interval.low, 0, .08 * expected);
}

TEST(NestedBootstrap, RefusesSeedsWithoutItems) {
  EXPECT_THROW(nested_bootstrap(std::vector<Values>{}, .95, Stream(1)), std::invalid_argument);
  EXPECT_THROW(nested_bootstrap(std::vector<Values>{{1}, {}}, .95, Stream(1)),
               std::invalid_argument);
  EXPECT_THROW(nested_bootstrap(std::vector<Values>{{kInfinity}}, .95, Stream(1)),
               std::invalid_argument);
  EXPECT_THROW(nested_bootstrap(std::vector<Values>{{1}}, .95, Stream(1), 0),
               std::invalid_argument);
}

}  // namespace
}  // namespace saggio::results
