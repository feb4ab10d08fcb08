// SPDX-License-Identifier: MIT
#include "graph/view/diff.h"

#include <gtest/gtest.h>

#include "graph/store/store.h"
#include "tests/graph/store/random_history.h"
#include "tests/graph/store/simulated_files.h"

namespace saggio::graph {
namespace {

using Ids = std::vector<uint64_t>;

// Version 1: nodes a, b, c, edges a-b, b-c. Version 2: b says more, c is retired, d and a-d are new.
struct Small {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});

  Small() {
    for (const char* key : {"a", "b", "c"}) store.add_node(NodeKind::Entity, {}, key);
    const TypeId type = store.type("to");
    store.add_edge(0, type, 1);
    store.add_edge(1, type, 2);
    store.commit();
    store.revise_node(1, {.text = "more"});
    store.retire_node(2);
    store.add_node(NodeKind::Entity, {}, "d");
    store.add_edge(0, type, 3, {.valid = {100, 200}});
    store.commit();
  }
};

TEST(Diff, SaysWhatCameWentAndChanged) {
  const Small small;
  const Diff found = diff(small.store.history(), {.version = 1}, {.version = 2});
  EXPECT_EQ(found.nodes.added, Ids{3});
  EXPECT_EQ(found.nodes.gone, Ids{2});
  EXPECT_EQ(found.nodes.changed, Ids{1});
  EXPECT_EQ(found.edges.added, Ids{2});
  EXPECT_EQ(found.edges.gone, Ids{1});  // its end is gone
  EXPECT_EQ(found.edges.changed, Ids{});
}

TEST(Diff, BackwardsIsTheOpposite) {
  const Small small;
  const Diff found = diff(small.store.history(), {.version = 2}, {.version = 0});
  EXPECT_EQ(found.nodes.gone, (Ids{0, 1, 3}));
  EXPECT_EQ(found.edges.gone, (Ids{0, 2}));
  EXPECT_TRUE(found.nodes.added.empty() && found.nodes.changed.empty());
}

TEST(Diff, OfTwoMomentsInTheWorld) {
  const Small small;
  const Diff found = diff(small.store.history(), {.world = 150}, {.world = 250});
  EXPECT_EQ(found.edges.gone, Ids{2});
  EXPECT_TRUE(found.nodes.gone.empty());
}

// Every element as of both points.
Diff plain_diff(const History& history, const AsOf& from, const AsOf& to) {
  const auto compare = [&](uint64_t count, const auto& get) {
    ElementDiff found;
    for (uint64_t id = 0; id < count; ++id) {
      const auto before = get(id, from), after = get(id, to);
      if (before && !after) found.gone.push_back(id);
      if (!before && after) found.added.push_back(id);
      if (before && after && before->attributes != after->attributes) found.changed.push_back(id);
    }
    return found;
  };
  return {compare(history.node_count(),
                  [&](uint64_t id, const AsOf& at) { return history.node(id, at); }),
          compare(history.edge_count(),
                  [&](uint64_t id, const AsOf& at) { return history.edge(id, at); })};
}

TEST(Diff, BetweenAnyTwoPointsIsThatOfEveryElement) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SimulatedFiles files;
    RandomHistory random(seed);
    Store store = Store::open("s", small_options(files));
    for (int i = 0; i < 60; ++i) {
      random.change(store);
      if (i % 3 == 0) random.commit(store);
    }
    const History& history = store.history();
    results::Stream stream(seed);
    for (int i = 0; i < 30; ++i) {
      const std::optional<TimeUs> worlds[] = {std::nullopt, 5, 15, 25};
      const auto world = worlds[stream.below(4)];
      const AsOf from{stream.below(history.head() + 1), world};
      const AsOf to{stream.below(history.head() + 1), i % 4 ? world : worlds[stream.below(4)]};
      const Diff found = diff(history, from, to), expected = plain_diff(history, from, to);
      ASSERT_EQ(found.nodes.added, expected.nodes.added) << seed;
      ASSERT_EQ(found.nodes.gone, expected.nodes.gone) << seed;
      ASSERT_EQ(found.nodes.changed, expected.nodes.changed) << seed;
      ASSERT_EQ(found.edges.added, expected.edges.added) << seed;
      ASSERT_EQ(found.edges.gone, expected.edges.gone) << seed;
      ASSERT_EQ(found.edges.changed, expected.edges.changed) << seed;
    }
  }
}

TEST(Diff, OfAPointAndItselfIsNothing) {
  const Small small;
  const Diff found = diff(small.store.history(), {}, {.version = 2});
  for (const ElementDiff& part : {found.nodes, found.edges})
    EXPECT_TRUE(part.added.empty() && part.gone.empty() && part.changed.empty());
}

}  // namespace
}  // namespace saggio::graph
