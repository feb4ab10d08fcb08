// SPDX-License-Identifier: MIT
#include "viz/state/marks.h"

#include <gtest/gtest.h>

#include <set>

#include "graph/algorithms/bfs.h"
#include "tests/graph/query/random_store.h"

namespace saggio::viz {
namespace {

using graph::NodeKind;
using Ids = std::set<uint64_t>;

struct Picture {
  Scene scene;
  graph::View view;
  Marks marks;
};

Picture picture_of(const graph::Store& store, const ViewState& state) {
  const graph::History& history = store.history();
  const graph::AsOf as_of = point_of(state, history);
  Picture picture{{}, graph::View::build(history, as_of), {}};
  picture.scene.follow(history);
  picture.scene.show(as_of);
  const graph::TextOf text_of = [](const graph::Attributes& a) { return a.text; };
  picture.marks = marks_of(state, picture.scene, {picture.view, history, text_of});
  return picture;
}

Ids with(const std::vector<uint8_t>& marks, uint8_t bits) {
  Ids ids;
  for (size_t i = 0; i < marks.size(); ++i)
    if ((marks[i] & bits) == bits) ids.insert(i);
  return ids;
}

// rain <-supports- wet, <-derives- step <-supports- cloud; sun -contradicts-> rain; alone.
struct Rain {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  graph::NodeId rain, wet, step, cloud, sun, alone;
  graph::EdgeId wets, derives, clouds, suns;

  Rain() {
    const auto add = [&](NodeKind kind, const char* key) { return store.add_node(kind, {}, key); };
    const auto join = [&](graph::NodeId a, const char* type, graph::NodeId b, float weight) {
      return store.add_edge(a, store.type(type), b, {.weight = weight});
    };
    rain = add(NodeKind::Claim, "rain");
    wet = add(NodeKind::Evidence, "wet");
    step = add(NodeKind::Step, "step");
    cloud = add(NodeKind::Evidence, "cloud");
    sun = add(NodeKind::Evidence, "sun");
    alone = add(NodeKind::Question, "alone");
    wets = join(wet, "supports", rain, 0.2f);
    derives = join(step, "derives", rain, 0.9f);
    clouds = join(cloud, "supports", step, 1);
    suns = join(sun, "contradicts", rain, 1);
    store.commit();
  }
};

TEST(Marks, WithoutAChoiceEverythingIsShownAndNothingStandsOut) {
  Rain r;
  const Picture p = picture_of(r.store, {});
  EXPECT_EQ(p.marks.nodes_shown, 6u);
  EXPECT_EQ(p.marks.edges_shown, 4u);
  EXPECT_FALSE(p.marks.dims);
  EXPECT_TRUE(with(p.marks.nodes, kStrong).empty());
}

TEST(Marks, AFilterShowsWhatTheQueryFindsAndTheEdgesBetween) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    graph::RandomStore random(seed);
    results::Stream stream(seed);
    const graph::History& history = random.store.history();
    for (const std::string query : {"kind = claim or kind = step",
                                    "confidence > 0.5",
                                    "not status = open",
                                    "edges where type = supports",
                                    "edges where weight < 1",
                                    "degree > 1",
                                    "kind = span and degree > 99"}) {
      const Picture p = picture_of(random.store, {.filter = query});
      const graph::TextOf text_of = [&](const graph::Attributes& a) {
        return random.store.text(a);
      };
      const graph::Selection found = graph::evaluate(graph::parse(query), p.view, history, text_of);
      Ids nodes, edges;
      const auto& ends = p.scene.edges();
      if (found.target == graph::Target::Nodes) {
        found.set.for_each([&](int32_t x) { nodes.insert(p.view.node_id(x)); });
        for (Slot e = 0; e < p.scene.edge_slots(); ++e)
          if (ends.there[e] && nodes.contains(ends.source[e]) && nodes.contains(ends.target[e]))
            edges.insert(e);
      } else {
        found.set.for_each([&](int32_t x) {
          const auto e = p.view.edge_id(x);
          edges.insert(e);
          nodes.insert({ends.source[e], ends.target[e]});
        });
      }
      EXPECT_EQ(with(p.marks.nodes, kShown), nodes) << query;
      EXPECT_EQ(with(p.marks.edges, kShown), edges) << query;
      EXPECT_EQ(p.marks.nodes_shown, nodes.size());
      EXPECT_EQ(p.marks.notes.empty(), found.count() > 0 && found.notes.empty());
    }
  }
}

