// SPDX-License-Identifier: MIT
#include "results/store/index.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "results/store/hash.h"
#include "results/store/record_json.h"
#include "results/store/run_dir.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class IndexOf : public testing::Test {
 protected:
  RunDir add(const std::string& id,
             uint64_t seed,
             Outcome outcome,
             double seconds,
             const std::string& study = "first") const {
    RunDir dir(folder_ / "runs" / study / id);
    dir.create({{"module", "toy"},
                {"version", "1"},
                {"seed", seed},
                {"threads", 1},
                {"device", "cpu"},
                {"config", {{"width", 64}}}});
    spill(dir.folder() / "env.json", R"({"code_id": "c0de", "label": "full"})");
    commit(dir, outcome, seconds);
    return dir;
  }

  static void commit(const RunDir& dir, Outcome outcome, double seconds) {
    Record record;
    record.outcome = outcome;
    record.metrics["loss"] = .1;
    record.ledger.set("", "seconds", seconds);
    dir.commit(record);
  }

  std::vector<std::string> ids(Index& index) const {
    std::vector<std::string> ids;
    for (const RunRow& run : index.runs(study_)) ids.push_back(run.id);
    return ids;
  }

  const TemporaryFolder folder_;
  const fs::path study_ = folder_ / "runs/first", file_ = folder_ / "runs/index.db";
};

TEST_F(IndexOf, AStudyGivesItsRuns) {
  add("b", UINT64_MAX, Outcome::kDiverged, 2);
  add("a", 3, Outcome::kFinished, 1);
  RunDir(study_ / "c").create({{"seed", 1}});
  fs::create_directory(study_ / "patches");
  spill(study_ / "notes.txt", "");
  Index index(file_);

  const auto [committed, uncommitted, read, removed] = index.refresh(study_);

  EXPECT_EQ(committed, 2);
  EXPECT_EQ(uncommitted, 1);
  EXPECT_EQ(read, 2);
  EXPECT_EQ(removed, 0);
  const std::vector<RunRow> runs = index.runs(study_);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].id, "a");
  EXPECT_EQ(runs[0].seed, 3U);
  EXPECT_EQ(runs[0].code_id, "c0de");
  EXPECT_EQ(runs[0].label, "full");
  EXPECT_EQ(runs[0].folder, study_ / "a");
  EXPECT_EQ(runs[0].record().metrics.at("loss"), .1);
  EXPECT_EQ(runs[1].seed, UINT64_MAX);
  EXPECT_EQ(runs[1].record().outcome, Outcome::kDiverged);
  EXPECT_EQ(index.counts(study_),
            (std::map<Outcome, int64_t>{{Outcome::kFinished, 1}, {Outcome::kDiverged, 1}}));
}

