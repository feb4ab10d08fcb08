// SPDX-License-Identifier: MIT
#include "graph/formats/merge.h"

#include <gtest/gtest.h>

#include <random>

#include "graph/formats/key_diff.h"
#include "tests/graph/formats/imported.h"

// Merging of stores, and their difference, which is the other side of the same keys.
namespace saggio::graph {
namespace {

// A store in memory whose UUID and clock are given.
struct Named {
  explicit Named(uint8_t number, TimeUs begin = 1'000'000) : now(begin) {
    Uuid uuid{};
    uuid[15] = number;
    store.emplace(Store::open("s",
                              {.uuid = uuid,
                               .clock = [this] { return now += 10; },
                               .files = &files,
                               .longest_text_in_log = 100}));
  }

  void append(const std::string& records) {
    std::istringstream in(records);
    append_records(in, *store);
    if (store->has_pending()) store->commit();
  }
  MergeReport take(Named& other, Prefer prefer = Prefer::Into) {
    Reader reader = other.reader();
    MergeReport report = merge(*store, reader, {prefer});
    if (store->has_pending()) store->commit();
    return report;
  }
  Reader reader() { return Reader::open("s", &files); }
  const History& history() const { return store->history(); }
  Version head() const { return history().head(); }

  Lines records() {
    Lines lines;
    for (const NodeId id : history().nodes()) {
      const auto node = history().node(id);
      lines.push_back(node_record(history(), *node, store->text(node->attributes)).dump());
    }
    for (const EdgeId id : history().edges()) {
      const auto edge = history().edge(id);
      lines.push_back(edge_record(history(), *edge, store->text(edge->attributes)).dump());
    }
    return lines;
  }

