// SPDX-License-Identifier: MIT
#include "results/statistics/tasks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace saggio::results {
namespace {

using Scores = std::vector<std::vector<double>>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(InterquartileMean, LeavesOutAQuarterAtEachEnd) {
  EXPECT_DOUBLE_EQ(interquartile_mean({100, 1, 2, 3}), 2.5);
  EXPECT_DOUBLE_EQ(interquartile_mean({1, 2, 6}), 3);  // a quarter of three is none
  EXPECT_DOUBLE_EQ(interquartile_mean({kInfinity, 1, 2, 3}), 2.5);
  EXPECT_EQ(interquartile_mean({kInfinity, kInfinity, 2, 3}), kInfinity);
  EXPECT_DOUBLE_EQ(interquartile_mean(Scores{{9, 1}, {2, 4}}), 3);
  EXPECT_THROW(interquartile_mean(std::vector<double>{}), std::invalid_argument);
}

TEST(ProbabilityOfImprovement, CountsPairsWithinEachTask) {
  const Scores a = {{1, 2}, {5, 5}}, b = {{2, 3}, {5, 4}};
  // Task 1, lower is better: 1 < 2, 1 < 3, 2 = 2, 2 < 3. Task 2: two ties, two losses.
  EXPECT_DOUBLE_EQ(probability_of_improvement(a, b, Goal::kMin), (3.5 / 4 + 1. / 4) / 2);
  EXPECT_DOUBLE_EQ(probability_of_improvement(a, b, Goal::kMax), 1 - (3.5 / 4 + 1. / 4) / 2);
  EXPECT_DOUBLE_EQ(probability_of_improvement(Scores{{kInfinity}}, Scores{{3}}, Goal::kMin), 0);
  EXPECT_THROW(probability_of_improvement(a, Scores{{1}}, Goal::kMin), std::invalid_argument);
}

TEST(TaskDraws, KeepEveryTaskItsRuns) {
  const Scores scores = {{1, 2, 3}, {10}};
  Stream stream(1);
  for (int i = 0; i < 20; ++i) {
    const Scores values = drawn(scores, draw_within_tasks(scores, stream));
    ASSERT_EQ(values[0].size(), 3U);
    EXPECT_EQ(values[1], std::vector<double>{10});
    for (const double value : values[0]) EXPECT_LE(value, 3);
  }
}

Arm arm(const std::string& name, const std::vector<double>& losses) {
  Arm result{.name = name, .label = name};
  for (const double loss : losses) {
    RunResult run{.id = name + std::to_string(result.runs.size()), .seed = result.runs.size()};
    run.record.metrics["loss"] = loss;
    result.runs.push_back(run);
  }
  return result;
}

StudyData task(const std::string& name, std::vector<Arm> arms) {
  return {.name = "s on " + name, .task = name, .metric = {"loss"}, .arms = std::move(arms)};
}

std::vector<StudyData> two_tasks() {
  return {task("easy", {arm("full", {1, 1.2, 1.1, 1.3}), arm("new", {.8, 1, .9, 1.1})}),
          task("hard", {arm("full", {5, 5.2, 5.1, 5.3}), arm("new", {4.8, 5.1, 5, 4.9})})};
}

TEST(OverTasks, ComparesEveryArmWithTheFirstByPairsWithinTasks) {
  const std::vector<OverTasks> arms = over_tasks(two_tasks(), .95);

  ASSERT_EQ(arms.size(), 2U);
  EXPECT_DOUBLE_EQ(arms[0].mean, (1.2 + 1.3 + 5 + 5.1) / 4);  // the middle four of eight
  EXPECT_FALSE(arms[0].difference_interval);
  EXPECT_EQ(arms[1].pairs, 8);
  // Differences -.2 four times, then -.2, -.1, -.1, -.4: the middle four are -.2, -.2, -.2, -.2.
  EXPECT_NEAR(arms[1].difference, -.2, 1e-12);
  EXPECT_LT(arms[1].difference_interval->high, 0);
  EXPECT_GT(arms[1].improvement, .5);
  EXPECT_LE(arms[1].improvement_interval->low, arms[1].improvement);
  EXPECT_GE(arms[1].improvement_interval->high, arms[1].improvement);
}

TEST(OverTasks, GivesTheSameNumbersEachTime) {
  const auto a = over_tasks(two_tasks(), .95), b = over_tasks(two_tasks(), .95);
  EXPECT_EQ(a[1].interval->low, b[1].interval->low);
  EXPECT_EQ(a[1].improvement_interval->high, b[1].improvement_interval->high);
}

TEST(OverTasks, CountsADivergedRunAsTheWorst) {
  std::vector<StudyData> tasks = two_tasks();
  const double before = over_tasks(tasks, .95)[1].improvement;
  tasks[0].arms[1].runs[0].record.outcome = Outcome::kDiverged;

  const OverTasks arm = over_tasks(tasks, .95)[1];

  EXPECT_EQ(arm.diverged, 1);
  EXPECT_EQ(arm.runs, 8);
  EXPECT_LT(arm.improvement, before);
  EXPECT_TRUE(std::isfinite(arm.mean));  // one of eight is in the quarter that is left out
  for (auto& run : tasks[0].arms[1].runs) run.record.outcome = Outcome::kDiverged;
  EXPECT_EQ(over_tasks(tasks, .95)[1].mean, kInfinity);
}

TEST(OverTasks, RefusesWhatItCannotCompareAndSaysWhy) {
  std::vector<StudyData> tasks = two_tasks();
  tasks[1].arms[1].runs.clear();
  EXPECT_EQ(over_tasks(tasks, .95)[1].refused, "no run of new in s on hard");
  tasks = two_tasks();
  tasks[0].mixed_code = true;
  EXPECT_EQ(over_tasks(tasks, .95)[1].refused, "runs of more than one build");
  EXPECT_TRUE(over_tasks(tasks, .95)[1].interval);
  tasks = two_tasks();
  tasks[0].arms.pop_back();
  EXPECT_THROW(over_tasks(tasks, .95), std::invalid_argument);
  EXPECT_THROW(over_tasks(std::span(tasks).first(1), .95), std::invalid_argument);
}

// What the note under the table says: with three runs a task the interval under-covers, with twenty
// hardly. Ten tasks, normal scores; the middle of a normal distribution is its mean.
TEST(OverTasks, TheBootstrapIntervalUnderCoversAtFewRuns) {
  constexpr int kReplicates = 400, kDraws = 200;
  const auto coverage = [&](size_t runs) {
    Stream stream = Stream(41).split(runs);
    int covered = 0;
    for (int i = 0; i < kReplicates; ++i) {
      Scores scores(10, std::vector<double>(runs));
      for (auto& one : scores)
        for (double& value : one) value = stream.normal();
      std::vector<double> means(kDraws);
      for (double& mean : means)
        mean = interquartile_mean(drawn(scores, draw_within_tasks(scores, stream)));
      std::sort(means.begin(), means.end());
      covered += means[5] <= 0 && 0 <= means[kDraws - 6];
    }
    return static_cast<double>(covered) / kReplicates;
  };
  const double margin = 3 * std::sqrt(.95 * .05 / kReplicates);

  EXPECT_LT(coverage(3), .95 - margin);
  EXPECT_GT(coverage(20), .95 - margin - .02);
}

}  // namespace
}  // namespace saggio::results
