// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "results/statistics/resampling.h"
#include "results/statistics/statistics.h"
#include "results/statistics/tasks.h"

// What scipy, statsmodels and numpy give for the same samples (tests/golden/make_statistics.py), to
// 1e-9 relative. The variable SAGGIO_STATISTICS names another file of that form;
// tests/peers/statistics_peer.py uses it for fresh samples.
namespace saggio::results {
namespace {

using nlohmann::json;
using Values = std::vector<double>;

const json& golden() {
  static const json data = [] {
    const char* other = std::getenv("SAGGIO_STATISTICS");
    std::ifstream in(other != nullptr ? other : "tests/golden/statistics.json");
    return json::parse(in);
  }();
  return data;
}

void expect_close(double ours, const json& theirs) {
  const auto expected = theirs.get<double>();
  EXPECT_LE(std::abs(ours - expected), 1e-9 * std::abs(expected)) << ours << " and " << expected;
}

// A mean may come near 0 by cancellation: its error is relative to what was added up.
void expect_close_mean(double ours, const json& theirs, const std::vector<Values>& added) {
  double size = 0;
  for (const Values& values : added)
    for (const double value : values) size = std::max(size, std::abs(value));
  const auto expected = theirs.get<double>();
  EXPECT_LE(std::abs(ours - expected), 1e-12 * size) << ours << " and " << expected;
}

// The end of an interval may come near 0 by cancellation: its error is relative to the interval's
// own size.
void expect_close(const Interval& ours, const json& theirs) {
  const auto low = theirs["low"].get<double>(), high = theirs["high"].get<double>();
  const double size = std::max(std::abs(low), std::abs(high));
  EXPECT_LE(std::abs(ours.low - low), 1e-9 * size) << theirs;
  EXPECT_LE(std::abs(ours.high - high), 1e-9 * size) << theirs;
}

TEST(StatisticsGolden, MeansDeviationsAndTIntervals) {
  for (const json& item : golden().at("moments")) {
    const Values values = item["values"];
    expect_close(mean(values), item["mean"]);
    expect_close(deviation(values), item["deviation"]);
    expect_close(effect_size(values), item["effect_size"]);
    expect_close(t_interval(values, item["level"]), item);
  }
}

TEST(StatisticsGolden, Correlations) {
  for (const json& item : golden().at("correlation"))
    expect_close(correlation(item["a"].get<Values>(), item["b"].get<Values>()), item["r"]);
}

TEST(StatisticsGolden, ExactSignFlips) {
  for (const json& item : golden().at("sign_flip"))
    expect_close(sign_flip_p(item["differences"].get<Values>()), item["p"]);
}

TEST(StatisticsGolden, SignFlipsOnStoredSigns) {
  for (const json& item : golden().at("drawn_sign_flip")) {
    const std::vector<int8_t> signs = item["signs"];
    expect_close(sign_flip_p(item["differences"].get<Values>(), signs), item["p"]);
  }
}

TEST(StatisticsGolden, HolmCorrections) {
  for (const json& item : golden().at("holm")) {
    const Values corrected = holm(item["p"].get<Values>());
    for (size_t i = 0; i < corrected.size(); ++i) expect_close(corrected[i], item["corrected"][i]);
  }
}

TEST(StatisticsGolden, SmallestEquivalences) {
  for (const json& item : golden().at("equivalence"))
    expect_close(smallest_equivalence(t_interval(item["differences"].get<Values>(), .9)),
                 item["s"]);
}

TEST(StatisticsGolden, McNemarTests) {
  for (const json& item : golden().at("mcnemar"))
    expect_close(mcnemar_p(item["first"], item["second"]), item["p"]);
}

TEST(StatisticsGolden, WilsonIntervals) {
  for (const json& item : golden().at("wilson"))
    expect_close(wilson_interval(item["successes"], item["trials"], item["level"]), item);
}

TEST(StatisticsGolden, DetectableEffects) {
  for (const json& item : golden().at("detectable"))
    expect_close(detectable_effect(item["n"], item["alpha"], item["power"]), item["effect"]);
}

TEST(StatisticsGolden, NestedBootstrapsOnStoredDraws) {
  for (const json& item : golden().at("bootstrap")) {
    const std::vector<Values> items = item["items"];
    Values means;
    for (const json& draw : item["draws"]) {
      means.push_back(nested_mean(items, {draw["seeds"], draw["items"]}));
      expect_close(means.back(), item["means"][means.size() - 1]);
    }
    expect_close(percentile_interval(means, item["level"]), item);
  }
}

TEST(StatisticsGolden, InterquartileMeansAndProbabilitiesOfImprovementOverTasks) {
  for (const json& item : golden().at("tasks")) {
    const std::vector<Values> a = item["a"], b = item["b"];
    expect_close_mean(interquartile_mean(b), item["mean"], b);
    expect_close(probability_of_improvement(a, b, Goal::kMin), item["improvement"]);
    Values means;
    for (const json& draw : item["draws"]) {
      means.push_back(interquartile_mean(drawn(b, draw.get<TaskDraw>())));
      expect_close_mean(means.back(), item["means"][means.size() - 1], b);
    }
    expect_close(percentile_interval(means, item["level"]), item);
  }
}

}  // namespace
}  // namespace saggio::results
