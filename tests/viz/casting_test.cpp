// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstring>

#include "graph/store/store.h"
#include "results/random.h"
#include "tests/results/store/temporary_folder.h"
#include "viz/plan/cast.h"
#include "viz/state/view_state.h"

// What follows a store at the price of what came is bit by bit what is made of it anew.
namespace saggio::viz {
namespace {

void expect_same(const Vec3& a, const Vec3& b, const char* what) {
  EXPECT_EQ(std::memcmp(&a, &b, sizeof a), 0) << what;
}

void expect_same_items(const auto& a, const auto& b, const char* what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (size_t i = 0; i < a.size(); ++i)
    ASSERT_EQ(std::memcmp(&a[i], &b[i], sizeof a[i]), 0) << what << " " << i;
}

void expect_same_cast(const Cast& a, const Cast& b) {
  expect_same_items(a.balls, b.balls, "balls");
  expect_same_items(a.lines, b.lines, "lines");
  EXPECT_EQ(a.curved, b.curved);
  EXPECT_EQ(a.dimmed, b.dimmed);
  ASSERT_EQ(a.landmarks.size(), b.landmarks.size());
  for (size_t i = 0; i < a.landmarks.size(); ++i) {
    const Landmark &x = a.landmarks[i], &y = b.landmarks[i];
    ASSERT_EQ(std::tie(x.node, x.x, x.y, x.z, x.radius, x.rank, x.degree),
              std::tie(y.node, y.x, y.y, y.z, y.radius, y.rank, y.degree));
  }
  expect_same(a.low, b.low, "low");
  expect_same(a.high, b.high, "high");
  ASSERT_EQ(a.crowd != nullptr, b.crowd != nullptr);
  if (!a.crowd) return;
  expect_same_items(a.crowd->nodes, b.crowd->nodes, "crowd of nodes");
  expect_same_items(a.crowd->threads, b.crowd->threads, "threads");
  EXPECT_EQ(a.crowd->nodes_there, b.crowd->nodes_there);
  EXPECT_EQ(a.crowd->threads_there, b.crowd->threads_there);
  EXPECT_EQ(a.crowd->threads_in_all, b.crowd->threads_in_all);
  EXPECT_EQ(a.crowd->hues, b.crowd->hues);
  EXPECT_EQ(a.crowd->hue_count, b.crowd->hue_count);
}

// A store that grows at random, and what a session keeps of it.
class CastingTest : public testing::TestWithParam<uint64_t> {
 protected:
  graph::NodeId any_node() { return random_.below(store_.history().node_count()); }
  graph::EdgeId any_edge() { return random_.below(1 + store_.history().edge_count()); }
  graph::Attributes any_attributes() {
    graph::Attributes attributes;
    if (random_.below(3)) attributes.confidence.probability = static_cast<float>(random_.uniform());
    attributes.status = static_cast<graph::Status>(random_.below(graph::kStatuses));
    attributes.provenance = graph::Provenance{.run = "run " + std::to_string(random_.below(4))};
    return attributes;
  }
  void edit() {
    static constexpr const char* kTypes[] = {
        "supports", "contradicts", "derives", "a", "b", "c", "d", "e", "f"};
    try {
      switch (random_.below(12)) {
        case 0:
          return store_.retire_node(any_node());
        case 1:
          return store_.retire_edge(any_edge());
        case 2:
          return store_.revise_node(any_node(), any_attributes());
        case 3:
          return store_.revise_edge(any_edge(), any_attributes());
        case 4:
        case 5:
        case 6:
          store_.add_node(static_cast<graph::NodeKind>(random_.below(graph::kNodeKinds)),
                          any_attributes(),
                          std::to_string(store_.history().node_count()));
          return;
        default:
          // Types come one after the other, and not all as often.
          const uint64_t types = std::min<uint64_t>(9, 2 + store_.history().edge_count() / 40);
          const char* type = kTypes[random_.below(1 + random_.below(types))];
          store_.add_edge(any_node(), store_.type(type), any_node(), any_attributes());
      }
    } catch (const std::invalid_argument&) {  // retired before
    }
  }
  void commit(size_t edits) {
    for (size_t i = 0; i < edits; ++i) edit();
    store_.commit(graph::Durability::Visible);
  }
  void see() {
    scene_.follow(store_.history());
    scene_.show({.version = scene_.head()});
    for (Slot slot = static_cast<Slot>(positions_.size()); slot < scene_.node_slots(); ++slot) {
      positions_.resize(slot + 1);
      if (random_.below(8) == 0) continue;  // nothing has placed it yet
      const auto place = [&] { return static_cast<float>(random_.uniform()); };
      positions_.x[slot] = place(), positions_.y[slot] = place(), positions_.z[slot] = place();
    }
  }
  Marks fresh_marks() {
    const graph::View view = graph::View::build(store_.history(), scene_.as_of());
    const graph::TextOf text_of = [](const graph::Attributes& a) { return a.text; };
    return marks_of(state_, scene_, {view, store_.history(), text_of});
  }
  Sources sources() const { return {scene_, positions_, marks_, looking_.looks()}; }
  void look() { looking_.look(scene_, state_.style, name_of_, {}); }

