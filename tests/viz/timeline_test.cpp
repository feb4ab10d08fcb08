// SPDX-License-Identifier: MIT
#include "viz/time/timeline.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/graph/query/random_store.h"
#include "tests/graph/store/random_history.h"
#include "tests/results/store/temporary_folder.h"
#include "viz/session.h"

namespace saggio::viz {
namespace {

// What a version did, from the rows of every element.
struct Counted {
  uint64_t added = 0, revised = 0, retired = 0;
};

void count_rows(const std::vector<graph::Revision>& rows, std::vector<Counted>& versions) {
  for (size_t i = 0; i < rows.size(); ++i)
    ++(i == 0 ? versions[rows[i].from].added : versions[rows[i].from].revised);
  if (!rows.empty() && rows.back().to < versions.size()) ++versions[rows.back().to].retired;
}

std::vector<Counted> counted(const graph::History& history) {
  std::vector<Counted> versions(history.head() + 1);
  for (graph::NodeId id = 0; id < history.node_count(); ++id)
    count_rows(history.node_revisions(id), versions);
  for (graph::EdgeId id = 0; id < history.edge_count(); ++id)
    count_rows(history.edge_revisions(id), versions);
  return versions;
}

std::vector<graph::TimeUs> world_times(const graph::History& history) {
  std::set<graph::TimeUs> times;
  const auto take = [&](const std::vector<graph::Revision>& rows) {
    for (const graph::Revision& row : rows)
      for (const graph::TimeUs time : {row.attributes.valid.from, row.attributes.valid.to})
        if (time > graph::kSinceEver && time < graph::kWithoutEnd) times.insert(time);
  };
  for (graph::NodeId id = 0; id < history.node_count(); ++id) take(history.node_revisions(id));
  for (graph::EdgeId id = 0; id < history.edge_count(); ++id) take(history.edge_revisions(id));
  return {times.begin(), times.end()};
}

void expect_tells(const Timeline& timeline, const graph::History& history) {
  ASSERT_EQ(timeline.head(), history.head());
  const std::vector<Counted> expected = counted(history);
  for (const Moment& moment : timeline.moments()) {
    EXPECT_EQ(moment.committed, history.commits()[moment.version - 1].time);
    EXPECT_EQ(moment.added, expected[moment.version].added) << moment.version;
    EXPECT_EQ(moment.revised, expected[moment.version].revised) << moment.version;
    EXPECT_EQ(moment.retired, expected[moment.version].retired) << moment.version;
    for (const std::string& tag : moment.tags) EXPECT_EQ(history.tags().at(tag), moment.version);
  }
  const auto times = timeline.world_times();
  EXPECT_EQ(std::vector(times.begin(), times.end()), world_times(history));
}

TEST(Timeline, TellsWhatEachVersionDidHoweverItWasFollowed) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    graph::SimulatedFiles files;
    graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
    graph::RandomHistory random(seed);
    results::Stream stream(seed);
    Timeline timeline;
    for (int step = 0; step < 25; ++step) {
      for (uint64_t n = stream.below(12); n > 0; --n) random.change(store);
      random.commit(store);
      if (stream.below(3) == 0) continue;
      timeline.follow(store.history());
      expect_tells(timeline, store.history());
    }
    Timeline at_once;
    at_once.follow(store.history());
    expect_tells(at_once, store.history());
  }
}

TEST(Timeline, OfTimesInTheWorldToo) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    graph::RandomStore random(seed);
    Timeline timeline;
    timeline.follow(random.store.history());
    expect_tells(timeline, random.store.history());
    const auto times = timeline.world_times();
    for (size_t i = 0; i + 1 < times.size(); ++i) {
      EXPECT_EQ(timeline.world_after(times[i]), times[i + 1]);
      EXPECT_EQ(timeline.world_before(times[i + 1]), times[i]);
    }
    if (times.empty()) continue;
    EXPECT_EQ(timeline.world_before(times.front()), std::nullopt);
    EXPECT_EQ(timeline.world_after(times.back()), std::nullopt);
  }
}

// What a bar is dragged to is what is seen: the store's own View of that point.
TEST(Session, ShowsExactlyTheStoreAtAThousandPointsOfTheTimeline) {
  results::TemporaryFolder temporary;
  const std::string folder = (temporary.path() / "store").string();
  graph::RandomHistory random(7);
  {
    graph::Store store = graph::Store::open(folder);
    for (int version = 0; version < 80; ++version) {
      for (int i = 0; i < 4; ++i) random.change(store);
      random.commit(store, graph::Durability::Visible);
    }
  }
  Session session(folder, {640, 480});
  results::Stream stream(7);
  const auto times = session.timeline().world_times();
  for (int i = 0; i < 1000; ++i) {
    GoTo point{.version = stream.below(session.head() + 1)};
    if (stream.below(2)) point.world = times[stream.below(times.size())];
    session.perform({point});
    const graph::View view =
        graph::View::build(session.store(), {.version = *point.version, .world = point.world});
    ASSERT_EQ(session.marks().nodes_shown, static_cast<size_t>(view.nodes()));
    ASSERT_EQ(session.marks().edges_shown, static_cast<size_t>(view.edges()));
    for (graph::NodeIndex x = 0; x < view.nodes(); ++x)
      ASSERT_TRUE(session.marks().nodes[view.node_id(x)] & kShown);
    for (graph::EdgeIndex e = 0; e < view.edges(); ++e)
      ASSERT_TRUE(session.marks().edges[view.edge_id(e)] & kShown);
  }
}

class TimelineOfTen : public testing::Test {
 protected:
  TimelineOfTen() {
    for (int i = 0; i < 10; ++i) {
      store_.add_node(graph::NodeKind::Claim, {.text = std::to_string(i)});
      const graph::Version version = store_.commit();
      if (i == 3) store_.tag("before", version);
    }
    timeline_.follow(store_.history());
  }
  graph::SimulatedFiles files_;
  graph::Store store_ = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files_});
  Timeline timeline_;
};

TEST_F(TimelineOfTen, ABarIsDividedEvenly) {
  EXPECT_EQ(timeline_.version_at(0), 1u);
  EXPECT_EQ(timeline_.version_at(1), 10u);
  EXPECT_EQ(timeline_.version_at(0.5), 6u);
  EXPECT_EQ(timeline_.version_at(-7), 1u);
  EXPECT_EQ(timeline_.version_at(7), 10u);
  EXPECT_EQ(timeline_.version_at(std::nan("")), 1u);
  EXPECT_EQ(Timeline().version_at(0.5), 0u);
}

TEST_F(TimelineOfTen, BarsHoldEveryVersionOnce) {
  const auto bars = timeline_.bars(3);
  ASSERT_EQ(bars.size(), 3u);
  graph::Version next = 1;
  uint64_t added = 0;
  for (const Timeline::Bar& bar : bars) {
    EXPECT_EQ(bar.first, next);
    next = bar.last + 1;
    added += bar.added;
  }
  EXPECT_EQ(next, 11u);
  EXPECT_EQ(added, 10u);
  EXPECT_FALSE(bars[0].tagged);
  EXPECT_TRUE(bars[1].tagged);
  EXPECT_EQ(timeline_.bars(100).size(), 10u);
  EXPECT_TRUE(Timeline().bars(5).empty());
}

TEST_F(TimelineOfTen, AHistoryThatIsShorterIsAnother) {
  EXPECT_THROW(timeline_.follow(graph::History()), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::viz
