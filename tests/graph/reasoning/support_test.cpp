// SPDX-License-Identifier: MIT
#include "graph/reasoning/support.h"

#include <gtest/gtest.h>

#include <map>

#include "graph/store/store.h"
#include "results/random.h"
#include "tests/graph/store/simulated_files.h"

// From stores: FORMAT.md 4 word by word, over everything that ever happened.
namespace saggio::graph {
namespace {

constexpr TimeUs kHour = 3'600'000'000;

struct Made {
  SimulatedFiles files;
  Store store = Store::open("s", {.uuid = Uuid{}, .files = &files});
};

// Nodes and edges of all sorts, with validities around hour 1, revised and retired at random.
void fill(Store& store, uint64_t seed) {
  results::Stream stream(seed);
  const auto below = [&](uint64_t n) { return stream.below(n); };
  const TypeId types[] = {store.type("supports"),
                          store.type("derives"),
                          store.type("contradicts"),
                          store.type("cites")};
  const NodeKind kinds[] = {NodeKind::Claim,
                            NodeKind::Evidence,
                            NodeKind::Step,
                            NodeKind::Answer,
                            NodeKind::Step,
                            NodeKind::Document};
  const auto attributes = [&] {
    Attributes a{.weight = static_cast<float>(1 + below(4)) / 4};
    if (below(8) == 0) a.status = static_cast<Status>(below(kStatuses));
    const auto from = static_cast<TimeUs>(below(3));
    if (below(4) == 0) a.valid.from = from * kHour;
    if (below(4) == 0) a.valid.to = (from + 1 + static_cast<TimeUs>(below(2))) * kHour;
    if (below(3) == 0) a.confidence.probability = static_cast<float>(1 + below(2)) / 2;
    return a;
  };
  const auto live = [&](auto has, uint64_t count) {
    std::vector<uint64_t> ids;
    for (uint64_t id = 0; id < count; ++id)
      if (has(id)) ids.push_back(id);
    return ids;
  };
  for (uint64_t group = 0; group < 4; ++group) {
    const History& history = store.history();
    for (uint64_t i = below(4) + (group == 0); i > 0; --i)
      store.add_node(kinds[below(6)], attributes());
    store.commit();
    const auto there = live([&](NodeId id) { return history.has_node(id); }, history.node_count());
    for (uint64_t i = below(7); i > 0 && !there.empty(); --i)
      store.add_edge(there[below(there.size())],
                     types[below(9) % 4],
                     there[below(there.size())],
                     attributes());
    store.commit();
    const auto edges = live([&](EdgeId id) { return history.has_edge(id); }, history.edge_count());
    if (!edges.empty() && below(2)) store.retire_edge(edges[below(edges.size())]);
    if (!there.empty() && below(3) == 0) store.retire_node(there[below(there.size())]);
    store.commit();
  }
}

// All that FORMAT.md 4 says of one node, asked of the history; `live`: who is, so far.
bool asks_for(const History& history,
              const AsOf& as_of,
              NodeId y,
              const std::map<NodeId, bool>& live) {
  const auto node = history.node(y, as_of);
  if (!node) return false;
  const Status status = node->attributes.status;
  if (status == Status::Refuted || status == Status::Superseded || status == Status::Unprovable)
    return false;
  const NodeKind kind = node->kind;
  if (kind == NodeKind::Evidence || kind == NodeKind::Document) return true;
  size_t reasons = 0;
  bool all = true, one = false;
  for (EdgeId id = 0; id < history.edge_count(); ++id) {
    std::optional<Edge> ever;  // as of any version up to this one, in all of the world
    for (Version version = 1; version <= as_of.version && !ever; ++version)
      ever = history.edge(id, {.version = version});
    if (!ever || ever->target != y) continue;
    const std::string& type = history.types()[ever->type];
    if (type != "supports" && type != "derives") continue;
    ++reasons;
    const bool holds = history.has_node(ever->source, as_of) && live.at(ever->source);
    all = all && holds;
    one = one || (holds && history.has_edge(id, as_of));
  }
  return kind == NodeKind::Step ? all && reasons > 0 : one;
}

TEST(SupportGraph, OfAnyPointOfAThousandStoresIsLiveAsTheFormatSays) {
  size_t live_nodes = 0, fallen_steps = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    Made made;
    fill(made.store, seed);
    const History& history = made.store.history();
    for (Version version = 0; version <= history.head(); ++version)
      for (const std::optional<TimeUs> world : {std::optional<TimeUs>(), {kHour}}) {
        const AsOf as_of{.version = version, .world = world};
        std::map<NodeId, bool> expected;
        for (NodeId id = 0; id < history.node_count(); ++id) expected[id] = false;
        for (bool changed = true; changed;) {
          changed = false;
          for (auto& [id, live] : expected)
            if (!live && asks_for(history, as_of, id, expected)) live = changed = true;
        }
        const SupportGraph graph = support_graph(history, as_of);
        const std::vector<uint8_t> live = live_support(graph);
        ASSERT_EQ(graph.ids, history.nodes(as_of));
        for (size_t x = 0; x < live.size(); ++x) {
          ASSERT_EQ(live[x], expected[graph.ids[x]])
              << "seed " << seed << " version " << version << " node " << graph.ids[x];
          live_nodes += live[x];
        }
        fallen_steps += graph.lost.size();
      }
  }
  EXPECT_GT(live_nodes, 10'000u);
  EXPECT_GT(fallen_steps, 100u);
}

TEST(SupportGraph, WeighsByEdgesAndByWhatIsKnownOfTheGiven) {
  Made made;
  Store& store = made.store;
  Attributes half;
  half.confidence.probability = .5f;
  const NodeId wet = store.add_node(NodeKind::Evidence, half, "wet");
  const NodeId rain = store.add_node(NodeKind::Claim, half, "rain");
  const NodeId odd = store.add_node(NodeKind::Claim, {}, "odd");
  store.add_edge(wet, store.type("supports"), rain, {.weight = .25f});
  store.add_edge(wet, store.type("supports"), odd, {.weight = 3});
  store.add_edge(wet, store.type("supports"), odd, {.weight = -1});
  store.add_edge(rain, store.type("contradicts"), odd);
  store.commit();

  const SupportGraph graph = support_graph(store.history());

  EXPECT_EQ(graph.given_cost, (std::vector<double>{1, 0, 0}));
  ASSERT_EQ(graph.reasons.size(), 3u);
  EXPECT_EQ(graph.reasons[0].cost, 2);
  EXPECT_EQ(graph.reasons[1].cost, 0);
  EXPECT_EQ(graph.reasons[2].cost, -std::log2(kLeastWeight));
  EXPECT_EQ(graph.clamped, 2u);
  ASSERT_EQ(graph.contradictions.size(), 1u);
  EXPECT_EQ(graph.ids[static_cast<size_t>(graph.contradictions[0].target)], odd);
}

TEST(SupportGraph, AStepFallsWithAPremiseThatWasRetiredAndNotWithAnEdgeThatWas) {
  Made made;
  Store& store = made.store;
  const NodeId a = store.add_node(NodeKind::Evidence, {}, "a");
  const NodeId b = store.add_node(NodeKind::Evidence, {}, "b");
  const NodeId step = store.add_node(NodeKind::Step, {}, "step");
  const EdgeId edge = store.add_edge(a, store.type("derives"), step);
  store.add_edge(b, store.type("derives"), step);
  store.commit();
  store.retire_edge(edge);
  store.commit();
  EXPECT_TRUE(live_support(support_graph(store.history()))[2]);
  store.retire_node(a);
  store.commit();

  const SupportGraph graph = support_graph(store.history());
  EXPECT_FALSE(live_support(graph)[1]);
  ASSERT_EQ(graph.lost.size(), 1u);
  EXPECT_EQ(graph.lost[0].premise, a);
  EXPECT_TRUE(live_support(support_graph(store.history(), {.version = 2}))[2]);
}

}  // namespace
}  // namespace saggio::graph
