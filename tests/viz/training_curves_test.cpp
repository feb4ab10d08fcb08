// SPDX-License-Identifier: MIT
#include "viz/training/training.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "results/store/run_dir.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::viz {
namespace {

// A run's folder as those who write runs leave it.
class TrainingTest : public testing::Test {
 protected:
  TrainingTest() {
    std::filesystem::create_directories(run_ / "graph");
    std::ofstream(run_ / "spec.json") << "{}";
  }
  void log(const std::string& text, const char* file = "events.jsonl") {
    std::ofstream(run_ / file, std::ios::app) << text;
  }
  results::TemporaryFolder temporary_;
  std::filesystem::path run_ = temporary_.path() / "run";
};

TEST_F(TrainingTest, CurvesAreWhatTheRunsWriterWrote) {
  std::filesystem::remove(run_ / "spec.json");
  std::filesystem::remove(run_ / "graph");
  const results::RunDir dir(run_);
  dir.create({{"id", "1"}});
  results::RunWriter writer(dir);
  writer.event(1, "train/nats", 2.5);
  writer.event(1, "train/lr", 1e-3);
  writer.event(2, "train/nats", std::nan(""));
  writer.event(3, "train/nats", -INFINITY);
  writer.timing({{"seconds", 1.5}, {"cpu_seconds", 3}});
  writer.flush();

  Training training((run_ / "graph").string());
  EXPECT_TRUE(training.follow(0));
  EXPECT_FALSE(training.follow(1));
  ASSERT_EQ(training.curves().size(), 2u);
  const Curve& nats = training.curves()[0];
  EXPECT_EQ(nats.name, "train/nats");
  EXPECT_EQ(nats.steps, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(nats.values[0], 2.5);
  EXPECT_TRUE(std::isnan(nats.values[1]));
  EXPECT_EQ(nats.values[2], -INFINITY);
  EXPECT_EQ(training.curve("train/lr")->values, std::vector<double>{1e-3});
  EXPECT_EQ(training.curve("loss"), nullptr);
  EXPECT_EQ(training.steps_a_second(), 2);
}

TEST_F(TrainingTest, ATornLineWaitsUntilItIsWhole) {
  Training training((run_ / "graph/").string());
  EXPECT_FALSE(training.follow(0));  // nothing was logged yet
  log("{\"step\":1,\"name\":\"a\",\"value\":1}\n{\"step\":2,\"na");
  EXPECT_TRUE(training.follow(1));
  EXPECT_FALSE(training.follow(2));
  EXPECT_EQ(training.curves()[0].values.size(), 1u);
  log("me\":\"a\",\"value\":4}\n");
  EXPECT_TRUE(training.follow(3));
  EXPECT_EQ(training.curves()[0].values, (std::vector<double>{1, 4}));
  EXPECT_EQ(training.bad_lines(), 0u);
  EXPECT_EQ(training.steps_a_second(), 0.5);  // from step 1, seen at 1, to step 2, seen at 3
}

TEST_F(TrainingTest, ARunThatGoesOnFromACheckpointIsReadAgain) {
  log("{\"step\":1,\"name\":\"a\",\"value\":1}\n{\"step\":2,\"name\":\"a\",\"value\":2}\n");
  Training training((run_ / "graph").string());
  training.follow(0);
  std::filesystem::resize_file(run_ / "events.jsonl", 33);
  EXPECT_TRUE(training.follow(1));
  EXPECT_EQ(training.curves()[0].values, std::vector<double>{1});
  EXPECT_EQ(training.last_step(), 1);
}

TEST_F(TrainingTest, LinesThatAreNoEventsAreCountedAndLeftOut) {
  log("nonsense\n{\"step\":1,\"name\":\"a\",\"value\":1}\n{\"step\":\"x\",\"name\":\"a\",\"value\":"
      "1}\n[1]\n");
  log("{\"seconds\":\n7\n", "timing.jsonl");
  Training training((run_ / "graph").string());
  EXPECT_TRUE(training.follow(0));
  EXPECT_EQ(training.bad_lines(), 3u);
  EXPECT_EQ(training.curves()[0].values.size(), 1u);
  EXPECT_EQ(training.seconds(), std::nullopt);
}

TEST_F(TrainingTest, ALookReadsNoMoreThanItsBudget) {
  std::string lines;
  constexpr int kLines = 60'000;
  for (int i = 0; i < kLines; ++i)
    lines += "{\"step\":" + std::to_string(i) + ",\"name\":\"a\",\"value\":1}\n";
  ASSERT_GT(lines.size(), Training::kBudgetBytes);
  log(lines);
  Training training((run_ / "graph").string());
  training.follow(0);
  EXPECT_LE(training.curves()[0].values.size(), Training::kBudgetBytes / 30);
  int looks = 1;
  while (training.follow(looks)) ++looks;
  EXPECT_EQ(training.curves()[0].values.size(), size_t{kLines});
  EXPECT_LE(static_cast<uint64_t>(looks), lines.size() / Training::kBudgetBytes + 2);
}

TEST_F(TrainingTest, AStoreOfNoRunHasNoCurves) {
  EXPECT_FALSE(Training((temporary_ / "thoughts").string()).has_run());
  std::filesystem::remove(run_ / "spec.json");
  EXPECT_FALSE(Training((run_ / "graph").string()).has_run());
  Training training((run_ / "graph").string());
  EXPECT_FALSE(training.follow(0));
}

TEST_F(TrainingTest, ADeletedRunKeepsItsCurves) {
  log("{\"step\":1,\"name\":\"a\",\"value\":1}\n");
  Training training((run_ / "graph").string());
  training.follow(0);
  std::filesystem::remove_all(run_);
  EXPECT_FALSE(training.follow(1));
  EXPECT_EQ(training.curves().size(), 1u);
}

}  // namespace
}  // namespace saggio::viz
