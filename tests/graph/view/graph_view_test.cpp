// SPDX-License-Identifier: MIT
#include "graph/view/view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>

#include "graph/view/segment.h"
#include "tests/graph/store/random_history.h"
#include "tests/graph/store/simulated_files.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::graph {
namespace {

template <typename Value>
std::vector<Value> list(std::span<const Value> values) {
  return {values.begin(), values.end()};
}

//   nodes 0 1 2 3, of which 1 is retired; edges by (source, type, target, id):
//   0 -a-> 2 (id 2)   0 -b-> 2 (id 1)   2 -a-> 0 (id 3)   2 -a-> 3 (id 4)   3 -a-> 3 (id 5)
struct Small {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  Small() {
    for (int i = 0; i < 4; ++i) store.add_node(static_cast<NodeKind>(i), {});
    const TypeId a = store.type("a"), b = store.type("b");
    store.add_edge(0, a, 1);
    store.add_edge(0, b, 2, {.weight = 0.5f});
    store.add_edge(0, a, 2, {.status = Status::Refuted, .valid = {10, 20}});
    store.add_edge(2, a, 0);
    store.add_edge(2, a, 3);
    store.add_edge(3, a, 3);
    store.retire_node(1);
    store.commit();
  }
};

TEST(View, HoldsExactRowsBothWays) {
  const Small small;

  const View view = View::build(small.store.history());

  const ViewArrays& arrays = view.arrays();
  EXPECT_EQ(list(arrays.node_ids), (std::vector<NodeId>{0, 2, 3}));
  EXPECT_EQ(list(arrays.node_kinds), (std::vector<uint8_t>{0, 2, 3}));
  EXPECT_EQ(list(arrays.out_ptr), (std::vector<int64_t>{0, 2, 4, 5}));
  EXPECT_EQ(list(arrays.out_target), (std::vector<NodeIndex>{1, 1, 0, 2, 2}));
  EXPECT_EQ(list(arrays.edge_ids), (std::vector<uint32_t>{2, 1, 3, 4, 5}));
  EXPECT_EQ(list(arrays.edge_types), (std::vector<TypeId>{0, 1, 0, 0, 0}));
  EXPECT_EQ(list(arrays.edge_weights), (std::vector<float>{1, 0.5f, 1, 1, 1}));
  EXPECT_EQ(arrays.edge_statuses[0], static_cast<uint8_t>(Status::Refuted));
  EXPECT_EQ(arrays.edge_from[0], 10);
  EXPECT_EQ(list(arrays.in_ptr), (std::vector<int64_t>{0, 1, 3, 5}));
  EXPECT_EQ(list(arrays.in_source), (std::vector<NodeIndex>{1, 0, 0, 1, 2}));
  EXPECT_EQ(list(arrays.in_edge), (std::vector<EdgeIndex>{2, 0, 1, 3, 4}));
  EXPECT_EQ(view.edge_id(0), 2u);
  EXPECT_EQ(view.find(2), 1);
  EXPECT_EQ(view.find(1), std::nullopt);
  EXPECT_EQ(view.find(4), std::nullopt);
}

TEST(View, IsFilteredByWorldTime) {
  const Small small;

  const View view = View::build(small.store.history(), {.world = 20});

  EXPECT_EQ(list(view.arrays().edge_ids), (std::vector<uint32_t>{1, 3, 4, 5}));
}

TEST(View, OfAnEmptyStoreIsEmpty) {
  const View view = View::build(History());

  EXPECT_EQ(view.nodes(), 0);
  EXPECT_EQ(view.edges(), 0);
  EXPECT_EQ(view.arrays().out_ptr.size(), 1u);
}

// Everything that the rows of a view say, compared with History's own answers.
std::string difference(const View& view, const History& history) {
  const AsOf as_of = view.as_of();
  if (list(view.arrays().node_ids) != history.nodes(as_of)) return "nodes";
  std::vector<EdgeId> edges;
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    const auto out = view.out(x);
    const auto in = view.in(x);
    std::vector<EdgeId> into;
    for (const EdgeIndex edge : in.edges) into.push_back(view.edge_id(edge));
    if (!std::is_sorted(in.edges.begin(), in.edges.end())) return "order of an in row";
    std::sort(into.begin(), into.end());
    if (into != history.in(view.node_id(x), as_of)) return "in row";
    std::tuple<TypeId, NodeIndex, EdgeId> last = {};
    for (size_t i = 0; i < out.targets.size(); ++i) {
      const EdgeIndex at = out.first + static_cast<EdgeIndex>(i);
      const EdgeId id = view.edge_id(at);
      const Edge edge = history.edge(id, as_of).value();
      const Attributes& says = edge.attributes;
      const bool knows = !std::isnan(says.confidence.probability);
      if (edge.source != view.node_id(x) || edge.target != view.node_id(out.targets[i]) ||
          edge.type != out.types[i] || says.weight != view.edge_weight(at) ||
          says.status != view.edge_status(at) || knows == std::isnan(view.edge_confidence(at)))
        return "edge " + std::to_string(id);
      const std::tuple place(out.types[i], out.targets[i], id);
      if (i > 0 && !(last < place)) return "order of an out row";
      last = place;
      edges.push_back(id);
    }
  }
  std::sort(edges.begin(), edges.end());
  return edges == history.edges(as_of) ? "" : "edges";
}

