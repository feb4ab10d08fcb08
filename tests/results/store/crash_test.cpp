// SPDX-License-Identifier: MIT
// A run is committed or absent, whatever kills it and wherever. The model is a small run whose state is its step and one
// number; every broken run, continued, must leave the bytes of the run that nobody broke.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "results/random.h"
#include "results/store/run_dir.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::results {
namespace {

namespace fs = std::filesystem;

struct Model {
  int64_t steps = 40, every = 10;

  // Trains to the end from wherever the folder stands.
  void run(const RunDir& dir) const {
    dir.create({{"seed", 1}});
    RunWriter writer(dir);
    int64_t step = 0;
    double x = .5;
    if (const auto checkpoint = writer.checkpoint()) {
      step = checkpoint->step;
      x = std::stod(slurp(checkpoint->folder / "weights"));
    }
    while (step < steps) {
      x = 3.9 * x * (1 - x);  // the logistic map: one wrong bit shows at once
      writer.event(++step, "x", x);
      if (step % 7 == 0) writer.event(step, "not a number", std::nan(""));
      if (step % every == 0)
        writer.save(step, [&](const fs::path& to) { spill(to / "weights", std::to_string(x)); });
      if (step % every == 0) x = std::stod(std::to_string(x));  // what the checkpoint holds
      if (step % 3 == 0) writer.flush();
    }
    writer.flush();
    Record record;
    record.metrics["x"] = x;
    dir.commit(record);
  }
};

struct Remains {
  std::string events, done;
  explicit Remains(const RunDir& dir)
      : events(slurp(dir.folder() / "events.jsonl")), done(slurp(dir.folder() / "done.json")) {}
  bool operator==(const Remains&) const = default;
};

// Finishes a broken run and compares it with the whole one.
void expect_recovers(const Model& model,
                     const RunDir& broken,
                     const Remains& whole,
                     const std::string& where) {
  ASSERT_EQ(error_of([&] { model.run(broken); }), "") << where;
  EXPECT_EQ(Remains(broken), whole) << where;
  for (const auto& entry : fs::recursive_directory_iterator(broken.folder()))
    EXPECT_NE(entry.path().extension(), ".tmp") << where << ": " << entry.path();
}

// Starts the model in a child and kills it after `delay`; false if it was done before.
bool killed_after(std::chrono::microseconds delay, const Model& model, const RunDir& dir) {
  const pid_t child = ::fork();
  if (child == 0) {
    model.run(dir);
    ::_exit(0);
  }
  std::this_thread::sleep_for(delay);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

TEST(Crash, KilledAtRandomMomentsTheRunEndsWithTheSameBytes) {
  const TemporaryFolder folder;
  const Model model;
  const RunDir whole(folder / "whole"), broken(folder / "broken");
  model.run(whole);
  const Remains expected(whole);
  Stream stream(1);
  uint64_t most_us = 20'000;  // found by itself: halved when the run was faster

  int kills = 0;
  for (int round = 0; kills < 40; ++round) {
    ASSERT_LT(round, 1000) << "the kills come too late";
    broken.remove();
    for (int attempt = 0; attempt < 3 && !broken.committed(); ++attempt) {
      const bool killed =
          killed_after(std::chrono::microseconds(stream.below(most_us)), model, broken);
      kills += killed;
      most_us = killed ? most_us + most_us / 8 + 1 : most_us / 2 + 1;
    }
    if (!broken.committed()) expect_recovers(model, broken, expected, std::to_string(round));
    EXPECT_EQ(Remains(broken), expected) << "committed, so complete: round " << round;
  }
}

// Acts in a child that is killed as it enters the kernel for the n-th time. False if it ended
// before; nullopt if this machine does not let us trace.
std::optional<bool> killed_at(int n, const std::function<void()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(9);
    ::raise(SIGSTOP);
    act();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSTOPPED(status)) return std::nullopt;
  for (int stop = 0; stop < 2 * n - 1; ++stop) {  // it stops on its way in and on its way out
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    ::waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return false;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return true;
}

// What is on the disk changes in system calls only, so this is every moment there is, but for
// writes that stop half-way; those are below. Returns the number of moments, 0 if it cannot trace.
int kill_everywhere(const fs::path& folder,
                    const Model& model,
                    const RunDir& source,
                    const std::function<void(const RunDir&)>& act) {
  const RunDir whole(folder / "whole"), broken(folder / "broken");
  model.run(whole);
  const Remains expected(whole);
  for (int moment = 1;; ++moment) {
    broken.remove();
    fs::create_directory(broken.folder());
    if (source.exists()) fs::copy(source.folder(), broken.folder(), fs::copy_options::recursive);
    const auto killed = killed_at(moment, [&] { act(broken); });
    if (!killed) return 0;
    if (broken.committed() && broken.record()->outcome == Outcome::kFinished) {
      EXPECT_EQ(Remains(broken), expected) << "committed, so complete: moment " << moment;
    } else {
      expect_recovers(model, broken, expected, "moment " + std::to_string(moment));
    }
    if (!*killed) return moment;
  }
}

TEST(Crash, KilledBeforeAnySystemCallTheRunEndsWithTheSameBytes) {
  const TemporaryFolder folder;
  const Model model{.steps = 3, .every = 2};

  const int moments = kill_everywhere(
      folder.path(), model, RunDir(folder / "none"), [&](const RunDir& dir) { model.run(dir); });

  if (moments == 0) GTEST_SKIP() << "may not trace a process here";
  RecordProperty("moments", moments);
  EXPECT_GT(moments, 60);
}

TEST(Crash, KilledBeforeAnySystemCallOfItsContinuationTheRunEndsWithTheSameBytes) {
  const TemporaryFolder folder;
  const RunDir stopped(folder / "stopped");
  Model{.steps = 3, .every = 2}.run(stopped);
  Record record;
  record.outcome = Outcome::kStopped;
  stopped.commit(record);
  fs::create_directories(stopped.folder() / "checkpoint/4.tmp");
  spill(stopped.folder() / "checkpoint/4.tmp/weights", "0.");
  spill(stopped.folder() / "done.json.tmp", "{");

  const Model model{.steps = 5, .every = 2};
  const int moments =
      kill_everywhere(folder.path(), model, stopped, [&](const RunDir& dir) { model.run(dir); });

  if (moments == 0) GTEST_SKIP() << "may not trace a process here";
  RecordProperty("moments", moments);
  EXPECT_GT(moments, 60);
}

TEST(Crash, KilledBeforeAnySystemCallOfItsRemovalTheRunEndsWithTheSameBytes) {
  const TemporaryFolder folder;
  const Model model{.steps = 5, .every = 2};
  const RunDir source(folder / "source");
  model.run(source);

  const int moments =
      kill_everywhere(folder.path(), model, source, [](const RunDir& dir) { dir.remove(); });

  if (moments == 0) GTEST_SKIP() << "may not trace a process here";
  RecordProperty("moments", moments);
  EXPECT_GT(moments, 20);
}

// A run with one checkpoint in its middle and events behind it, not committed.
RunDir half_done(const fs::path& folder) {
  RunDir dir(folder);
  Model{.steps = 14, .every = 10}.run(dir);
  fs::remove(dir.folder() / "done.json");
  return dir;
}

class Torn : public testing::Test {
 protected:
  Torn()
      : whole_((model_.run(RunDir(folder_ / "whole")), RunDir(folder_ / "whole"))),
        source_(half_done(folder_ / "half")) {}

  // A copy of the half-done run, broken by `damage`, must recover.
  void expect_recovery(const std::string& where,
                       const std::function<void(const fs::path&)>& damage) {
    const RunDir broken(folder_ / "broken");
    broken.remove();
    fs::copy(source_.folder(), broken.folder(), fs::copy_options::recursive);
    damage(broken.folder());
    EXPECT_FALSE(broken.committed()) << where;
    EXPECT_EQ(error_of([&] { broken.events("x"); }), "") << where << ": readers tolerate it";
    expect_recovers(model_, broken, whole_, where);
  }

  const TemporaryFolder folder_;
  const Model model_{.steps = 16, .every = 10};
  const Remains whole_;
  const RunDir source_;
};

TEST_F(Torn, EventsAtEveryByteAreMadeGood) {
  const auto bytes = fs::file_size(source_.folder() / "events.jsonl");
  for (uintmax_t length = 0; length <= bytes; ++length)
    expect_recovery("events.jsonl of " + std::to_string(length) + " bytes",
                    [&](const fs::path& run) { fs::resize_file(run / "events.jsonl", length); });
}

TEST_F(Torn, ARecordAtEveryByteOfItsTemporaryFileIsNoRecord) {
  for (size_t length = 0; length <= whole_.done.size(); ++length)
    expect_recovery(
        "done.json.tmp of " + std::to_string(length) + " bytes",
        [&](const fs::path& run) { spill(run / "done.json.tmp", whole_.done.substr(0, length)); });
}

// The write sequence of a checkpoint: its files, then position.json, then the rename, then the
// removal of the older.
TEST_F(Torn, ACheckpointAtEveryByteOfItsWritingIsNoCheckpoint) {
  const std::string state = slurp(source_.folder() / "checkpoint/10/position.json");
  for (size_t length = 0; length <= state.size(); ++length)
    expect_recovery("position.json of " + std::to_string(length) + " bytes",
                    [&](const fs::path& run) {
                      fs::create_directory(run / "checkpoint/14.tmp");
                      spill(run / "checkpoint/14.tmp/weights", "0.");
                      spill(run / "checkpoint/14.tmp/position.json", state.substr(0, length));
                    });
}

TEST_F(Torn, AnOlderCheckpointHalfRemovedIsIgnored) {
  expect_recovery("an older one without its weights", [&](const fs::path& run) {
    fs::create_directory(run / "checkpoint/5");
    spill(run / "checkpoint/5/position.json", "{\"events_bytes\": 0, \"step\": 5}\n");
  });
  expect_recovery("an older one without its state", [&](const fs::path& run) {
    fs::create_directory(run / "checkpoint/5");
    spill(run / "checkpoint/5/weights", "0.5");
  });
}

TEST_F(Torn, ACheckpointBeforeItsFolderOrWithoutOneStartsAnew) {
  expect_recovery("no checkpoint", [](const fs::path& run) { fs::remove_all(run / "checkpoint"); });
  expect_recovery("an empty folder", [](const fs::path& run) {
    fs::remove_all(run / "checkpoint");
    fs::create_directory(run / "checkpoint");
  });
}

}  // namespace
}  // namespace saggio::results
