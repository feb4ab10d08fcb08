// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/store/run_dir.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

namespace fs = std::filesystem;

RunDir made(const fs::path& folder) {
  RunDir dir(folder);
  dir.create({{"seed", 1}});
  return dir;
}

void nothing(const fs::path&) {}

TEST(RunWriter, NeedsARun) {
  const TemporaryFolder folder;

  EXPECT_EQ(error_of([&] { RunWriter writer(RunDir(folder.path())); }),
            folder.path().string() + ": no run is here, spec.json is missing");
}

TEST(RunWriter, StartsFromNothingWithoutACheckpoint) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  RunWriter(dir).event(1, "a", 1);
  ASSERT_EQ(dir.events("a").size(), 1U);

  const RunWriter again(dir);

  EXPECT_FALSE(again.checkpoint());
  EXPECT_EQ(slurp(dir.folder() / "events.jsonl"), "");
}

TEST(RunWriter, ContinuesWhereTheCheckpointStood) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  {
    RunWriter writer(dir);
    writer.event(1, "a", 1);
    writer.save(1, [](const fs::path& to) { spill(to / "weights", "one"); });
    writer.event(2, "a", std::nan(""));
  }
  ASSERT_EQ(dir.events("a").size(), 2U);

  const RunWriter again(dir);

  ASSERT_TRUE(again.checkpoint());
  EXPECT_EQ(again.checkpoint()->step, 1);
  EXPECT_EQ(slurp(again.checkpoint()->folder / "weights"), "one");
  EXPECT_EQ(slurp(dir.folder() / "events.jsonl"), "{\"step\":1,\"name\":\"a\",\"value\":1}\n");
}

TEST(RunWriter, KeepsOnlyTheNewestCheckpoint) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  RunWriter writer(dir);

  for (const int64_t step : {0, 9, 10, 100}) writer.save(step, nothing);

  EXPECT_EQ(writer.checkpoint()->step, 100);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(dir.folder() / "checkpoint"))
    names.push_back(entry.path().filename());
  EXPECT_EQ(names, std::vector<std::string>{"100"});
}

TEST(RunWriter, TakesTheNewestOfSeveralCompleteCheckpointsByNumber) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  const fs::path checkpoints = dir.folder() / "checkpoint";
  for (const char* name : {"9", "100", "20", "300.tmp", "400", "word"})
    fs::create_directories(checkpoints / name);
  for (const char* name : {"9", "100", "20", "300.tmp"})
    spill(checkpoints / name / "position.json", R"({"events_bytes": 0})");

  const RunWriter writer(dir);

  EXPECT_EQ(writer.checkpoint()->folder, checkpoints / "100");
  EXPECT_EQ(std::distance(fs::directory_iterator(checkpoints), fs::directory_iterator()), 1);
}

TEST(RunWriter, SavesAStepOnceAndNeverAnEarlierOne) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  RunWriter writer(dir);
  writer.save(5, nothing);

  writer.save(5, [](const fs::path&) { FAIL() << "is there already"; });

  const std::string start = (dir.folder() / "checkpoint").string();
  EXPECT_EQ(error_of([&] { writer.save(4, nothing); }),
            start + ": checkpoint at step 4, allowed are steps from 5");
  EXPECT_EQ(
      error_of([&] { RunWriter(made(folder / "other")).save(-1, nothing); }),
      (folder / "other/checkpoint").string() + ": checkpoint at step -1, allowed are steps from 0");
}

TEST(RunWriter, AFailedCheckpointLeavesTheOneBefore) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  RunWriter writer(dir);
  writer.save(1, nothing);

  EXPECT_EQ(error_of([&] {
              writer.save(2, [](const fs::path&) { throw std::runtime_error("no weights"); });
            }),
            "no weights");
  EXPECT_NE(error_of([&] {
              writer.save(2, [](const fs::path& to) { spill(to / "position.json", ""); });
            }).find("may not use"),
            std::string::npos);

  EXPECT_EQ(writer.checkpoint()->step, 1);
  EXPECT_FALSE(fs::exists(dir.folder() / "checkpoint/2.tmp"));
  EXPECT_TRUE(fs::exists(dir.folder() / "checkpoint/1/position.json"));
}

TEST(RunWriter, GoesOnWithAStoppedRunAndNeverWithAResult) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  Record record;
  for (const Outcome outcome : {Outcome::kStopped, Outcome::kFailed}) {
    record.outcome = outcome;
    dir.commit(record);

    const RunWriter writer(dir);

    EXPECT_FALSE(dir.committed());
  }
  for (const Outcome outcome :
       {Outcome::kFinished, Outcome::kDiverged, Outcome::kBudgetExhausted}) {
    record.outcome = outcome;
    dir.commit(record);

    EXPECT_EQ(error_of([&] { RunWriter writer(dir); }),
              dir.folder().string() + ": this run has its result (" + std::string(name(outcome)) +
                  "); remove its folder to run it again");
    EXPECT_TRUE(dir.committed());
  }
}

TEST(RunWriter, KeepsClocksOfEarlierAttemptsWithoutTheTornLine) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  spill(dir.folder() / "timing.jsonl", "{\"seconds\":1}\n{\"sec");

  RunWriter(dir).timing({{"seconds", 2}});

  EXPECT_EQ(slurp(dir.folder() / "timing.jsonl"), "{\"seconds\":1}\n{\"seconds\":2}\n");
}

TEST(RunWriter, WritesLongRunsOfEventsBeforeItIsAsked) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  RunWriter writer(dir);
  for (int i = 0; i < 10'000; ++i) writer.event(i, "a", 1. / 3);

  EXPECT_GT(fs::file_size(dir.folder() / "events.jsonl"), 300'000U);
  EXPECT_LT(dir.events("a").size(), 10'000U);
  writer.flush();
  EXPECT_EQ(dir.events("a").size(), 10'000U);
}

// The limit on file size stands for a full disk: the write stops in the middle of a line.
TEST(RunWriter, AFlushThatStopsShortLeavesWholeLinesAndMayBeRepeated) {
  const TemporaryFolder folder;
  const RunDir dir = made(folder / "run");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{100, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    RunWriter writer(dir);
    for (int i = 0; i < 10; ++i) writer.event(i, "a", i);
    const bool failed =
        error_of([&] { writer.flush(); }).ends_with("events.jsonl: cannot write: File too large");
    const bool clean = fs::file_size(dir.folder() / "events.jsonl") == 0;
    limit.rlim_cur = RLIM_INFINITY;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    writer.flush();
    ::_exit(failed && clean ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(dir.events("a").size(), 10U);
}

}  // namespace
}  // namespace saggio::results