struct Random {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  explicit Random(uint64_t seed, int groups = 20) {
    RandomHistory history(seed);
    for (int i = 0; i < groups; ++i) {
      for (int j = 0; j < 4; ++j) history.change(store);
      history.commit(store);
    }
  }
};

TEST(View, SaysWhatTheHistorySaysAtAnyPointOnBothClocks) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Random random(seed);
    for (Version version = 0; version <= random.store.history().head(); version += 3)
      for (const std::optional<TimeUs> world : {std::optional<TimeUs>(), std::optional<TimeUs>(15)})
        ASSERT_EQ(difference(View::build(random.store.history(), {version, world}),
                             random.store.history()),
                  "")
            << "seed " << seed << ", version " << version;
  }
}

// Enough edges for several threads, and for rows that are sorted digit by digit.
TEST(View, OfManyEdgesSaysTheSame) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  results::Stream stream(1);
  constexpr size_t kNodes = 3000, kEdges = 300'000;
  for (size_t i = 0; i < kNodes; ++i) store.add_node(NodeKind::Entity, {});
  for (const char* name : {"a", "b", "c"}) {
    const TypeId type = store.type(name);
    std::vector<NodeId> sources(kEdges / 3), targets(kEdges / 3);
    std::vector<float> weights(kEdges / 3);
    for (size_t i = 0; i < sources.size(); ++i) {
      sources[i] = stream.below(stream.below(kNodes) + 1);  // some have many
      targets[i] = stream.below(kNodes);
      weights[i] = static_cast<float>(stream.below(4));
    }
    store.add_edges(type, sources, targets, weights);
    store.commit();
  }
  store.retire_node(7);
  for (EdgeId id = 0; id < kEdges; id += 1000) store.revise_edge(id, {.status = Status::Refuted});
  store.commit();

  for (const Version version : {Version{2}, store.history().head()})
    EXPECT_EQ(difference(View::build(store.history(), {.version = version}), store.history()), "");
}

TEST(View, RefreshedIsAsIfBuiltAnew) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Random random(seed);
    const History& history = random.store.history();
    results::Stream stream(seed);
    for (const AsOf& point : {AsOf{}, AsOf{kHead, 15}, AsOf{kHead, 10, true}}) {
      AsOf as_of = point;
      as_of.version = stream.below(history.head() + 1);
      View view = View::build(history, as_of);
      while (as_of.version < history.head()) {
        as_of.version += 1 + stream.below(history.head() - as_of.version);
        view = view.refreshed(history, as_of.version);
        ASSERT_EQ(bytes_of(view), bytes_of(View::build(history, as_of)))
            << "seed " << seed << ", version " << as_of.version;
      }
    }
  }
}

TEST(View, RefreshesForwardOnly) {
  const Random random(1);
  const View view = View::build(random.store.history(), {.version = 5});

  EXPECT_THROW(view.refreshed(random.store.history(), 4), std::invalid_argument);
}

TEST(View, OfPlainEdgesHasNoColumnsOfDefaults) {
  Small small;
  small.store.revise_edge(2, {});
  small.store.revise_edge(1, {});
  small.store.commit();

  const ViewArrays arrays = View::build(small.store.history()).arrays();

  EXPECT_TRUE(arrays.edge_weights.empty() && arrays.edge_from.empty());
  EXPECT_TRUE(arrays.edge_confidence.empty() && arrays.node_confidence.empty());
  EXPECT_EQ(View::build(small.store.history()).edge_weight(3), 1);
}

