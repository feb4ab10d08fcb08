// SPDX-License-Identifier: MIT
#include "viz/compare/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "graph/view/view.h"
#include "tests/graph/query/random_store.h"
#include "tests/graph/store/random_history.h"

namespace saggio::viz {
namespace {

using graph::AsOf;
using graph::Attributes;
using graph::History;
using graph::Reader;

Attributes without_embedding(Attributes attributes) {
  attributes.embedding.reset();
  return attributes;
}

// An element that one of two points or both have, against what the union says of it.
template <typename Element>
void expect_united(const std::optional<Element>& before,
                   const std::optional<Element>& after,
                   const std::optional<Element>& united,
                   Difference difference) {
  ASSERT_EQ(united.has_value(), before || after);
  if (!united) return;
  const Difference expected = !before                                   ? Difference::Added
                              : !after                                  ? Difference::Removed
                              : before->attributes != after->attributes ? Difference::Changed
                                                                        : Difference::Same;
  EXPECT_EQ(difference, expected) << united->id;
  EXPECT_EQ(united->attributes, without_embedding((after ? after : before)->attributes));
}

void expect_compares(Reader& reader, const AsOf& a, const AsOf& b) {
  const History& history = reader.history();
  const Comparison comparison({&reader, a, "a"}, {&reader, b, "b"});
  const History& united = comparison.history();
  DifferenceCounts nodes{}, edges{};
  ASSERT_EQ(united.node_count(), history.node_count());
  ASSERT_EQ(united.edge_count(), history.edge_count());
  for (graph::NodeId id = 0; id < history.node_count(); ++id) {
    const Difference difference = comparison.differences().nodes[id];
    expect_united(history.node(id, a), history.node(id, b), united.node(id), difference);
    nodes[static_cast<size_t>(difference)] += united.has_node(id);
    if (history.has_node(id, b)) {
      EXPECT_EQ(united.node_key(id), history.node_key(id));
    }
    EXPECT_EQ(united.node_kind(id), history.node_kind(id));
    const bool changed = united.has_node(id) && difference == Difference::Changed;
    EXPECT_EQ(comparison.changes_of(pick_of_node(static_cast<Slot>(id))).empty(), !changed);
  }
  for (graph::EdgeId id = 0; id < history.edge_count(); ++id) {
    const Difference difference = comparison.differences().edges[id];
    expect_united(history.edge(id, a), history.edge(id, b), united.edge(id), difference);
    edges[static_cast<size_t>(difference)] += united.has_edge(id);
    EXPECT_EQ(united.edge_ends(id).source, history.edge_ends(id).source);
    EXPECT_EQ(united.edge_ends(id).target, history.edge_ends(id).target);
  }
  EXPECT_EQ(comparison.nodes(), nodes);
  EXPECT_EQ(comparison.edges(), edges);
}

AsOf random_point(results::Stream& stream, graph::Version head) {
  AsOf as_of{.version = stream.below(head + 1)};
  if (stream.below(2)) as_of.world = static_cast<graph::TimeUs>(stream.below(40));
  return as_of;
}

TEST(Comparison, OfTwoPointsOfAStoreIsSetAlgebraOnIds) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    graph::RandomStore random(seed);
    Reader reader = Reader::open("s", &random.files);
    results::Stream stream(seed);
    for (int i = 0; i < 8; ++i) {
      const AsOf a = random_point(stream, reader.history().head());
      AsOf b = a;
      b.version = stream.below(reader.history().head() + 1);
      expect_compares(reader, a, b);
    }
  }
}

TEST(Comparison, OfALongHistoryToo) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    graph::SimulatedFiles files;
    graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
    graph::RandomHistory random(seed);
    for (int step = 0; step < 150; ++step) {
      random.change(store);
      if (step % 5 == 4) random.commit(store);
    }
    Reader reader = Reader::open("s", &files);
    results::Stream stream(seed);
    for (int i = 0; i < 10; ++i)
      expect_compares(reader,
                      {.version = stream.below(reader.history().head() + 1)},
                      {.version = stream.below(reader.history().head() + 1)});
  }
}