TEST_F(IndexOf, AStudyFollowsItsChanges) {
  const RunDir a = add("a", 1, Outcome::kFinished, 1), b = add("b", 2, Outcome::kStopped, 1);
  Index index(file_);
  index.refresh(study_);
  EXPECT_EQ(index.refresh(study_).read, 0);

  a.remove();
  commit(b, Outcome::kFinished, 7);
  add("c", 3, Outcome::kFinished, 1);
  const auto refreshed = index.refresh(study_);

  EXPECT_EQ(refreshed.read, 2);
  EXPECT_EQ(refreshed.removed, 1);
  EXPECT_EQ(ids(index), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(index.runs(study_)[0].record().ledger.total("seconds"), 7);
}

TEST_F(IndexOf, AStudyIsStillThereNextTimeAndInAnotherPlace) {
  add("a", 1, Outcome::kFinished, 1);
  Index(file_).refresh(study_);
  fs::rename(folder_ / "runs", folder_ / "moved");

  Index index(folder_ / "moved/index.db");

  EXPECT_EQ(index.runs(folder_ / "moved/first").size(), 1U);
  EXPECT_EQ(index.refresh(folder_ / "moved/first").read, 0);
  EXPECT_EQ(index.runs(folder_ / "moved/first")[0].folder, folder_ / "moved/first/a");
}

TEST_F(IndexOf, StudiesAreKeptApart) {
  add("a", 1, Outcome::kFinished, 1);
  add("a", 2, Outcome::kFinished, 1, "second");
  Index index(file_);

  index.refresh(study_);
  index.refresh(folder_ / "runs/second");
  index.refresh(study_);

  EXPECT_EQ(index.runs(study_).at(0).seed, 1U);
  EXPECT_EQ(index.runs(folder_ / "runs/second").at(0).seed, 2U);
}

TEST_F(IndexOf, NothingIsEmpty) {
  Index index(file_);

  EXPECT_EQ(index.refresh(study_).committed, 0);
  EXPECT_TRUE(index.runs(study_).empty());
  EXPECT_TRUE(index.counts(study_).empty());
}

TEST_F(IndexOf, NamesARunThatIsDamaged) {
  const RunDir dir = add("a", 1, Outcome::kFinished, 1);
  spill(dir.folder() / "done.json", "{}");
  Index index(file_);

  EXPECT_EQ(error_of([&] { index.refresh(study_); }),
            (dir.folder() / "done.json").string() +
                ": a record lacks 'outcome'; remove this file and run again");
}

TEST_F(IndexOf, RunsKnowsWhatTheyTake) {
  Index index(file_);
  const Json spec = add("a", 1, Outcome::kFinished, 1).spec();
  index.refresh(study_);
  EXPECT_EQ(index.median_seconds(spec), 1);
  add("b", 2, Outcome::kFinished, 100);
  add("c", 3, Outcome::kStopped, .01);
  add("d", 4, Outcome::kFinished, 3, "second");
  index.refresh(study_);
  EXPECT_EQ(index.median_seconds(spec), 50.5);
  index.refresh(folder_ / "runs/second");
  EXPECT_EQ(index.median_seconds(spec), 3);

  for (const char* key : {"module", "version", "config", "threads", "device"}) {
    Json other = spec;
    other[key] = "other";
    EXPECT_EQ(index.median_seconds(other), std::nullopt) << key;
  }
}

TEST_F(IndexOf, AnswersAreKept) {
  {
    Index index(file_);
    EXPECT_EQ(index.cached("key"), std::nullopt);
    index.cache("key", "old");
    index.cache("key", std::string("new\0text", 8));
  }

  EXPECT_EQ(Index(file_).cached("key"), std::string("new\0text", 8));
}

TEST_F(IndexOf, FilesAreHashedAgainOnlyWhenTheyChange) {
  Index index(file_);
  const fs::path data = folder_ / "data";
  spill(data, "one");
  const auto long_ago = fs::last_write_time(data) - std::chrono::hours(1);
  fs::last_write_time(data, long_ago);
  EXPECT_EQ(index.file_hash(data), sha256("one"));

  spill(data, "two");  // the same inode, size and time: only then is the old answer given
  fs::last_write_time(data, long_ago);
  EXPECT_EQ(index.file_hash(data), sha256("one"));

  fs::last_write_time(data, long_ago + std::chrono::nanoseconds(1));
  EXPECT_EQ(index.file_hash(data), sha256("two"));
}

TEST_F(IndexOf, AFileThatWasJustWrittenIsHashedEveryTime) {
  Index index(file_);
  const fs::path data = folder_ / "data";
  spill(data, "one");
  const auto now = fs::last_write_time(data);
  EXPECT_EQ(index.file_hash(data), sha256("one"));

  spill(data, "two");
  fs::last_write_time(data, now);

  EXPECT_EQ(index.file_hash(data), sha256("two"));
}

TEST_F(IndexOf, ADamagedFileIsMadeAgain) {
  for (int i = 0; i < 60; ++i) add("run" + std::to_string(i), i, Outcome::kFinished, 1);
  std::vector<std::string> expected;
  {
    Index index(file_);
    index.refresh(study_);
    expected = ids(index);
  }
  const std::string whole = slurp(file_);
  ASSERT_GT(whole.size(), 20'000U);
  std::vector<std::string> damaged = {
      "", "no database at all", std::string(10'000, 'x'), std::string(whole.size(), '\0')};
  for (size_t bytes = 1; bytes < whole.size(); bytes += 1021) {
    damaged.push_back(whole.substr(0, bytes));
    damaged.push_back(whole.substr(0, bytes) + std::string(whole.size() - bytes, '\xff'));
  }

  for (const std::string& text : damaged) {
    spill(file_, text);
    Index index(file_);
    EXPECT_EQ(index.refresh(study_).committed, 60);
    EXPECT_EQ(ids(index), expected);
    EXPECT_FALSE(index.in_memory());
  }
}

TEST_F(IndexOf, DamageThatShowsLateIsRepairedWithTheRuns) {
  for (int i = 0; i < 60; ++i) add("run" + std::to_string(i), i, Outcome::kFinished, 1);
  Index(file_).refresh(study_);
  const auto bytes = fs::file_size(file_);
  fs::resize_file(file_, 4096);  // the first page is whole: it opens
  fs::resize_file(file_, bytes);

  Index index(file_);

  EXPECT_EQ(index.runs(study_).size(), 60U) << "without a refresh";
}

TEST_F(IndexOf, AnotherVersionIsMadeAgain) {
  add("a", 1, Outcome::kFinished, 1);
  Index(file_).refresh(study_);
  std::string text = slurp(file_);
  text[63] = 9;  // the last byte of user_version in the header of the file
  spill(file_, text);

  Index index(file_);

  EXPECT_TRUE(index.runs(study_).empty());
  EXPECT_EQ(index.refresh(study_).read, 1);
}

TEST_F(IndexOf, AReadOnlyPlaceIsServedFromMemory) {
  add("a", 1, Outcome::kFinished, 1);

  Index nowhere("/proc/no/such/index.db");
  EXPECT_TRUE(nowhere.in_memory());
  nowhere.refresh(study_);
  EXPECT_EQ(nowhere.runs(study_).size(), 1U);

  Index(file_).refresh(study_);
  add("b", 2, Outcome::kFinished, 1);
  const auto reading = fs::perms{0555}, all = fs::perms{0755};
  fs::permissions(folder_.path(), all);
  fs::permissions(folder_ / "runs", reading);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::seteuid(65534) != 0) ::_exit(2);  // root may write anywhere
    Index index(file_);
    index.refresh(study_);
    ::_exit(index.in_memory() && index.runs(study_).size() == 2 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  fs::permissions(folder_ / "runs", all);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST_F(IndexOf, ManyProcessesUseOneFile) {
  std::vector<pid_t> children;
  for (int process = 0; process < 4; ++process) {
    children.push_back(::fork());
    if (children.back() != 0) continue;
    Index index(file_);
    for (int i = 0; i < 20; ++i) {
      add(std::to_string(process) + "-" + std::to_string(i), i, Outcome::kFinished, 1);
      index.refresh(study_);
      index.cache(std::to_string(process), std::to_string(i));
    }
    ::_exit(index.in_memory() ? 1 : 0);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }

  Index index(file_);

  EXPECT_EQ(index.refresh(study_).read, 0);
  EXPECT_EQ(index.runs(study_).size(), 80U);
  EXPECT_EQ(index.cached("3"), "19");
}

}  // namespace
}  // namespace saggio::results