  SimulatedFiles files;
  TimeUs now;
  std::optional<Store> store;
};

uint64_t differences(Named& a, Named& b) {
  Reader left = a.reader(), right = b.reader();
  const KeyDiff diff = diff_by_key(left, {}, right, {});
  const auto count = [](const ElementKeyDiff& d) {
    return d.only_a.size() + d.only_b.size() + d.changed.size();
  };
  return count(diff.nodes) + count(diff.edges);
}

constexpr const char* kRain = R"({"node":"rain","kind":"claim","text":"It rained."}
{"node":"wet","kind":"evidence","provenance":{"run":"r","sources":["cam"]}}
{"edge":["wet","supports","rain"],"weight":0.5}
{"edge":["wet","supports","rain"],"ordinal":1}
)";

TEST(Merge, AStoreIntoAnEmptyOneIsTheSameGraph) {
  Named a(1), b(2);
  a.append(kRain);
  const MergeReport report = b.take(a);
  EXPECT_EQ(b.records(), a.records());
  EXPECT_EQ(report.nodes_added, 2u);
  EXPECT_EQ(report.edges_added, 2u);
  EXPECT_EQ(differences(a, b), 0u);
}

TEST(Merge, AgainChangesNothing) {
  for (const Prefer prefer : {Prefer::Into, Prefer::Other, Prefer::Newer}) {
    Named a(1), b(2);
    a.append(kRain);
    b.append(R"({"node":"rain","kind":"claim","text":"It poured."})");
    b.take(a, prefer);
    const Version before = b.head();
    const MergeReport report = b.take(a, prefer);
    EXPECT_EQ(b.head(), before);
    EXPECT_EQ(report.nodes_added + report.edges_added + report.nodes_revised, 0u);
  }
}

TEST(Merge, WhoIsPreferredStaysAndTheConflictIsListed) {
  const auto rain_after = [](Prefer prefer, TimeUs ours, TimeUs theirs) {
    Named a(1, theirs), b(2, ours);
    a.append(R"({"node":"rain","text":"theirs"})");
    b.append(R"({"node":"rain","text":"ours"})");
    const MergeReport report = b.take(a, prefer);
    EXPECT_EQ(report.conflicts.size(), 1u);
    EXPECT_EQ(report.conflicts[0].element, "rain");
    EXPECT_EQ(report.conflicts[0].difference, "state");
    EXPECT_EQ(report.conflicts[0].takes_other, report.nodes_revised == 1);
    return b.history().node(0)->attributes.text;
  };
  EXPECT_EQ(rain_after(Prefer::Into, 1000, 2000), "ours");
  EXPECT_EQ(rain_after(Prefer::Other, 2000, 1000), "theirs");
  EXPECT_EQ(rain_after(Prefer::Newer, 1000, 2000), "theirs");
  EXPECT_EQ(rain_after(Prefer::Newer, 2000, 1000), "ours");
}

TEST(Merge, EdgesConflictByTheirOrdinal) {
  Named a(1), b(2);
  a.append(kRain);
  b.append(kRain);
  b.append(R"({"edge":["wet","supports","rain"],"ordinal":1,"weight":3})");
  EXPECT_EQ(b.take(a).conflicts.at(0).element, "wet -supports-> rain (1)");
  EXPECT_EQ(b.history().edge(1)->attributes.weight, 3);
  EXPECT_EQ(b.take(a, Prefer::Other).edges_revised, 1u);
  EXPECT_EQ(b.history().edge(1)->attributes.weight, 1);
  EXPECT_EQ(differences(a, b), 0u);
}

TEST(Merge, AnOrdinalThatIsRetiredThereIsRetiredHere) {
  Named a(1), b(2);
  a.append(kRain);
  a.append(R"({"retire":["wet","supports","rain"],"ordinal":0})");
  EXPECT_EQ(b.take(a).edges_added, 1u);
  EXPECT_EQ(b.history().edges(), std::vector<EdgeId>{1});
  EXPECT_EQ(b.records(), a.records());
  const Version before = b.head();
  b.take(a);
  EXPECT_EQ(b.head(), before);
}

TEST(Merge, WhatIsRetiredHereStaysSoUnlessTheOtherIsPreferred) {
  Named a(1, 1000), b(2, 2000);
  a.append(kRain);
  b.append(kRain);
  b.append(R"({"retire":"wet"})");
  MergeReport report = b.take(a);
  EXPECT_EQ(report.passed_over, 3u);  // the node and its two edges
  EXPECT_EQ(report.conflicts.at(0).difference, "retired");
  EXPECT_EQ(b.history().nodes().size(), 1u);
  EXPECT_EQ(b.take(a, Prefer::Newer).passed_over, 3u);
  EXPECT_EQ(b.take(a, Prefer::Other).nodes_added, 1u);
  EXPECT_EQ(differences(a, b), 0u);
}

TEST(Merge, AKindNeverChanges) {
  Named a(1), b(2);
  a.append(R"({"node":"x","kind":"claim"})");
  b.append(R"({"node":"x","kind":"answer"})");
  const MergeReport report = b.take(a, Prefer::Other);
  EXPECT_EQ(report.conflicts.at(0).difference, "kind: answer and claim");
  EXPECT_FALSE(report.conflicts.at(0).takes_other);
  EXPECT_EQ(b.history().node(0)->kind, NodeKind::Answer);
}

TEST(Merge, NodesWithoutAKeyComeInOnceEachAndFindTheirWayBack) {
  Named a(1), b(2), c(3);
  const NodeId first = a.store->add_node(NodeKind::Step, {.weight = 2});
  a.store->add_node(NodeKind::Step, {.weight = 2});
  a.store->add_edge(first, a.store->type("next"), first + 1);
  a.store->commit();
  b.take(a);
  EXPECT_EQ(b.take(a).unchanged, 3u);
  EXPECT_EQ(b.history().node(0)->key, "00000000000000000000000000000001#0");
  c.take(b);
  EXPECT_EQ(c.take(a).unchanged, 3u);
  EXPECT_EQ(a.take(c).unchanged, 3u);
  EXPECT_EQ(a.head(), 1u);
  EXPECT_EQ(differences(a, c), 0u);
}

TEST(Merge, LongTextsAndEmbeddingsAreCarriedAlong) {
  Named a(1), b(2);
  const std::string text(1000, 'x');
  for (Named* graph : {&a, &b}) {
    const TableId table = graph->store->embedding_table({.name = "e", .columns = 2, .model = "m"});
    const std::string row = graph == &a ? "AAAABBBB" : "CCCCDDDD";
    graph->store->add_rows(table, row + row);
    graph->store->add_node(NodeKind::Claim,
                           {.text = graph == &a ? text : "", .embedding = EmbeddingRow{table, 1}},
                           graph == &a ? "a" : "b");
    graph->store->commit();
  }
  EXPECT_EQ(b.take(a).embedding_rows, 1u);
  const Node came = *b.history().node(*b.history().find_node("a"));
  EXPECT_TRUE(came.attributes.packed);
  EXPECT_EQ(b.store->text(came.attributes), text);
  EXPECT_EQ(came.attributes.embedding, (EmbeddingRow{0, 2}));
  EXPECT_EQ(b.store->rows(0, 2, 1), "AAAABBBB");
  EXPECT_EQ(b.take(a).unchanged, 1u);
}

TEST(Merge, ATableOfOtherNumbersGetsANameOfItsOwn) {
  Named a(1), b(2);
  const TableId table = a.store->embedding_table({.name = "e", .columns = 1, .model = "m"});
  a.store->add_rows(table, "AAAA");
  a.store->add_node(NodeKind::Claim, {.embedding = EmbeddingRow{table, 0}}, "a");
  a.store->commit();
  b.store->embedding_table({.name = "e", .columns = 1, .model = "another"});
  b.store->commit();
  EXPECT_EQ(b.take(a).notes.size(), 1u);
  EXPECT_EQ(b.history().tables()[1].name, "e@00000000000000000000000000000001");
  EXPECT_EQ(b.take(a).unchanged, 1u);
}

TEST(Merge, SpansPointIntoTheSameDocuments) {
  Named a(1), b(2);
  b.append(R"({"node":"other"})");
  a.append(R"({"node":"late"}
{"node":"doc","kind":"document"}
{"node":"s","kind":"span","span":{"document":"doc","bytes":[1,2]}}
{"node":"late","span":{"document":"s","bytes":[3,4]}}
{"edge":["s","of","doc"],"span":{"document":"doc"}}
)");
  EXPECT_EQ(b.take(a).notes, Lines());
  EXPECT_EQ(differences(a, b), 1u);  // `other`
  const Node late = *b.history().node(*b.history().find_node("late"));
  EXPECT_EQ(late.attributes.span->document, *b.history().find_node("s"));
  EXPECT_EQ(b.take(a).unchanged, 4u);
  a.append(R"({"retire":"doc"})");
  Named c(3);
  EXPECT_EQ(c.take(a).notes, Lines{"1 spans of documents that are not there any more"});
  EXPECT_EQ(c.take(a, Prefer::Other).unchanged, 2u);
}

TEST(Merge, PendingChangesAreRefused) {
  Named a(1), b(2);
  b.store->add_node(NodeKind::Claim, {}, "x");
  Reader reader = a.reader();
  EXPECT_THROW(merge(*b.store, reader), std::invalid_argument);
}

// A random history of nodes, edges, revisions and retirements.
void scribble(Named& graph, std::mt19937_64& random) {
  for (int i = 0; i < 60; ++i) {
    const auto name = [&] { return "\"n" + std::to_string(random() % 12) + "\""; };
    const std::string weight = std::to_string(random() % 3);
    std::string record = "{\"node\":" + name() + ",\"weight\":" + weight + "}";
    const std::string ends = "[" + name() + ",\"t\"," + name() + "]";
    if (random() % 2 == 0) record = "{\"edge\":" + ends + ",\"weight\":" + weight + "}";
    if (random() % 8 == 0) record = "{\"retire\":" + (random() % 2 ? ends : name()) + "}";
    try {
      graph.append(record);
    } catch (const std::invalid_argument&) {  // an end that is not there
    }
  }
}

TEST(Merge, AnEmptyStoreBecomesWhateverItIsGiven) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    Named a(1), b(2);
    scribble(a, random);
    b.take(a);
    EXPECT_EQ(differences(a, b), 0u) << seed;
    const Version before = b.head();
    b.take(a, Prefer::Newer);
    EXPECT_EQ(b.head(), before) << seed;
  }
}

