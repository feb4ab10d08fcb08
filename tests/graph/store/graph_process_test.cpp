// SPDX-License-Identifier: MIT
// Real processes on real files: writers that are killed, a reader beside a writer; and many random
// histories.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

#include "graph/store/store.h"
#include "results/random.h"
#include "tests/graph/store/random_history.h"
#include "tests/graph/store/simulated_files.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::graph {
namespace {

using results::TemporaryFolder;

constexpr int kGroups = 100000;  // more than any writer gets to before it is killed

void change_and_commit(RandomHistory& history, results::Stream& stream, Store& store) {
  for (uint64_t i = stream.below(4); i < 4; ++i) history.change(store);
  history.commit(store, stream.below(4) ? Durability::Visible : Durability::Durable);
}

// Never returns: commits until it is killed, and tells each version through the pipe once it is
// acknowledged.
[[noreturn]] void write_until_killed(const std::string& folder, uint64_t seed, int acknowledge) {
  auto files = real_files();
  Store store = Store::open(folder, small_options(*files));
  RandomHistory history(seed);
  results::Stream stream(seed + 1);
  for (int group = 0; group < kGroups; ++group) {
    change_and_commit(history, stream, store);
    const Version version = store.history().head();
    if (::write(acknowledge, &version, sizeof(version)) != sizeof(version)) break;
  }
  ::_exit(1);
}

// The last version that the writer told before it was killed.
Version write_and_kill(const std::string& folder, uint64_t seed, std::chrono::microseconds after) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) write_until_killed(folder, seed, pipe[1]);
  ::close(pipe[1]);
  Version version = 0, last = 0;
  if (::read(pipe[0], &version, sizeof(version)) == sizeof(version)) last = version;
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (::read(pipe[0], &version, sizeof(version)) == sizeof(version)) last = version;
  ::close(pipe[0]);
  return last;
}

// The oracle of what a killed writer did up to `head`.
std::vector<PlainGraph> replay(uint64_t seed, Version head) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  RandomHistory history(seed);
  results::Stream stream(seed + 1);
  while (store.history().head() < head) change_and_commit(history, stream, store);
  return history.versions;
}

TEST(Kill, LosesNoVersionThatWasAcknowledged) {
  results::Stream stream(9);
  uint64_t acknowledged = 0, torn = 0;
  for (uint64_t kill = 0; kill < 200; ++kill) {
    const TemporaryFolder folder;
    const std::string path = folder / "s";

    const Version last = write_and_kill(path, kill, std::chrono::microseconds(stream.below(20000)));

    auto files = real_files();
    Store store = Store::open(path, small_options(*files));
    const Version head = store.history().head();
    ASSERT_GE(head, last) << "kill " << kill;
    ASSERT_EQ(difference(store.history(), replay(kill, head)[head], {}), "") << "kill " << kill;
    Reader::open(path, files.get()).check_payload();
    acknowledged += last;
    torn += store.dropped_bytes() > 0;
  }
  EXPECT_GT(acknowledged, 200u);
  std::printf("%llu versions acknowledged, %llu logs torn\n",
              static_cast<unsigned long long>(acknowledged),
              static_cast<unsigned long long>(torn));
}

// Writes `groups` groups of 100 records each, no faster than 10,000 records in a second.
[[noreturn]] void write_steadily(const std::string& folder, int groups) {
  Store store = Store::open(folder);
  const auto begin = std::chrono::steady_clock::now();
  for (int group = 0; group < groups; ++group) {
    for (int i = 0; i < 100; ++i) store.add_node(NodeKind::Step, {.weight = float(group)});
    store.commit(group % 10 ? Durability::Visible : Durability::Durable);
    std::this_thread::sleep_until(begin + std::chrono::milliseconds(10) * (group + 1));
  }
  ::_exit(0);
}

TEST(Follow, AReaderProcessSeesEveryVersionOfAWriterInOrderAndNoneTwice) {
  const TemporaryFolder folder;
  const std::string path = folder / "s";
  constexpr Version kVersions = 6000;  // a minute
  const pid_t child = ::fork();
  if (child == 0) write_steadily(path, kVersions);
  while (!read_identity(*real_files(), path))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));

  Reader reader = Reader::open(path);
  Version seen = reader.history().head();
  uint64_t polls_with_news = 0;
  while (seen < kVersions) {
    const Reader::News news = reader.poll();
    ASSERT_FALSE(news.reset);
    for (const Commit& commit : news.commits) ASSERT_EQ(commit.version, ++seen);
    polls_with_news += !news.commits.empty();
    ASSERT_EQ(reader.history().node_count(), 100 * seen);
    if (::waitpid(child, nullptr, WNOHANG) == child) break;
  }
  for (const Commit& commit : reader.poll().commits) ASSERT_EQ(commit.version, ++seen);

  EXPECT_EQ(seen, kVersions);
  EXPECT_GT(polls_with_news, 10u);
  ::waitpid(child, nullptr, 0);
}

TEST(History, AnswersAsTheOracleOnBothClocksInAThousandHistories) {
  for (uint64_t seed = 1000; seed < 2000; ++seed)
    ASSERT_EQ(compare_random_history(seed), "") << "seed " << seed;
}

}  // namespace
}  // namespace saggio::graph
