// SPDX-License-Identifier: MIT
#include "viz/scene/scene.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "graph/view/view.h"
#include "tests/graph/query/random_store.h"
#include "tests/graph/store/random_history.h"

namespace saggio::viz {
namespace {

using graph::AsOf;
using graph::View;

bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// The scene against the store's own View of the same point.
void expect_shows(const Scene& scene, const View& view) {
  ASSERT_EQ(scene.nodes_there(), static_cast<size_t>(view.nodes()));
  ASSERT_EQ(scene.edges_there(), static_cast<size_t>(view.edges()));
  for (graph::NodeIndex x = 0; x < view.nodes(); ++x) {
    const auto slot = static_cast<Slot>(view.node_id(x));
    ASSERT_TRUE(scene.nodes().there[slot]);
    EXPECT_EQ(scene.nodes().kind[slot], view.node_kind(x));
    EXPECT_EQ(scene.nodes().status[slot], view.node_status(x));
    EXPECT_TRUE(same(scene.nodes().probability[slot], view.node_confidence(x)));
    const View::OutRow row = view.out(x);
    for (size_t i = 0; i < row.targets.size(); ++i) {
      const auto edge = static_cast<graph::EdgeIndex>(row.first + static_cast<int32_t>(i));
      const auto at = static_cast<Slot>(view.edge_id(edge));
      ASSERT_TRUE(scene.edges().there[at]);
      EXPECT_EQ(scene.edges().source[at], slot);
      EXPECT_EQ(scene.edges().target[at], view.node_id(row.targets[i]));
      EXPECT_EQ(scene.edges().type[at], row.types[i]);
      EXPECT_EQ(scene.edges().status[at], view.edge_status(edge));
      EXPECT_EQ(scene.edges().weight[at], view.edge_weight(edge));
      EXPECT_TRUE(same(scene.edges().probability[at], view.edge_confidence(edge)));
    }
  }
}

AsOf random_point(results::Stream& stream, graph::Version head) {
  AsOf as_of{.version = stream.below(head + 2)};
  if (stream.below(2)) as_of.world = static_cast<graph::TimeUs>(stream.below(40));
  as_of.certain = as_of.world && stream.below(3) == 0;
  return as_of;
}

TEST(Scene, ShowsExactlyTheStoreAtEveryPointOnBothClocks) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    graph::RandomStore random(seed);
    const graph::History& history = random.store.history();
    Scene scene;
    scene.follow(history);
    results::Stream stream(seed);
    for (int i = 0; i < 20; ++i) {
      const AsOf as_of = random_point(stream, history.head());
      scene.show(as_of);
      expect_shows(scene, View::build(history, as_of));
    }
  }
}

// Deltas come in groups, and what is shown meanwhile is the head, an old version or a time.
TEST(Scene, ThatFollowsAStoreShowsTheSameAsOneThatBeginsAnew) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    graph::SimulatedFiles files;
    graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
    graph::RandomHistory random(seed);
    results::Stream stream(seed + 1000);
    Scene scene;
    for (int step = 0; step < 30; ++step) {
      for (uint64_t n = stream.below(stream.below(4) == 0 ? 60 : 4); n > 0; --n)
        random.change(store);
      random.commit(store);
      if (stream.below(3) > 0) scene.follow(store.history());
      const AsOf as_of = stream.below(3) ? AsOf{} : random_point(stream, store.history().head());
      if (stream.below(4) == 0) continue;
      scene.show(as_of);
      AsOf taken = as_of;
      taken.version = std::min(taken.version, scene.head());
      expect_shows(scene, View::build(store.history(), taken));
    }
  }
}

TEST(Scene, WhatIsShownStaysUntilShowIsCalled) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  const graph::NodeId a = store.add_node(graph::NodeKind::Claim, {.text = "a"});
  store.commit();
  Scene scene;
  scene.follow(store.history());
  scene.show({});

  store.retire_node(a);
  store.add_node(graph::NodeKind::Claim, {.text = "b"});
  store.commit();
  scene.follow(store.history());

  EXPECT_EQ(scene.nodes_there(), 1u);
  EXPECT_TRUE(scene.nodes().there[a]);
  scene.show({});
  EXPECT_FALSE(scene.nodes().there[a]);
  EXPECT_TRUE(scene.nodes().there[1]);
}

TEST(Scene, RefusesAHistoryThatIsShorterThanWhatItTook) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  store.add_node(graph::NodeKind::Claim, {.text = "a"});
  store.commit();
  Scene scene;
  scene.follow(store.history());
  EXPECT_THROW(scene.follow(graph::History()), std::invalid_argument);
}

TEST(Revisions, NeighboursThatWereAddedAlikeShareARow) {
  Revisions revisions;
  const Revisions::Row row{.from = 1};
  for (Slot slot = 0; slot < 1000; ++slot) revisions.take(slot, {&row, 1}, 0);
  EXPECT_EQ(revisions.rows(), 1u);

  const Revisions::Row changed[] = {{.from = 2, .weight = 3}, {.from = 1, .to = 2}};
  revisions.take(500, changed, 1);
  EXPECT_EQ(revisions.at(500, {.version = 1})->weight, 1);
  EXPECT_EQ(revisions.at(500, {.version = 2})->weight, 3);
  EXPECT_EQ(revisions.at(499, {.version = 2})->weight, 1);
  EXPECT_EQ(revisions.at(499, {.version = 0}), nullptr);
}

}  // namespace
}  // namespace saggio::viz