TEST(Merge, AfterwardsEveryKeyOfTheOtherIsThere) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    Named a(1), b(2);
    scribble(a, random);
    scribble(b, random);
    b.take(a, Prefer::Other);
    for (const NodeId id : a.history().nodes()) {
      const Node node = *a.history().node(id);
      const auto found = b.history().find_node(node.key);
      ASSERT_TRUE(found) << seed;
      EXPECT_EQ(b.history().node(*found)->attributes, node.attributes) << seed;
    }
    const Version before = b.head();
    b.take(a, Prefer::Other);
    EXPECT_EQ(b.head(), before) << seed;
  }
}

TEST(KeyDiff, SaysWhatIsOnOneSideAndWhatChanged) {
  Named a(1), b(2);
  a.append(kRain);
  b.append(R"({"node":"dry"}
{"node":"wet","kind":"evidence"}
{"node":"rain","kind":"claim","text":"It rained."}
{"edge":["wet","supports","rain"]}
{"edge":["dry","supports","rain"]}
)");
  Reader left = a.reader(), right = b.reader();
  const KeyDiff diff = diff_by_key(left, {}, right, {});
  using Ids = std::vector<uint64_t>;
  using Pairs = std::vector<std::pair<uint64_t, uint64_t>>;
  EXPECT_EQ(diff.nodes.only_a, Ids{});
  EXPECT_EQ(diff.nodes.only_b, Ids{0});
  EXPECT_EQ(diff.nodes.changed, (Pairs{{1, 1}}));  // the provenance of `wet`
  EXPECT_EQ(diff.edges.only_a, Ids{1});
  EXPECT_EQ(diff.edges.only_b, Ids{1});
  EXPECT_EQ(diff.edges.changed, (Pairs{{0, 0}}));  // its weight
  const KeyDiff before = diff_by_key(left, {.version = 0}, right, {});
  EXPECT_EQ(before.nodes.only_b.size(), 3u);
  EXPECT_EQ(before.nodes.only_a.size() + before.nodes.changed.size(), 0u);
}

}  // namespace
}  // namespace saggio::graph
