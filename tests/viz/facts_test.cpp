// SPDX-License-Identifier: MIT
#include "viz/facts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/graph/query/random_store.h"
#include "tests/results/store/temporary_folder.h"

namespace saggio::viz {
namespace {

using graph::NodeKind;

constexpr graph::TimeUs kDay = int64_t{24} * 3600 * 1'000'000;

struct Listed {
  graph::SimulatedFiles files;
  graph::TimeUs clock = 19'000 * kDay;  // 2022-01-08
  graph::Store store = graph::Store::open(
      "s", {.uuid = graph::Uuid{}, .clock = [this] { return clock += kDay; }, .files = &files});
};

Facts facts_in(graph::Store& store,
               PickId picked,
               const graph::AsOf& as_of = {},
               size_t most = kMostTies) {
  const graph::View view = graph::View::build(store.history(), as_of);
  const graph::TextOf text_of = [&](const graph::Attributes& a) { return store.text(a); };
  const std::function<std::string(Slot)> label = [&](Slot slot) {
    return std::string(store.history().node_key(slot));
  };
  return facts_of(picked, {view, store.history(), text_of, label, store.folder()}, most);
}

const Fact* find(const std::vector<Fact>& facts, std::string_view name) {
  for (const Fact& fact : facts)
    if (fact.name == name) return &fact;
  return nullptr;
}
std::string value(const std::vector<Fact>& facts, std::string_view name) {
  const Fact* fact = find(facts, name);
  return fact ? fact->value : "(not listed)";
}

TEST(Facts, EveryAttributeOfANodeIsListed) {
  Listed listed;
  auto& store = listed.store;
  const auto report =
      store.add_node(NodeKind::Document, {.text = "Today: It rained a lot."}, "report");
  const auto table = store.embedding_table({"words", 2, graph::NumberType::F32, "m1"});
  store.add_rows(table, std::string(16, '\0'));
  const auto rain = store.add_node(
      NodeKind::Span,
      {.status = graph::Status::Supported,
       .weight = 0.5f,
       .confidence = {0.75f, 1.5f, "isotonic"},
       .text = "It rained",
       .valid = {19'000 * kDay, graph::kWithoutEnd},
       .span = graph::Span{report, 7, 16, 2, 4, "bytes"},
       .embedding = graph::EmbeddingRow{table, 1},
       .rule = "rain rule",
       .labels = {"weather", "past"},
       .qualifiers = {{"unit", "mm"}},
       .provenance =
           graph::Provenance{"r1", "exp", 12, 7, "w9", {"report", "https://example.org/a"}}},
      "rain");
  store.commit();
  store.revise_node(rain, store.history().node(rain)->attributes);
  store.commit();

  const Facts facts = facts_in(listed.store, pick_of_node(static_cast<Slot>(rain)));
  EXPECT_EQ(facts.title, "span rain");
  EXPECT_EQ(facts.copy_id, "#1");
  EXPECT_TRUE(facts.there);
  const std::vector<std::pair<const char*, const char*>> rows = {
      {"id", "#1"},
      {"key", "rain"},
      {"kind", "span"},
      {"status", "supported"},
      {"weight", "0.5"},
      {"confidence", "0.75"},
      {"logit", "1.5"},
      {"confidence by", "isotonic"},
      {"text", "It rained"},
      {"holds from", "2022-01-08"},
      {"holds until", "without end"},
      {"rule", "rain rule"},
      {"label", "weather"},
      {"unit", "mm"},
      {"embedding", "row 1 of words, 2 columns, by model m1"},
      {"came in version", "1, 2022-01-09 00:00:00 UTC"},
      {"last revised in version", "2, 2022-01-10 00:00:00 UTC"},
      {"revisions", "1"}};
  for (const auto& [name, expected] : rows) EXPECT_EQ(value(facts.rows, name), expected) << name;
  EXPECT_EQ(facts.rows.size(), rows.size() + 1);  // two labels
  const std::vector<std::pair<const char*, const char*>> provenance = {
      {"run", "r1"},
      {"experiment", "exp"},
      {"step", "12"},
      {"seed", "7"},
      {"model", "w9"},
      {"source", "report"},
      {"source document", "report"},
      {"bytes", "7 to 16"},
      {"tokens", "2 to 4"},
      {"tokenizer", "bytes"},
      {"source text", "It rained"}};
  for (const auto& [name, expected] : provenance)
    EXPECT_EQ(value(facts.provenance, name), expected) << name;
  EXPECT_EQ(facts.provenance.size(), provenance.size() + 1);  // two sources
  EXPECT_EQ(find(facts.provenance, "source")->node, std::optional<Slot>(0));
  EXPECT_EQ(find(facts.provenance, "source document")->node, std::optional<Slot>(0));
  EXPECT_EQ(facts.provenance[6].link, "https://example.org/a");
}

// Whatever a random store holds stands in some row, and ties are those of the store.
TEST(Facts, WhatAStoreSaysStandsInThem) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    graph::RandomStore random(seed);
    const graph::History& history = random.store.history();
    for (const graph::NodeId id : history.nodes()) {
      const graph::Node node = *history.node(id);
      const Facts facts = facts_in(random.store, pick_of_node(static_cast<Slot>(id)));
      const auto& a = node.attributes;
      std::vector<std::string> expected = {std::string(name(node.kind)),
                                           std::string(name(a.status))};
      for (const std::string& text : {node.key, random.store.text(a), a.rule, a.confidence.method})
        if (!text.empty()) expected.push_back(text);
      expected.insert(expected.end(), a.labels.begin(), a.labels.end());
      for (const auto& [key, text] : a.qualifiers) expected.push_back(text);
      for (const std::string& text : expected)
        EXPECT_TRUE(std::any_of(facts.rows.begin(), facts.rows.end(), [&](const Fact& fact) {
          return fact.value == text;
        })) << text;
      if (a.provenance) {
        EXPECT_EQ(value(facts.provenance, "seed"), std::to_string(a.provenance->seed));
      }
      std::vector<graph::EdgeId> ties;
      for (const Tie& tie : facts.ties) {
        ties.push_back(tie.edge);
        EXPECT_EQ(tie.other, tie.out ? random.ends[tie.edge].target : random.ends[tie.edge].source);
      }
      std::vector<graph::EdgeId> all = history.out(id), in = history.in(id);
      all.insert(all.end(), in.begin(), in.end());
      std::sort(ties.begin(), ties.end());
      std::sort(all.begin(), all.end());
      EXPECT_EQ(ties, all);
      EXPECT_EQ(facts.ties_in_all, all.size());
    }
  }
}

TEST(Facts, AnEdgeSaysWhatItJoins) {
  Listed listed;
  auto& store = listed.store;
  const auto a = store.add_node(NodeKind::Claim, {}, "wet");
  const auto b = store.add_node(NodeKind::Claim, {}, "rain");
  store.add_edge(a, store.type("supports"), b, {.weight = 0.25f});
  store.commit();
  const Facts facts = facts_in(listed.store, pick_of_edge(0));
  EXPECT_EQ(facts.title, "wet supports rain");
  EXPECT_EQ(value(facts.rows, "type"), "supports");
  EXPECT_EQ(value(facts.rows, "weight"), "0.25");
  EXPECT_EQ(find(facts.rows, "to")->node, std::optional<Slot>(static_cast<Slot>(b)));
  EXPECT_EQ(facts.ties_in_all, 0u);
}

TEST(Facts, OfMoreTiesThanAllowedTheRestIsCounted) {
  Listed listed;
  auto& store = listed.store;
  const auto hub = store.add_node(NodeKind::Claim, {}, "hub");
  store.add_edge(hub, store.type("same"), hub);
  for (int i = 0; i < 9; ++i)
    store.add_edge(store.add_node(NodeKind::Claim, {}, "n" + std::to_string(i)), 0, hub);
  store.commit();
  const Facts facts = facts_in(listed.store, pick_of_node(0), {}, 5);
  EXPECT_EQ(facts.ties.size(), 5u);
  EXPECT_EQ(facts.ties_in_all, 11u);  // the loop leads out and in
}

TEST(Facts, WhatIsNotThereAnyMoreSaysWhenItWas) {
  Listed listed;
  auto& store = listed.store;
  const auto gone = store.add_node(NodeKind::Claim, {.text = "once"}, "gone");
  store.commit();
  store.retire_node(gone);
  store.commit();
  const Facts facts = facts_in(listed.store, pick_of_node(0));
  EXPECT_FALSE(facts.there);
  EXPECT_EQ(value(facts.rows, "retired in version"), "2, 2022-01-10 00:00:00 UTC");
  EXPECT_TRUE(facts_in(listed.store, pick_of_node(0), {.version = 1}).there);
  EXPECT_THROW(facts_in(listed.store, pick_of_node(1)), std::invalid_argument);
  EXPECT_THROW(facts_in(listed.store, pick_of_edge(0)), std::invalid_argument);
  EXPECT_THROW(facts_in(listed.store, 0), std::invalid_argument);
}

TEST(Facts, LongTextsAreCutBetweenCharacters) {
  Listed listed;
  std::string text = "x";
  while (text.size() < 2 * kLongestValue) text += "雨";
  listed.store.add_node(NodeKind::Claim, {.text = text}, "long");
  listed.store.commit();
  const std::string listed_text = value(facts_in(listed.store, pick_of_node(0)).rows, "text");
  EXPECT_LT(listed_text.size(), kLongestValue + 40);
  EXPECT_NE(listed_text.find("雨… (131074 bytes in all)"), std::string::npos);
}

TEST(Facts, LinksAreUrlsAndFilesThatAreThere) {
  const results::TemporaryFolder temporary;
  const std::string folder = temporary.path().string();
  std::ofstream(folder + "/report.pdf") << "x";
  EXPECT_EQ(link_of("https://example.org/x?y=1", {}), "https://example.org/x?y=1");
  EXPECT_EQ(link_of("https://example.org and more", {}), "");
  EXPECT_EQ(link_of("javascript://x", {}), "");
  EXPECT_EQ(link_of("report.pdf", {"/nowhere", folder}), folder + "/report.pdf");
  EXPECT_EQ(link_of(folder + "/report.pdf", {}), folder + "/report.pdf");
  EXPECT_EQ(link_of("missing.pdf", {folder}), "");
  EXPECT_EQ(link_of("", {folder}), "");
  EXPECT_EQ(link_of(std::string(10'000, '/'), {folder}), "");
}

}  // namespace
}  // namespace saggio::viz