TEST(Marks, AFilterThatNamesAVersionShowsThatVersion) {
  Rain r;
  r.store.retire_node(r.sun);
  r.store.commit();
  EXPECT_EQ(picture_of(r.store, {}).marks.nodes_shown, 5u);
  EXPECT_EQ(picture_of(r.store, {.filter = "nodes as of 1"}).marks.nodes_shown, 6u);
  EXPECT_EQ(picture_of(r.store, {.version = 1}).marks.nodes_shown, 6u);
}

TEST(Marks, AFocusShowsWhatLiesWithinSoManyHops) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    graph::RandomStore random(seed);
    const graph::View view = graph::View::build(random.store.history());
    if (view.nodes() == 0) continue;
    for (const auto direction :
         {graph::Direction::Out, graph::Direction::In, graph::Direction::Both})
      for (int32_t hops = 0; hops < 4; ++hops) {
        const graph::NodeIndex from = static_cast<graph::NodeIndex>(seed) % view.nodes();
        const Picture p =
            picture_of(random.store, {.focus = Focus{{view.node_id(from)}, hops, direction}});
        const auto depths = graph::bfs_depths(view, std::span(&from, 1), {.direction = direction});
        Ids near;
        for (graph::NodeIndex x = 0; x < view.nodes(); ++x)
          if (depths[static_cast<size_t>(x)] >= 0 && depths[static_cast<size_t>(x)] <= hops)
            near.insert(view.node_id(x));
        EXPECT_EQ(with(p.marks.nodes, kShown), near);
      }
  }
}

TEST(Marks, APathIsLiftedOutAndTheRestDimmed) {
  Rain r;
  const Picture p = picture_of(r.store, {.highlight = Highlight{"path", r.cloud, r.rain}});
  EXPECT_TRUE(p.marks.dims);
  EXPECT_EQ(with(p.marks.nodes, kShown | kStrong), (Ids{r.cloud, r.step, r.rain}));
  EXPECT_EQ(with(p.marks.edges, kShown | kStrong), (Ids{r.clouds, r.derives}));
  EXPECT_EQ(p.marks.nodes_shown, 6u);
  EXPECT_TRUE(p.marks.notes.empty());
}

TEST(Marks, APathAgainstTheEdgesOrNoneAtAllIsSaid) {
  Rain r;
  const Picture back = picture_of(r.store, {.highlight = Highlight{"path", r.wet, r.cloud}});
  EXPECT_EQ(with(back.marks.edges, kStrong), (Ids{r.wets, r.derives, r.clouds}));
  EXPECT_EQ(back.marks.notes,
            std::vector<std::string>{
                "no path from wet to cloud along the edges; this one goes against some"});
  const Picture none = picture_of(r.store, {.highlight = Highlight{"path", r.wet, r.alone}});
  EXPECT_EQ(with(none.marks.nodes, kStrong), (Ids{r.wet, r.alone}));
  EXPECT_EQ(
      none.marks.notes,
      std::vector<std::string>{"no path from wet to alone along the edges, nor against them"});
}

TEST(Marks, AProofIsTheBestOne) {
  Rain r;
  const Picture p = picture_of(r.store, {.highlight = Highlight{"proof", r.rain, r.rain}});
  EXPECT_EQ(with(p.marks.nodes, kStrong), (Ids{r.rain, r.step, r.cloud}));
  EXPECT_EQ(with(p.marks.edges, kStrong), (Ids{r.derives, r.clouds}));
  const Picture none = picture_of(r.store, {.highlight = Highlight{"proof", r.alone, r.alone}});
  EXPECT_EQ(none.marks.notes,
            std::vector<std::string>{"alone has no live support, so there is no proof of it"});
}

TEST(Marks, WhatSpeaksAgainstANodeStandsOut) {
  Rain r;
  const Picture p = picture_of(r.store, {.highlight = Highlight{"against", r.rain, r.rain}});
  EXPECT_EQ(with(p.marks.nodes, kStrong), (Ids{r.rain, r.sun}));
  EXPECT_EQ(with(p.marks.edges, kStrong), (Ids{r.suns}));
}

TEST(Marks, WhatStandsOutIsShownEvenIfTheFilterHidesIt) {
  Rain r;
  const Picture p = picture_of(
      r.store, {.filter = "kind = question", .highlight = Highlight{"proof", r.rain, r.rain}});
  EXPECT_EQ(with(p.marks.nodes, kShown), (Ids{r.alone, r.rain, r.step, r.cloud}));
  EXPECT_EQ(with(p.marks.edges, kShown), (Ids{r.derives, r.clouds}));
}

TEST(Marks, WhatIsNotThereAnyMoreIsLeftOutInSilence) {
  Rain r;
  r.store.retire_node(r.sun);
  r.store.commit();
  const Picture p = picture_of(r.store,
                               {.focus = Focus{{r.sun, r.rain}, 1},
                                .highlight = Highlight{"path", r.sun, r.rain},
                                .selection = {r.wet, r.sun, 77}});
  EXPECT_EQ(with(p.marks.nodes, kSelected), (Ids{r.wet}));
  EXPECT_FALSE(p.marks.dims);
  EXPECT_FALSE(p.marks.nodes[r.sun]);
}

