// SPDX-License-Identifier: MIT
#include "results/statistics/verdict_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace saggio::results {
namespace {

const Subject kLoss = {.arm = "velvet",
                       .baseline = "adamw",
                       .metric = {"heldout/loss_nats", Goal::kMin, Scale::kLogRatio},
                       .scale = "at 1 M parameters on tiny Shakespeare"};
const Subject kAccuracy = {.arm = "tree",
                           .baseline = "flat",
                           .metric = {"accuracy", Goal::kMax, Scale::kDifference},
                           .scale = "on 400 questions"};

Estimate estimate(Interval interval, Interval equivalence, int n = 8, int diverged = 0) {
  return {
      .interval = interval, .equivalence = equivalence, .level = .95, .n = n, .diverged = diverged};
}

// ln ratios: "15.6 % lower" is a gain of -ln(1 - .156).
double lower_by(double percent) { return -std::log1p(-percent / 100); }

TEST(VerdictText, NamesTheScaleTheNumbersAndTheRule) {
  const EffectClaim claim = {lower_by(15.6), lower_by(.3)};
  const Estimate gain = estimate({lower_by(1), lower_by(3)}, {lower_by(1.2), lower_by(2.8)});

  EXPECT_EQ(in_words(claim, gain, kLoss),
            "Smaller than claimed at 1 M parameters on tiny Shakespeare: velvet gains 2.01 % (95 % "
            "interval 1 % to 3 %, 8 "
            "pairs of seeds) over adamw in heldout/loss_nats; a gain of 15.6 % was claimed; there "
            "is a gain, and one of the "
            "claimed size is excluded.");
}

TEST(VerdictText, SaysWhatWouldDecideAnInconclusiveClaim) {
  const double half = half_width(10, 8, .95), half90 = half_width(10, 8, .9);
  const Estimate gain = estimate({4 - half, 4 + half}, {4 - half90, 4 + half90});

  EXPECT_EQ(in_words(EffectClaim{10, 1}, gain, kAccuracy),
            "Inconclusive on 400 questions: tree gains 4 (95 % interval -4.36 to 12.4, 8 pairs of "
            "seeds) over flat in "
            "accuracy; a gain of 10 was claimed; at this mean and spread 14 pairs would decide.");
}

TEST(VerdictText, CountsTheDiverged) {
  const std::string text =
      in_words(EffectClaim{10, 1}, estimate({11, 13}, {11.2, 12.8}, 8, 2), kAccuracy);

  EXPECT_NE(text.find("Inconclusive on 400 questions: tree gains 12 (95 % interval 11 to 13, 8 "
                      "pairs of seeds, 2 of 8 diverged)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("where any diverged, neither confirmed nor no difference can be said"),
            std::string::npos)
      << text;
}

TEST(VerdictText, SaysSoIfTooFewAreFinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string text = in_words(
      EffectClaim{10, 1}, estimate({-infinity, infinity}, {-infinity, infinity}, 6, 5), kAccuracy);

  EXPECT_NE(
      text.find(
          "an unknown amount (fewer than two of 6 pairs of seeds are finite, 5 of 6 diverged)"),
      std::string::npos)
      << text;
}

TEST(VerdictText, HasAReasonForEveryRowOfAnEffectClaim) {
  const auto text = [](Interval interval, Interval equivalence, int n = 8) {
    return in_words(EffectClaim{10, 1}, estimate(interval, equivalence, n), kAccuracy);
  };
  const auto ends_with = [](const std::string& sentence, const std::string& reason) {
    EXPECT_TRUE(sentence.ends_with("; " + reason + ".")) << sentence;
  };

  ends_with(text({11, 12}, {11, 12}, 5), "fewer than 6 pairs decide nothing");
  ends_with(text({-.5, .5}, {-.4, .4}), "the 90 % interval -0.4 to 0.4 lies within 1 of none");
  ends_with(text({11, 12}, {11, 12}), "the whole interval is at least as good");
  ends_with(text({5, 12}, {6, 11}),
            "there is a gain, and the claimed size lies inside the interval");
  ends_with(text({-5, -2}, {-4, -3}), "it is a loss");
  ends_with(text({-5, 4}, {-4, 3}), "a gain of the claimed size is excluded, and the sign is open");
}

TEST(VerdictText, EqualityNamesTheSignThatRefutesIt) {
  const EffectClaim equality = {0, 1};

  EXPECT_EQ(in_words(equality, estimate({-3, -2}, {-2.9, -2.1}), kAccuracy),
            "Refuted on 400 questions: tree gains -2.5 (95 % interval -3 to -2, 8 pairs of seeds) "
            "over flat in accuracy; no "
            "difference was claimed; the whole interval is a loss of 1 or more.");
  EXPECT_TRUE(in_words(equality, estimate({2, 3}, {2.1, 2.9}), kAccuracy)
                  .ends_with("is a gain of 1 or more."));
}

TEST(VerdictText, ValueCountBoundAndUntestableClaims) {
  const Subject model = {
      "gpt", "", {"loss", Goal::kMin, Scale::kDifference}, "on tiny Shakespeare"};
  const Subject size = {"gpt", "", {"parameters", Goal::kMin, Scale::kDifference}, ""};
  const Subject speed = {"gpt", "", {"tokens/s", Goal::kMax, Scale::kDifference}, "on 273 GB/s"};

  EXPECT_EQ(in_words(ValueClaim{1.88, .04}, estimate({1.87, 1.9}, {1.872, 1.898}), model),
            "Confirmed on tiny Shakespeare: gpt reaches 1.885 (95 % interval 1.87 to 1.9, 8 runs) "
            "in loss; 1.88 +- 0.04 was "
            "claimed; the 90 % interval 1.872 to 1.898 lies within the tolerance.");
  EXPECT_EQ(in_words(CountClaim{89e6, 5e5}, 92'123'456, size),
            "Refuted: gpt has 92123456 parameters; 89000000 was claimed.");
  EXPECT_EQ(
      in_words(
          BoundClaim{320, 19.5}, std::nullopt, "273 GB/s over 14 GB of weights a token", speed),
      "Impossible on 273 GB/s: 320 tokens/s was claimed for gpt; at most 19.5 is possible (273 "
      "GB/s over 14 GB of weights "
      "a token); nothing was measured.");
  EXPECT_EQ(untestable_in_words("the metric is not defined"),
            "Untestable: the metric is not defined.");
}

}  // namespace
}  // namespace saggio::results
