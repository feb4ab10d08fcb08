// SPDX-License-Identifier: MIT
#include "results/store/run_dir.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "results/store/record_json.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const Json kSpec = {{"module", "toy 1"}, {"seed", 3}, {"config", {{"width", 64}, {"rate", .1}}}};

TEST(RunDir, HoldsItsSpec) {
  const TemporaryFolder folder;
  const RunDir dir(folder / "study/run");
  EXPECT_FALSE(dir.exists());

  dir.create(kSpec);
  dir.create(kSpec);

  EXPECT_TRUE(dir.exists());
  EXPECT_EQ(dir.spec(), kSpec);
}

TEST(RunDir, RefusesAnotherSpecAndSaysWhereItDiffers) {
  const TemporaryFolder folder;
  const RunDir dir(folder / "run");
  dir.create(kSpec);
  Json other = kSpec;
  other["config"]["width"] = 32;
  Json more = kSpec;
  more["config"]["depth"] = 2;

  const std::string start =
      (folder / "run/spec.json").string() + ": another run is there already: ";
  EXPECT_EQ(error_of([&] { dir.create(other); }), start + "/config/width is 64 there, 32 here");
  EXPECT_EQ(error_of([&] { dir.create(more); }), start + "/config/depth is absent there, 2 here");
  EXPECT_EQ(dir.spec(), kSpec);
}

TEST(RunDir, ASpecOfTheSameIdIsBroughtUpToDate) {
  const TemporaryFolder folder;
  const RunDir dir(folder / "run");
  const Json before = {{"id", "a1"}, {"label", "wide"}};
  const Json after = {{"id", "a1"}, {"label", "broad"}, {"keep", false}};
  dir.create(before);

  dir.create(after);

  EXPECT_EQ(dir.spec(), after);
  EXPECT_NE(error_of([&] { dir.create({{"id", "b2"}, {"label", "broad"}, {"keep", false}}); }), "");
}

TEST(RunDir, RefusesAFolderOfSomebodyElse) {
  const TemporaryFolder folder;
  spill(folder / "thesis.tex", "");

  EXPECT_EQ(error_of([&] { RunDir(folder.path()).create(kSpec); }),
            folder.path().string() +
                ": holds 'thesis.tex' and no spec.json, so it is not a run; move it away");
}

TEST(RunDir, TakesAFolderInWhichACreationDied) {
  const TemporaryFolder folder;
  const std::string text = pretty(kSpec);
  for (size_t length = 0; length <= text.size(); ++length) {
    const fs::path run = folder / std::to_string(length);
    fs::create_directory(run);
    spill(run / "spec.json.tmp", text.substr(0, length));
    spill(run / "lease", "");

    RunDir(run).create(kSpec);

    EXPECT_EQ(slurp(run / "spec.json"), text);
    EXPECT_FALSE(fs::exists(run / "spec.json.tmp"));
  }
}

TEST(RunDir, IsCommittedByItsRecord) {
  const TemporaryFolder folder;
  const RunDir dir(folder / "run");
  dir.create(kSpec);
  EXPECT_FALSE(dir.committed());
  EXPECT_EQ(dir.record(), std::nullopt);
  Record record;
  record.metrics["loss"] = .1;

  dir.commit(record);

  EXPECT_TRUE(dir.committed());
  EXPECT_EQ(dir.record()->metrics, record.metrics);
}

TEST(RunDir, NamesADamagedRecord) {
  const TemporaryFolder folder;
  const RunDir dir(folder / "run");
  dir.create(kSpec);
  spill(dir.folder() / "done.json", "{}");

  EXPECT_EQ(error_of([&] { dir.record(); }),
            (dir.folder() / "done.json").string() +
                ": a record lacks 'outcome'; remove this file and run again");
}

TEST(RunDir, GivesItsEnvironmentAndNamesADamagedOne) {
  const TemporaryFolder folder;
  const RunDir dir(folder.path());
  EXPECT_TRUE(dir.environment().is_null());
  spill(folder / "env.json", R"({"code_id": "c0de"})");
  EXPECT_EQ(dir.environment()["code_id"], "c0de");
  spill(folder / "env.json", "{");

  const std::string error = error_of([&] { dir.environment(); });

  EXPECT_TRUE(
      error.starts_with((folder / "env.json").string() + ": not JSON: parse error at column 2"))
      << error;
}

TEST(RunDir, RemovedIsGone) {
  const TemporaryFolder folder;
  const RunDir dir(folder / "run");
  dir.create(kSpec);
  dir.commit(Record());

  dir.remove();
  dir.remove();

  EXPECT_FALSE(fs::exists(dir.folder()));
}

TEST(RunDir, ReadsItsEventsByName) {
  const TemporaryFolder folder;
  const RunDir dir(folder / "run");
  dir.create(kSpec);
  EXPECT_TRUE(dir.events("loss").empty());
  EXPECT_TRUE(dir.event_names().empty());
  {
    RunWriter writer(dir);
    writer.event(1, "loss", .5);
    writer.event(1, "gain", 2);
    writer.event(2, "loss", .25);
  }

  const std::vector<Point> points = dir.events("loss");

  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[1].step, 2);
  EXPECT_EQ(points[1].value, .25);
  EXPECT_EQ(dir.event_names(), (std::vector<std::string>{"loss", "gain"}));
}

TEST(RunDir, ShowsTheLastLinesOfItsLog) {
  const TemporaryFolder folder;
  const RunDir dir(folder.path());
  EXPECT_EQ(dir.log_tail(2), "");
  spill(folder / "log.txt", "one\ntwo\nthree\n");

  EXPECT_EQ(dir.log_tail(0), "");
  EXPECT_EQ(dir.log_tail(1), "three\n");
  EXPECT_EQ(dir.log_tail(2), "two\nthree\n");
  EXPECT_EQ(dir.log_tail(9), "one\ntwo\nthree\n");
  spill(folder / "log.txt", "one\ntwo");
  EXPECT_EQ(dir.log_tail(1), "two");
}

}  // namespace
}  // namespace saggio::results