  results::Stream random_{GetParam()};
  results::TemporaryFolder temporary_;
  graph::Store store_ = graph::Store::open((temporary_.path() / "store").string());
  ViewState state_;
  Scene scene_;
  Positions positions_;
  Marks marks_;
  Looking looking_;
  const NameOf name_of_ = [this](Slot slot) {
    const auto node = store_.history().view_node(slot, scene_.as_of());
    return node ? std::string(node->run) : std::string();
  };
};

TEST_P(CastingTest, WhatFollowsAStoreIsWhatIsMadeAnew) {
  const std::vector<ColourBy> colours = {
      ColourBy::Kind, ColourBy::Status, ColourBy::Confidence, ColourBy::Run};
  state_.style.colour = colours[GetParam() % colours.size()];
  if (GetParam() % 3 == 1) state_.style.size = SizeBy::Confidence;
  if (GetParam() % 3 == 2) state_.style.size = SizeBy::Degree;
  state_.selection = {1, 5, 30};
  const Limits limits{.balls = 20 + 40 * (GetParam() % 3),
                      .lines = 20 + 30 * (GetParam() % 4),
                      .threads = GetParam() % 2 ? 50u : 2'000u};
  store_.add_node(graph::NodeKind::Question, {}, "why");
  for (int i = 0; i < 30; ++i)
    store_.add_node(graph::NodeKind::Claim, {}, "claim " + std::to_string(i));
  commit(150);
  see();
  marks_ = fresh_marks();
  look();
  auto casting = std::make_unique<Casting>(state_.style, sources(), 0.02f, limits);
  size_t followed = 0;
  for (int step = 0; step < 120; ++step) {
    commit(1 + random_.below(6));
    see();
    if (scene_.touched().all) {
      marks_ = fresh_marks();
      look();
      casting = std::make_unique<Casting>(state_.style, sources(), 0.02f, limits);
      continue;
    }
    follow_in(marks_, state_.selection, scene_);
    const Marks marks = fresh_marks();
    ASSERT_EQ(marks_.nodes, marks.nodes);
    ASSERT_EQ(marks_.edges, marks.edges);
    ASSERT_EQ(marks_.nodes_shown, marks.nodes_shown);
    ASSERT_EQ(marks_.edges_shown, marks.edges_shown);
    const bool same_looks = looking_.follow(scene_, name_of_);
    if (!same_looks) look();
    const Looks looks = looks_of(scene_, state_.style, name_of_);
    ASSERT_EQ(looking_.looks().nodes, looks.nodes);
    ASSERT_EQ(looking_.looks().sizes, looks.sizes);
    ASSERT_EQ(looking_.looks().edges, looks.edges);
    ASSERT_EQ(looking_.looks().legend, looks.legend);
    if (same_looks && casting->follow(scene_.touched())) {
      ++followed;
    } else {
      casting = std::make_unique<Casting>(state_.style, sources(), 0.02f, limits);
    }
    // Some are done piece by piece, while the store goes on.
    while (!casting->step(Casting::Clock::time_point::min()) && random_.below(4)) continue;
    if (!casting->done()) continue;
    expect_same_cast(casting->cast(), cast_of(state_.style, sources(), 0.02f, limits));
    if (HasFatalFailure()) return;
  }
  if (state_.style.size != SizeBy::Degree) {
    EXPECT_GT(followed, 30u);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CastingTest, testing::Range<uint64_t>(0, 24));

TEST(Pages, ACopyKeepsWhatItHeldAndSharesWhatNobodyWrote) {
  Pages<int> pages(std::vector<int>(3 * Pages<int>::kItems, 7));
  const Pages<int> copy = pages;
  pages.write(Pages<int>::kItems) = 8;
  pages.resize(pages.size() + 1);
  EXPECT_EQ(copy[Pages<int>::kItems], 7);
  EXPECT_EQ(pages[Pages<int>::kItems], 8);
  EXPECT_TRUE(pages.shares(0, copy));
  EXPECT_FALSE(pages.shares(1, copy));
  EXPECT_TRUE(pages.shares(2, copy));
  EXPECT_FALSE(pages.shares(3, copy));
  EXPECT_EQ(pages.page(3).size(), 1u);
  EXPECT_EQ(pages[pages.size() - 1], 0);
}

}  // namespace
}  // namespace saggio::viz
