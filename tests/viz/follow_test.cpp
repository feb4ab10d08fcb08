// SPDX-License-Identifier: MIT
// A writer in a process of its own, and a viewer that looks on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/results/store/temporary_folder.h"
#include "tests/viz/measured.h"
#include "viz/session.h"

namespace saggio::viz {
namespace {

using Clock = std::chrono::steady_clock;
using graph::NodeKind;
using std::chrono::duration;
using std::chrono::milliseconds;

constexpr int kEventsASecond = 1000, kEventsACommit = 20;

// SAGGIO_FOLLOW_SECONDS, for the long run that is labelled slow.
int seconds_of_test() {
  const char* asked = ::getenv("SAGGIO_FOLLOW_SECONDS");
  return asked ? std::atoi(asked) : 3;
}

double cpu_ms() { return time_ms(CLOCK_THREAD_CPUTIME_ID); }

// A third nodes, two thirds edges to earlier ones; rest(commit) after each commit.
void write_commits(const std::string& folder, int commits, const std::function<void(int)>& rest) {
  graph::Store store = graph::Store::open(folder);
  const graph::TypeId derives = store.type("derives");
  graph::NodeId nodes = store.history().node_count();
  for (int commit = 0; commit < commits; ++commit) {
    for (int event = 0; event < kEventsACommit; ++event) {
      if (event % 3 == 0)
        nodes = 1 + store.add_node(NodeKind::Step, {.text = std::to_string(nodes)});
      else
        store.add_edge(nodes - 1, derives, (nodes - 1) * static_cast<uint64_t>(event) / 20);
    }
    store.commit(graph::Durability::Visible);
    rest(commit);
  }
}

// Seconds that it took.
double write_events(const std::string& folder, int seconds) {
  const auto begin = Clock::now();
  write_commits(folder, seconds * kEventsASecond / kEventsACommit, [&](int commit) {
    std::this_thread::sleep_until(begin + milliseconds(1000 * kEventsACommit / kEventsASecond) *
                                              (commit + 1));
  });
  return duration<double>(Clock::now() - begin).count();
}

// Another process that does `work` and ends.
pid_t forked(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  work();
  ::_exit(0);
}

class FollowTest : public testing::Test {
 protected:
  FollowTest() {
    graph::Store store = graph::Store::open(folder_);
    store.add_node(NodeKind::Question, {.text = "Why?"});
    store.commit(graph::Durability::Visible);
  }
  static bool says(const Session& session, const char* what) {
    const std::vector<std::string> notes = session.notes();
    return std::any_of(notes.begin(), notes.end(), [&](const std::string& note) {
      return note.find(what) != std::string::npos;
    });
  }
  static void follow_to_the_end(Session& session) {
    do {
      session.follow();
      std::this_thread::sleep_for(milliseconds(1));
    } while (session.behind() > 0);
  }
  void note_seconds(double seconds) { std::ofstream(temporary_ / "seconds") << seconds; }
  double noted_seconds() {
    double seconds = 0;
    std::ifstream(temporary_ / "seconds") >> seconds;
    return seconds;
  }