// The nodes that hang on `node` alone, by removing it and looking what is still joined.
Ids hanging(const Ids& shown,
            const std::vector<graph::EdgeEnds>& edges,
            graph::NodeId node,
            const std::optional<Ids>& focus) {
  const auto part_from = [&](graph::NodeId start) {
    Ids part = {start};
    for (size_t before = 0; before != part.size();) {
      before = part.size();
      for (const graph::EdgeEnds& e : edges)
        for (const auto& [a, b] : {std::pair(e.source, e.target), std::pair(e.target, e.source)})
          if (part.count(a) && shown.count(b) && b != node) part.insert(b);
    }
    return part;
  };
  std::set<Ids> parts;
  size_t all = 0;
  for (const graph::EdgeEnds& e : edges)
    for (const auto& [a, b] : {std::pair(e.source, e.target), std::pair(e.target, e.source)})
      if (a == node && b != node && shown.count(b))
        if (const Ids part = part_from(b); parts.insert(part).second) all += part.size();
  Ids hidden;
  for (const Ids& part : parts) {
    bool stays = !focus && part.size() > 1 && 2 * part.size() > all;
    if (focus)
      for (const graph::NodeId id : *focus) stays |= part.count(id) > 0;
    if (!stays) hidden.insert(part.begin(), part.end());
  }
  return hidden;
}

TEST(Marks, FoldsAreDoneInTheirOrderAndEndOnCircles) {
  size_t hidden = 0, expanded = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    graph::RandomStore random(seed);
    const graph::History& history = random.store.history();
    const std::vector<graph::NodeId> nodes = history.nodes();
    if (nodes.empty()) continue;
    results::Stream stream(seed);
    const auto some = [&] { return nodes[stream.below(nodes.size())]; };
    ViewState state;
    std::optional<Ids> focus;
    if (stream.below(2)) {
      state.focus = Focus{{some()}, static_cast<int32_t>(stream.below(3))};
      focus = Ids(state.focus->nodes.begin(), state.focus->nodes.end());
    }
    std::vector<graph::EdgeEnds> edges;
    for (const graph::EdgeId id : history.edges()) edges.push_back(random.ends[id]);
    Ids shown = with(picture_of(random.store, state).marks.nodes, kShown);
    for (uint64_t n = stream.below(5); n > 0; --n) {
      const graph::NodeId node = some();
      const auto direction = static_cast<graph::Direction>(stream.below(3));
      state.folds.push_back({node, stream.below(2) == 0, direction});
      if (state.folds.back().expand) {
        shown.insert(node);
        for (const graph::EdgeEnds& e : edges) {
          if (e.source == node && direction != graph::Direction::In) shown.insert(e.target);
          if (e.target == node && direction != graph::Direction::Out) shown.insert(e.source);
        }
        ++expanded;
      } else {
        for (const graph::NodeId id : hanging(shown, edges, node, focus)) hidden += shown.erase(id);
      }
    }
    const Picture p = picture_of(random.store, state);
    ASSERT_EQ(with(p.marks.nodes, kShown), shown) << seed;
    Ids between;
    for (const graph::EdgeId id : history.edges())
      if (shown.count(random.ends[id].source) && shown.count(random.ends[id].target))
        between.insert(id);
    ASSERT_EQ(with(p.marks.edges, kShown), between) << seed;
  }
  EXPECT_GT(hidden, 50u);
  EXPECT_GT(expanded, 100u);
}

TEST(Marks, TheCoreIsTheSourcesOfBothSidesOfAContradictionWithTheirProofs) {
  Rain r;
  ViewState state;
  state.highlight = Highlight{"core"};
  const Picture p = picture_of(r.store, state);
  // Without `wet` it would still be live, by the better proof.
  EXPECT_EQ(with(p.marks.nodes, kStrong), (Ids{r.rain, r.step, r.cloud, r.sun}));
  EXPECT_EQ(with(p.marks.edges, kStrong), (Ids{r.derives, r.clouds, r.suns}));
  EXPECT_TRUE(p.marks.dims);
  r.store.retire_node(r.sun);
  r.store.commit();
  const Picture without = picture_of(r.store, state);
  EXPECT_TRUE(with(without.marks.nodes, kStrong).empty());
  EXPECT_EQ(without.marks.notes,
            std::vector<std::string>{"nothing that is live contradicts anything that is"});
}

}  // namespace
}  // namespace saggio::viz