TEST(Segment, IsOpenedWithoutTheLogBeforeItsEnd) {
  Random random(3);
  random.store.commit();
  compact(random.store);
  const auto expected = bytes_of(View::build(random.store.history()));
  Disk disk = random.files.disk;
  disk["s/log/000000.log"][200] ^= 1;  // nobody who opens the segment looks there
  SimulatedFiles files(disk);

  const View view = open_view("s", &files);
  view.verify();

  EXPECT_EQ(bytes_of(view), expected);
  EXPECT_EQ(view.as_of().version, random.store.history().head());
  EXPECT_THROW(Reader::open("s", &files), Damage);
}

TEST(Segment, ThatIsNotOfTheHeadIsNotTakenForIt) {
  Small small;
  compact(small.store);
  EXPECT_EQ(open_view("s", &small.files).nodes(), 3);
  small.store.add_node(NodeKind::Claim, {});
  EXPECT_EQ(open_view("s", &small.files).nodes(), 3) << "pending";
  small.store.commit(Durability::Visible);
  EXPECT_EQ(open_view("s", &small.files).nodes(), 4);
  small.store.rewind(0);
  EXPECT_EQ(open_view("s", &small.files).nodes(), 0);
}

TEST(Segment, HoldsTheSameArraysAsAViewThatIsBuilt) {
  Random random(3);
  random.store.tag("early", 5);
  const Version head = random.store.commit();

  compact(random.store);

  const Reader reader = Reader::open("s", &random.files);
  for (const Version version : {Version{5}, head}) {
    ASSERT_TRUE(has_segment(reader, version));
    const View mapped = view_of(reader, {.version = version});
    mapped.verify();
    EXPECT_EQ(bytes_of(mapped), bytes_of(View::build(reader.history(), {.version = version})));
    EXPECT_EQ(difference(mapped, reader.history()), "");
  }
  EXPECT_FALSE(has_segment(reader, 6));
}

TEST(Segment, OthersThanHeadAndTagsAreRemovedAndAllMayBeDeleted) {
  Small small;
  compact(small.store);
  small.store.tag("here", 1);
  for (int i = 0; i < 2; ++i) {
    small.store.add_node(NodeKind::Claim, {});
    small.store.commit();
    compact(small.store);
  }
  EXPECT_EQ(small.files.list("s/segments"), (std::vector<std::string>{"1.seg", "3.seg"}));

  small.files.disk.erase("s/segments/1.seg");
  small.files.disk.erase("s/segments/3.seg");

  const Reader reader = Reader::open("s", &small.files);
  for (const Version version : {1u, 2u, 3u})
    EXPECT_EQ(difference(view_of(reader, {.version = version}), reader.history()), "");
  EXPECT_EQ(view_of(reader).nodes(), 5);
}

TEST(Segment, OfAVersionThatWasRewoundDoesNotCount) {
  Small small;
  compact(small.store);
  small.store.rewind(0);
  small.store.add_node(NodeKind::Claim, {});
  ASSERT_EQ(small.store.commit(), 1u);

  EXPECT_EQ(view_of(small.store).nodes(), 1);
  EXPECT_FALSE(has_segment(Reader::open("s", &small.files), 1));
}

TEST(Segment, AFlippedBitIsReportedWhereverItIs) {
  Small small;
  compact(small.store);
  const Reader reader = Reader::open("s", &small.files);
  std::string& content = small.files.disk["s/segments/1.seg"];
  for (size_t at = 0; at < content.size(); ++at) {
    content[at] = static_cast<char>(content[at] ^ (1 << (at * 5 % 8)));
    EXPECT_THROW(view_of(reader).verify(), Damage) << "byte " << at;
    content[at] = static_cast<char>(content[at] ^ (1 << (at * 5 % 8)));
  }
  view_of(reader).verify();
}

TEST(Segment, OnRealFilesIsMapped) {
  const results::TemporaryFolder folder;
  const std::string path = folder / "s";
  Store store = Store::open(path);
  std::vector<NodeId> sources, targets;
  for (NodeId i = 0; i < 200000; ++i) {  // several blocks
    store.add_node(NodeKind::Entity, {});
    sources.push_back(i);
    targets.push_back(i * 7 % 200000);
    if (targets.back() > i) targets.back() = i;
  }
  store.add_edges(store.type("t"), sources, targets);
  store.commit();
  compact(store);

  const Reader reader = Reader::open(path);
  const View view = view_of(reader);
  ASSERT_TRUE(has_segment(reader, 1));
  view.verify();
  EXPECT_EQ(view.out(150000).targets[0], static_cast<NodeIndex>(targets[150000]));
  EXPECT_EQ(view.edge_id(150000), 150000u);
}

TEST(Segment, IsOfWhatIsCommitted) {
  Small small;
  small.store.add_node(NodeKind::Claim, {});

  EXPECT_THROW(compact(small.store), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