  results::TemporaryFolder temporary_;
  std::string folder_ = (temporary_.path() / "store").string();
};

TEST_F(FollowTest, NothingIsLostOfAThousandEventsASecondAndTheWriterKeepsItsRate) {
  const int seconds = seconds_of_test();
  const pid_t writer = forked([&] { note_seconds(write_events(folder_, seconds)); });
  Session session(folder_, {1280, 720}, Placing::Live);
  Font font = Font::standard(15);
  session.set_font(font);
  session.perform({Fit{}});
  std::vector<double> steps;
  const auto step = [&] {
    const double begin = cpu_ms();
    const bool news = session.follow().picture;
    if (session.advance() || news) session.plan(font);
    steps.push_back(cpu_ms() - begin);
    std::this_thread::sleep_for(milliseconds(16));
  };
  while (::waitpid(writer, nullptr, WNOHANG) == 0) step();
  do step();
  while (session.behind() > 0);

  const auto head = static_cast<graph::Version>(1 + seconds * kEventsASecond / kEventsACommit);
  EXPECT_EQ(session.head(), head);
  EXPECT_EQ(session.timeline().head(), head);
  EXPECT_EQ(session.marks().nodes_shown + session.marks().edges_shown,
            static_cast<size_t>(1 + seconds * kEventsASecond));
  EXPECT_LT(noted_seconds(), 1.05 * seconds + 0.1);
  printf("%zu steps of follow and plan, CPU-ms: median %.2f, p99 %.2f, most %.2f\n",
         steps.size(),
         share_of(steps, 0.5),
         share_of(steps, 0.99),
         share_of(steps, 1));
}

// Written while nobody looked: each piece shows what was read, and says how much is left.
TEST_F(FollowTest, ALongBacklogIsReadInPiecesOfWhichNoneIsLost) {
  Session session(folder_, {1280, 720}, Placing::Live);
  constexpr int kCommits = 5'000;
  write_commits(folder_, kCommits, [](int) {});
  size_t pieces = 0;
  uint64_t behind = UINT64_MAX;
  graph::Version seen = session.head();
  do {
    EXPECT_TRUE(session.follow());
    ++pieces;
    EXPECT_GT(session.head(), seen);
    EXPECT_LT(session.behind(), behind);
    EXPECT_EQ(session.point().version, session.scene().head());
    EXPECT_EQ(says(session, "behind the store"), session.behind() > 0);
    seen = session.head();
    behind = session.behind();
  } while (behind > 0);

  EXPECT_GT(pieces, 1u);
  EXPECT_EQ(session.head(), 1u + kCommits);
  EXPECT_EQ(session.timeline().head(), session.head());
  EXPECT_EQ(session.marks().nodes_shown + session.marks().edges_shown,
            size_t{1} + kCommits * kEventsACommit);
  EXPECT_FALSE(session.follow());
}

TEST_F(FollowTest, AViewerThatStandsStillStopsNoWriter) {
  const pid_t viewer = forked([&] {
    Session session(folder_, {320, 200}, Placing::Live);
    std::ofstream(temporary_ / "open") << "yes";
    while (true) session.follow();
  });
  while (!std::filesystem::exists(temporary_ / "open"))
    std::this_thread::sleep_for(milliseconds(1));
  ::kill(viewer, SIGSTOP);
  const double seconds = write_events(folder_, 1);  // opens the store, whose lock is free
  EXPECT_LT(seconds, 1.2);
  ::kill(viewer, SIGKILL);
  ::waitpid(viewer, nullptr, 0);
}

TEST_F(FollowTest, AStoreThatIsDeletedKeepsItsLastPictureAndSaysSo) {
  Session session(folder_, {320, 200});
  EXPECT_TRUE(session.notes().empty());
  std::filesystem::remove_all(folder_);
  EXPECT_TRUE(session.follow());
  EXPECT_TRUE(says(session, "store.id"));
  EXPECT_EQ(session.marks().nodes_shown, 1u);
  EXPECT_FALSE(session.follow());  // said once
}

TEST_F(FollowTest, AStoreThatWasCutKeepsItsLastPictureAndSaysSo) {
  Session session(folder_, {320, 200});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_))
    if (entry.is_regular_file() && entry.path().extension() == ".log")
      std::filesystem::resize_file(entry.path(), 70);
  EXPECT_TRUE(session.follow());
  EXPECT_TRUE(says(session, "it was cut or removed"));
  EXPECT_EQ(session.marks().nodes_shown, 1u);
}

TEST_F(FollowTest, AStoreThatWasRewoundIsReadAgainAndSaysSo) {
  graph::Store store = graph::Store::open(folder_);
  store.add_node(NodeKind::Claim, {.text = "soon forgotten"});
  store.commit(graph::Durability::Visible);
  Session session(folder_, {320, 200});
  store.rewind(1);
  EXPECT_TRUE(session.follow());
  EXPECT_EQ(session.marks().nodes_shown, 1u);
  EXPECT_TRUE(says(session, "begun again"));
}