// What two stores have in common to be compared: names of elements, and what is said of each but
// for who said so.
struct Told {
  std::map<std::string, std::string> nodes, edges;
};

std::string key_in(const History& history, const std::string& store, graph::NodeId id) {
  const std::string_view key = history.node_key(id);
  return key.empty() ? fmt::format("{}#{}", store, id) : std::string(key);
}

std::string said(Reader& reader, const std::string& store, const Attributes& a) {
  const History& history = reader.history();
  std::string document, embedding;
  if (a.span && history.has_node(a.span->document))
    document = fmt::format("{} {} {} {} {} {}",
                           key_in(history, store, a.span->document),
                           a.span->byte_begin,
                           a.span->byte_end,
                           a.span->token_begin,
                           a.span->token_end,
                           a.span->tokenizer);
  if (a.embedding) {
    const graph::EmbeddingTable& table = history.tables()[a.embedding->table];
    embedding = fmt::format("{} {} {} {}",
                            table.columns,
                            static_cast<int>(table.numbers),
                            table.model,
                            reader.rows(a.embedding->table, a.embedding->row, 1));
  }
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}",
                     static_cast<int>(a.status),
                     a.weight,
                     a.confidence.probability,
                     a.confidence.logit,
                     a.confidence.method,
                     reader.text(a),
                     a.packed.has_value(),
                     a.valid.from,
                     a.valid.to,
                     a.rule,
                     a.labels,
                     a.qualifiers,
                     document + "|" + embedding);
}

Told told(Reader& reader, const std::string& store) {
  const History& history = reader.history();
  Told all;
  for (const graph::NodeId id : history.nodes()) {
    const auto node = *history.node(id);
    all.nodes[key_in(history, store, id)] =
        fmt::format("{} {}", name(node.kind), said(reader, store, node.attributes));
  }
  std::map<std::string, size_t> ordinals;
  for (graph::EdgeId id = 0; id < history.edge_count(); ++id) {
    const graph::EdgeEnds ends = history.edge_ends(id);
    const std::string between =
        fmt::format("{} {} {}", ends.source, history.types()[ends.type], ends.target);
    const size_t ordinal = ordinals[between]++;
    if (!history.has_edge(id)) continue;
    all.edges[fmt::format("{} {} {} {}",
                          key_in(history, store, ends.source),
                          history.types()[ends.type],
                          key_in(history, store, ends.target),
                          ordinal)] = said(reader, store, history.edge(id)->attributes);
  }
  return all;
}

DifferenceCounts algebra(const std::map<std::string, std::string>& before,
                         const std::map<std::string, std::string>& after) {
  DifferenceCounts counts{};
  const auto count = [&](Difference one) { ++counts[static_cast<size_t>(one)]; };
  for (const auto& [key, text] : after) {
    const auto found = before.find(key);
    count(found == before.end()   ? Difference::Added
          : found->second == text ? Difference::Same
                                  : Difference::Changed);
  }
  for (const auto& [key, text] : before)
    if (!after.contains(key)) count(Difference::Removed);
  return counts;
}

