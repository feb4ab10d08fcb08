// SPDX-License-Identifier: MIT
#include "results/pages/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace saggio::results {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void expect_mean(double mean, double half_width, const char* text, const char* half_text) {
  const MeanText both = mean_and_half_width(mean, half_width);

  EXPECT_EQ(both.mean, text);
  EXPECT_EQ(both.half_width, half_text);
}

TEST(NumberText, DigitsOfAMeanFollowItsHalfWidth) {
  expect_mean(1.89974, .00312, "1.8997", "0.0031");
  expect_mean(-1.89974, .00312, "−1.8997", "0.0031");
  expect_mean(1.9, .5, "1.90", "0.50");
  expect_mean(12.34, 10, "12", "10");
  expect_mean(18997, 312.4, "19000", "310");
  expect_mean(0, .02, "0.000", "0.020");
}

TEST(NumberText, AHalfWidthThatRoundsUpLosesADigit) {
  expect_mean(1.23456, .00996, "1.235", "0.010");
  expect_mean(1.23456, .0994, "1.235", "0.099");
  expect_mean(1.23456, .0996, "1.23", "0.10");
}

TEST(NumberText, VerySmallAndVeryLargeNumbersAreScientific) {
  expect_mean(1.234e-9, 1e-11, "1.234e−09", "1.0e−11");
  expect_mean(3.21e12, 1.5e10, "3.210e+12", "1.5e+10");
}

TEST(NumberText, AnExactMeanKeepsSixDigits) {
  expect_mean(1. / 3, 0, "0.333333", "0");
  expect_mean(50.000000000000007, 1.4e-14, "50.0000", "1.4e−14");  // a sum's rounding, no spread
}

TEST(NumberText, WhatIsNotFiniteIsNamed) {
  expect_mean(kNan, .1, "n/a", "0.10");
  expect_mean(kInfinity, kInfinity, "∞", "∞");
  EXPECT_EQ(fixed(-kInfinity, 2), "−∞");
  EXPECT_EQ(probability(kNan), "n/a");
  EXPECT_EQ(grouped(kNan), "n/a");
}

TEST(NumberText, ThereIsNoMinusZero) {
  EXPECT_EQ(fixed(-.001, 2), "0.00");
  EXPECT_EQ(fixed(-.006, 2), "−0.01");
}

TEST(NumberText, ProbabilitiesHaveTwoDigits) {
  EXPECT_EQ(probability(.0078125), "0.0078");
  EXPECT_EQ(probability(.03125), "0.031");
  EXPECT_EQ(probability(.0996), "0.10");
  EXPECT_EQ(probability(.272), "0.27");
  EXPECT_EQ(probability(1), "1.00");
  EXPECT_EQ(probability(2e-5), "<0.0001");
  EXPECT_EQ(probability(1.5), "n/a");
}

TEST(NumberText, CountsAreGroupedByThousands) {
  EXPECT_EQ(grouped(7), "7");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(152320), "152,320");
  EXPECT_EQ(grouped(-1234567), "−1,234,567");
}

TEST(NumberText, PrefixesStepByAThousand) {
  EXPECT_EQ(si_prefix(999).symbol, "");
  EXPECT_EQ(si_prefix(1000).symbol, "k");
  EXPECT_EQ(si_prefix(1.2e9).symbol, "G");
  EXPECT_EQ(si_prefix(-3e15).symbol, "P");
  EXPECT_EQ(si_prefix(kInfinity).symbol, "");
}

TEST(NumberText, OnlyPositiveNumbersGetAPlus) {
  EXPECT_EQ(with_sign("0.012"), "+0.012");
  EXPECT_EQ(with_sign("−0.012"), "−0.012");
  EXPECT_EQ(with_sign("0.00"), "0.00");
  EXPECT_EQ(with_sign("n/a"), "n/a");
  EXPECT_EQ(with_sign("∞"), "+∞");
}

}  // namespace
}  // namespace saggio::results