// Live, another thread reads it, and the picture stays until it is there.
TEST_F(FollowTest, AStoreThatWasRewoundIsReadAnewBesideTheWindow) {
  graph::Store store = graph::Store::open(folder_);
  const graph::NodeId forgotten = store.add_node(NodeKind::Claim, {}, "forgotten");
  store.add_node(NodeKind::Claim, {.text = "likewise"});
  store.commit(graph::Durability::Visible);
  Session session(folder_, {320, 200}, Placing::Live);
  session.perform({Select{{forgotten}}});
  store.rewind(1);
  store.add_node(NodeKind::Claim, {}, "another");
  store.commit(graph::Durability::Visible);
  follow_to_the_end(session);
  EXPECT_EQ(session.head(), 2u);
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  EXPECT_EQ(session.label_of(1), "another");
  EXPECT_TRUE(says(session, "begun again"));
  store.add_node(NodeKind::Claim, {}, "third");
  store.commit(graph::Durability::Visible);
  follow_to_the_end(session);
  EXPECT_EQ(session.marks().nodes_shown, 3u);
}

TEST_F(FollowTest, OneVersionOfVeryMuchIsReadBesideTheWindow) {
  Session session(folder_, {320, 200}, Placing::Live);
  Font font = Font::standard(15);
  session.plan(font);
  constexpr graph::NodeId kNodes = 120'000;  // more than 16 MB
  const pid_t writer = forked([&] {
    graph::Store store = graph::Store::open(folder_);
    const std::string text(200, 'x');
    for (graph::NodeId i = 0; i < kNodes; ++i)
      store.add_node(NodeKind::Step, {.text = std::to_string(i) + text});
    store.commit(graph::Durability::Visible);
  });
  ::waitpid(writer, nullptr, 0);
  const auto first = session.follow();
  EXPECT_TRUE(first.any);
  EXPECT_FALSE(first.picture) << "it is still being read";
  EXPECT_GT(session.behind(), 0u);
  EXPECT_EQ(session.marks().nodes_shown, 1u);
  EXPECT_FALSE(session.plan(font).labels.empty()) << "the picture stays";
  follow_to_the_end(session);
  EXPECT_EQ(session.head(), 2u);
  EXPECT_EQ(session.marks().nodes_shown, kNodes + 1);
  EXPECT_FALSE(says(session, "begun again"));
}

TEST_F(FollowTest, AVersionThatIsNotThereYetIsTheNewestAndSaidSo) {
  write_commits(folder_, 2, [](int) {});
  Session session(folder_, {320, 200});
  session.perform({GoTo{.version = 77}});
  EXPECT_EQ(session.state().version, 3u);
  EXPECT_TRUE(says(session, "version 77 is not there: the newest is 3"));
  write_commits(folder_, 1, [](int) {});
  session.follow();
  EXPECT_EQ(session.point().version, 3u);
  session.perform({GoTo{}});
  EXPECT_FALSE(says(session, "version 77"));
}

// Pausing is a version, "newest" is none: both are commands like any other.
TEST_F(FollowTest, APausedPictureStaysWhileTheTimelineGrows) {
  Session session(folder_, {320, 200});
  session.perform({GoTo{.version = session.head()}});
  const std::string caption = session.caption();
  write_events(folder_, 1);
  const Session::Followed news = session.follow();
  EXPECT_TRUE(news.any);
  EXPECT_FALSE(news.picture) << "there is nothing to draw";
  follow_to_the_end(session);
  EXPECT_EQ(session.caption(), caption);
  EXPECT_GT(session.came_since(), 0u);
  EXPECT_EQ(session.marks().nodes_shown, 1u);
  EXPECT_GT(session.timeline().head(), 1u);
  session.perform({GoTo{}});
  EXPECT_EQ(session.marks().nodes_shown + session.marks().edges_shown, 1001u);
}

}  // namespace
}  // namespace saggio::viz
