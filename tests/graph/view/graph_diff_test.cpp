// SPDX-License-Identifier: MIT
#include "graph/view/diff.h"

#include <gtest/gtest.h>

#include "graph/store/store.h"
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

TEST(Diff, OfAPointAndItselfIsNothing) {
  const Small small;
  const Diff found = diff(small.store.history(), {}, {.version = 2});
  for (const ElementDiff& part : {found.nodes, found.edges})
    EXPECT_TRUE(part.added.empty() && part.gone.empty() && part.changed.empty());
}

}  // namespace
}  // namespace saggio::graph