TEST(Comparison, OfTwoStoresIsSetAlgebraOnKeys) {
  DifferenceCounts in_all{};
  for (uint64_t seed = 0; seed < 60; ++seed) {
    // Both begin with the same changes, and go on differently.
    std::array<graph::SimulatedFiles, 2> files;
    for (uint8_t side = 0; side < 2; ++side) {
      graph::Store store =
          graph::Store::open("s", {.uuid = graph::Uuid{side}, .files = &files[side]});
      graph::RandomHistory same(seed);
      for (int i = 0; i < 40; ++i) same.change(store);
      same.commit(store);
      for (uint64_t i = 0; i < 6 * side; ++i)
        store.add_node(graph::NodeKind::Step, {}, fmt::format("new {}", i));
      for (const graph::NodeId id : store.history().nodes())
        if ((id + seed) % 5 == side) store.retire_node(id);
      for (const graph::EdgeId id : store.history().edges())
        if ((id + seed) % 7 == side) store.revise_edge(id, {.weight = 3});
      store.commit();
    }
    Reader a = Reader::open("s", &files[0]), b = Reader::open("s", &files[1]);
    const Comparison comparison({&a, {}, "a"}, {&b, {}, "b"});
    const Told before = told(a, "a"), after = told(b, "b");
    EXPECT_EQ(comparison.nodes(), algebra(before.nodes, after.nodes)) << seed;
    EXPECT_EQ(comparison.edges(), algebra(before.edges, after.edges)) << seed;
    for (size_t i = 0; i < in_all.size(); ++i) in_all[i] += comparison.nodes()[i];
    // The union has each key once, under b's ids as far as b gave any out.
    const History& united = comparison.history();
    std::set<std::string> keys;
    for (const graph::NodeId id : united.nodes())
      EXPECT_TRUE(united.node_key(id).empty() || keys.emplace(united.node_key(id)).second);
    for (const graph::NodeId id : b.history().nodes())
      EXPECT_EQ(united.node_key(id), b.history().node_key(id));
    EXPECT_EQ(graph::View::build(united).nodes(), static_cast<int>(united.nodes().size()));
  }
  for (const size_t count : in_all) EXPECT_GT(count, 0u);
}

class ComparedRain : public testing::Test {
 protected:
  ComparedRain() {
    rain_ = store_.add_node(graph::NodeKind::Claim, {.text = "It rained."}, "rain");
    wet_ = store_.add_node(graph::NodeKind::Evidence, {.text = "The street is wet."}, "wet");
    support_ = store_.add_edge(wet_, store_.type("supports"), rain_);
    store_.commit();
    store_.revise_node(rain_,
                       {.status = graph::Status::Refuted,
                        .confidence = {.probability = 0.25f},
                        .text = "It rained."});
    store_.retire_node(wet_);
    store_.add_node(graph::NodeKind::Evidence, {.text = "Dry, it is."}, "wet");
    store_.commit();
  }
  graph::SimulatedFiles files_;
  graph::Store store_ = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files_});
  graph::NodeId rain_ = 0, wet_ = 0;
  graph::EdgeId support_ = 0;
};

TEST_F(ComparedRain, SaysWhichAttributesBecameWhat) {
  Reader reader = Reader::open("s", &files_);
  const Comparison comparison({&reader, {.version = 1}, "version 1"},
                              {&reader, {.version = 2}, "version 2"});
  EXPECT_EQ(comparison.changes_of(pick_of_node(static_cast<Slot>(rain_))),
            (std::vector<ChangedValue>{{"status", "open", "refuted"}, {"confidence", "", "0.25"}}));
  EXPECT_TRUE(comparison.changes_of(pick_of_node(static_cast<Slot>(wet_))).empty());
  EXPECT_TRUE(comparison.changes_of(pick_of_edge(static_cast<Slot>(support_))).empty());
  EXPECT_TRUE(comparison.changes_of(0).empty());
  EXPECT_EQ(comparison.caption(),
            "version 2 against version 1   nodes: 1 added, 1 removed, 1 changed   "
            "edges: 1 removed");
}

TEST_F(ComparedRain, AKeyThatWentToAnotherNodeStaysWithIt) {
  Reader reader = Reader::open("s", &files_);
  const Comparison comparison({&reader, {.version = 1}, ""}, {&reader, {.version = 2}, ""});
  EXPECT_EQ(comparison.history().find_node("wet"), 2u);
  EXPECT_TRUE(comparison.history().has_node(wet_));
  EXPECT_EQ(comparison.history().node_key(wet_), "");
}

}  // namespace
}  // namespace saggio::viz
