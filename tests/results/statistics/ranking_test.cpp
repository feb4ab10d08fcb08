// SPDX-License-Identifier: MIT
#include "results/statistics/ranking.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace saggio::results {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

template <typename Call>
std::string complaint(const Call& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(Ranking, CountsWhatIsAboveAndEqualWithoutTheOtherTruths) {
  const float scores[] = {.9F, .5F, .7F, .5F, .1F, .8F};
  const int32_t others[] = {5, 5, 1};

  EXPECT_EQ(filtered_standing(scores, 1, {}), (Standing{3, 1, 5}));
  EXPECT_EQ(filtered_standing(scores, 1, others), (Standing{2, 1, 4}));  // 5 leaves, 1 is the truth
  EXPECT_EQ(filtered_standing(scores, 0, others), (Standing{0, 0, 3}));
}

TEST(Ranking, TakesTheMeanOrTheWorstOfTiedRanks) {
  EXPECT_EQ(rank({2, 3, 9}, Ties::Mean), 4.5);
  EXPECT_EQ(rank({2, 3, 9}, Ties::Worst), 6);
  EXPECT_EQ(rank({2, 0, 9}, Ties::Mean), rank({2, 0, 9}, Ties::Worst));
}

TEST(Ranking, SummarisesByHand) {
  const Standing standings[] = {{0, 0, 9}, {1, 0, 9}, {2, 2, 9}};  // ranks 1, 2, 4 or 5

  const RankSummary mean = rank_summary(standings, Ties::Mean);
  EXPECT_EQ(mean.queries, 3);
  EXPECT_NEAR(mean.mean_rank, 7. / 3, 4 * kEps);
  EXPECT_NEAR(mean.mean_reciprocal_rank, (1 + .5 + .25) / 3, 4 * kEps);
  EXPECT_NEAR(rank_summary(standings, Ties::Worst).mean_reciprocal_rank, 1.7 / 3, 4 * kEps);
  EXPECT_NEAR(hits_at(standings, 4, Ties::Mean), 1, kEps);
  EXPECT_NEAR(hits_at(standings, 4, Ties::Worst), 2. / 3, kEps);
}

TEST(Ranking, AConstantScorerStandsInTheMiddleAndNotFirst) {
  const std::vector<float> scores(100, .3F);
  const Standing standings[] = {filtered_standing(scores, 0, {}),
                                filtered_standing(scores, 99, {})};

  EXPECT_EQ(rank(standings[0], Ties::Mean), 50.5);
  EXPECT_EQ(rank(standings[1], Ties::Worst), 100);
  EXPECT_NEAR(rank_summary(standings, Ties::Mean).mean_reciprocal_rank, 2. / 101, 4 * kEps);
  EXPECT_EQ(hits_at(standings, 10, Ties::Mean), 0);
}

// The chance falls from 1 to 0 as p goes from 0 to 1, and its integral is k / (n + 1) = 10 / 50. The
// mean of a falling function from 1 to 0 over p = 0, 1/N, ..., 1 misses its integral by less than 1/N.
TEST(Ranking, AConstantScorerIsAmongTenOfFiftyOneTimeInFive) {
  const int64_t others = 20'000;
  const Standing constant[] = {{0, others, others}};

  EXPECT_NEAR(hits_of_sample(constant, 10, 50, Ties::Mean), .2, 1. / static_cast<double>(others));
  EXPECT_EQ(hits_of_sample(constant, 10, 50, Ties::Worst), 0);
}

TEST(Ranking, HitsOfASampleByHand) {
  // One other is drawn twice with replacement, of 4, of which 1 beats the truth: (3/4)^2; with one
  // beating allowed besides 2 * 1/4 * 3/4.
  const Standing standings[] = {{1, 0, 4}};

  EXPECT_NEAR(hits_of_sample(standings, 1, 3, Ties::Mean), .5625, 32 * kEps);
  EXPECT_NEAR(hits_of_sample(standings, 2, 3, Ties::Mean), .9375, 32 * kEps);
  EXPECT_NEAR(hits_of_sample(standings, 3, 3, Ties::Mean), 1, 32 * kEps);
  const Standing tied[] = {{0, 1, 4}};  // p = 0 or 1/4
  EXPECT_NEAR(hits_of_sample(tied, 1, 3, Ties::Mean), (1 + .5625) / 2, 32 * kEps);
  EXPECT_NEAR(hits_of_sample(tied, 1, 3, Ties::Worst), .5625, 32 * kEps);
}

TEST(Ranking, RefusesWhatIsNoRanking) {
  const float bad[] = {1, std::numeric_limits<float>::quiet_NaN()};
  const int32_t outside[] = {2};
  const Standing wrong[] = {{3, 3, 5}}, alone[] = {{0, 0, 0}};

  EXPECT_EQ(complaint([&] { filtered_standing(bad, 0, {}); }),
            "the score of candidate 1 is not a number");
  EXPECT_EQ(complaint([&] { filtered_standing(bad, 2, {}); }), "truth is 2, allowed 0 to 1");
  EXPECT_EQ(complaint([&] { filtered_standing(bad, 0, outside); }),
            "an other truth is 2, allowed 0 to 1");
  EXPECT_EQ(complaint([&] { rank_summary({}, Ties::Mean); }), "standings has 0 queries, needs one");
  EXPECT_EQ(complaint([&] { hits_at(alone, 0, Ties::Mean); }), "k is 0, allowed >= 1");
  EXPECT_EQ(complaint([&] { hits_of_sample(alone, 51, 50, Ties::Mean); }),
            "k is 51, allowed 1 to the sample of 50");
  EXPECT_EQ(complaint([&] { hits_of_sample(alone, 1, 50, Ties::Mean); }),
            "a query has no candidate but the truth, needs one to draw");
  EXPECT_NE(complaint([&] { hits_at(wrong, 1, Ties::Mean); }), "no error");
}

}  // namespace
}  // namespace saggio::results
