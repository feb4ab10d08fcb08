// SPDX-License-Identifier: MIT
#include "results/statistics/factorial.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "results/random.h"
#include "results/statistics/resampling.h"

namespace saggio::results {
namespace {

using Names = std::vector<std::string>;

// Every combination of `components` on and off, eight seeds; `loss` of what is off and the seed.
StudyData factorial(const Names& components,
                    const std::function<double(const Names& off, uint64_t seed)>& loss) {
  StudyData study{.name = "f", .metric = {"loss"}, .planned_seeds = 8, .factorial = true};
  for (unsigned bits = 0; bits < 1U << components.size(); ++bits) {
    Names off;
    for (size_t i = 0; i < components.size(); ++i)
      if ((bits >> i & 1) != 0) off.push_back(components[i]);
    Arm arm{.name = "arm" + std::to_string(bits), .off = off};
    for (uint64_t seed = 1; seed <= 8; ++seed) {
      RunResult run{.id = arm.name + "." + std::to_string(seed), .seed = seed};
      run.record.metrics["loss"] = loss(off, seed);
      arm.runs.push_back(run);
    }
    study.arms.push_back(std::move(arm));
  }
  return study;
}

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// a brings 2, b brings 1, both together 3 more; seeds shift everything alike.
double by_hand(const Names& off, uint64_t seed) {
  const int a = !has(off, "a"), b = !has(off, "b");
  return 10 * static_cast<double>(seed) - 2 * a - b - 3 * a * b;
}

TEST(Factorial, MainEffectsAreMeansOverTheOthersAndInteractionsTheirDifference) {
  const std::vector<Effect> effects = factorial_effects(factorial({"a", "b"}, by_hand));

  ASSERT_EQ(effects.size(), 3U);
  EXPECT_EQ(effects[0].components, Names{"a"});
  EXPECT_DOUBLE_EQ(effects[0].difference, -(2 + 5) / 2.);  // 2 without b, 5 with it
  EXPECT_DOUBLE_EQ(effects[1].difference, -(1 + 4) / 2.);
  EXPECT_EQ(effects[2].components, (Names{"a", "b"}));
  EXPECT_DOUBLE_EQ(effects[2].difference, -3);
  EXPECT_EQ(effects[0].contexts, 2);
  EXPECT_EQ(effects[2].contexts, 1);
  EXPECT_EQ(effects[0].seeds, 8);
  EXPECT_DOUBLE_EQ(effects[0].p, 2. / 256);  // all eight seeds say the same
  EXPECT_DOUBLE_EQ(effects[0].p_holm, 3 * 2. / 256);
  EXPECT_EQ(effects[0].run_ids.size(), 32U);
}

TEST(Factorial, ALogRatioIsAnEffectOnLogarithms) {
  StudyData study = factorial({"a", "b"}, [](const Names& off, uint64_t seed) {
    return static_cast<double>(seed) * (has(off, "a") ? 2 : 1) * (has(off, "b") ? 3 : 1);
  });
  study.metric.scale = Scale::kLogRatio;

  const std::vector<Effect> effects = factorial_effects(study);

  EXPECT_NEAR(effects[0].difference, -std::log(2), 1e-12);
  EXPECT_NEAR(effects[2].difference, 0, 1e-12);
}

TEST(Factorial, ADivergedRunCountsAgainstItsSide) {
  StudyData study = factorial({"a"}, by_hand);
  study.arms[0].runs[2].record.outcome = Outcome::kDiverged;  // a on

  const Effect effect = factorial_effects(study).at(0);

  EXPECT_EQ(effect.seeds, 8);
  EXPECT_EQ(effect.diverged, 1);
  EXPECT_DOUBLE_EQ(effect.difference, -5);  // of the seven others; b is on throughout
  const std::vector<double> seven_for_one_against = {-5, -5, 5, -5, -5, -5, -5, -5};
  EXPECT_DOUBLE_EQ(effect.p, sign_flip_p(seven_for_one_against));
}

TEST(Factorial, CombinationsThatAreRuledOutAreLeftOut) {
  StudyData study = factorial({"a", "b", "c"}, by_hand);
  // c needs b: no arm has b off and c on.
  std::erase_if(study.arms,
                [](const Arm& arm) { return has(*arm.off, "b") && !has(*arm.off, "c"); });

  const std::vector<Effect> effects = factorial_effects(study);

  // a, c, b, a:c, a:b; b and c are never free of each other.
  ASSERT_EQ(effects.size(), 5U);
  EXPECT_EQ(effects[0].contexts, 3);
  EXPECT_EQ(effects[1].contexts, 2);
  EXPECT_EQ(effects[3].components, (Names{"a", "c"}));
  EXPECT_EQ(effects[4].components, (Names{"a", "b"}));
}

TEST(Factorial, RefusesMixedCodeAndMissingSeedsAndSaysSo) {
  StudyData study = factorial({"a"}, by_hand);
  study.mixed_code = true;
  EXPECT_EQ(factorial_effects(study).at(0).refused, "runs of more than one build");
  study.mixed_code = false;
  study.arms[1].runs.clear();
  EXPECT_EQ(factorial_effects(study).at(0).refused, "no seed that all its arms ran");
  study.factorial = false;
  EXPECT_TRUE(factorial_effects(study).empty());
}

}  // namespace
}  // namespace saggio::results
