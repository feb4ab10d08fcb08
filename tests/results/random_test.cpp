// SPDX-License-Identifier: MIT
#include "results/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace saggio::results {
namespace {

// Known answer: Random123's kat_vectors, philox4x32-10 with counter 0 and key 0.
TEST(Stream, IsPhilox4x32WithTenRounds) {
  Stream stream(0);

  EXPECT_EQ(stream.next(), 0x6627e8d5U);
  EXPECT_EQ(stream.next(), 0xe169c58dU);
  EXPECT_EQ(stream.next(), 0xbc57ac4cU);
  EXPECT_EQ(stream.next(), 0x9b00dbd8U);
}

TEST(Stream, ContinuesFromAStoredPosition) {
  Stream one(42);
  for (int i = 0; i < 7; ++i) one.next();

  Stream other(one.key(), one.position());

  for (int i = 0; i < 9; ++i) EXPECT_EQ(one.next(), other.next());
}

TEST(Stream, SplitsDependOnTheNameAndNotOnThePosition) {
  Stream stream(1);
  const uint64_t before = stream.split("init").key();
  stream.next();

  EXPECT_EQ(stream.split("init").key(), before);
  std::set<uint64_t> keys;
  for (const char* name : {"init", "data", "dropout", "routing", "eval", "", "i", "in"})
    keys.insert(stream.split(name).key());
  for (uint64_t i = 0; i < 1000; ++i) keys.insert(stream.split(i).key());
  EXPECT_EQ(keys.size(), 1008U);
}

TEST(Stream, DrawsBelowABoundAreUniform) {
  Stream stream(3);
  std::vector<int> counts(7);
  const int draws = 70000;

  for (int i = 0; i < draws; ++i) ++counts[stream.below(7)];

  double chi2 = 0;
  for (const int count : counts) chi2 += std::pow(count - draws / 7., 2) / (draws / 7.);
  EXPECT_LT(chi2, 22.5);  // 6 degrees of freedom: exceeded with probability .001
}

TEST(Stream, NormalsHaveTheRightMoments) {
  Stream stream(5);
  const int n = 200000;
  double sum = 0, squares = 0, fourth = 0;

  for (int i = 0; i < n; ++i) {
    const double x = stream.normal();
    sum += x, squares += x * x, fourth += x * x * x * x;
  }

  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));  // four standard errors each
  EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2. / n));
  EXPECT_NEAR(fourth / n, 3, 4 * std::sqrt(96. / n));
}

TEST(Stream, ShuffleIsAPermutation) {
  std::vector<int> values(100);
  std::iota(values.begin(), values.end(), 0);
  Stream stream(9);

  stream.shuffle(std::span(values));

  EXPECT_EQ(std::set<int>(values.begin(), values.end()).size(), 100U);
  EXPECT_FALSE(std::is_sorted(values.begin(), values.end()));
}

}  // namespace
}  // namespace saggio::results
