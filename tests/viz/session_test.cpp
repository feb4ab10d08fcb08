// SPDX-License-Identifier: MIT
#include "viz/session.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "graph/layout/saved.h"
#include "results/random.h"
#include "tests/results/store/temporary_folder.h"
#include "viz/plan/overlay.h"

namespace saggio::viz {
namespace {

using graph::NodeKind;

// A store in a folder of its own, gone afterwards.
class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    store_.emplace(graph::Store::open(folder_));
    a_ = store_->add_node(
        NodeKind::Claim, {.confidence = {.probability = 0.5f}, .text = "It rained."}, "rain");
    b_ = store_->add_node(
        NodeKind::Evidence,
        {.text = "The street is wet, all of it, and has been so since the morning."});
    store_->add_edge(b_, store_->type("supports"), a_);
    store_->commit(graph::Durability::Visible);
  }

  results::TemporaryFolder temporary_;
  std::string folder_ = (temporary_.path() / "store").string();
  std::optional<graph::Store> store_;
  graph::NodeId a_ = 0, b_ = 0;
  Font font_ = Font::standard(14);
};

TEST_F(SessionTest, ShowsTheHeadAndSaysSo) {
  Session session(folder_, {800, 600});
  session.set_font(font_);
  session.perform({Fit{}});
  const RenderPlan plan = session.plan(font_);
  EXPECT_EQ(plan.balls.size(), 2u);
  EXPECT_EQ(plan.lines.size(), 1u);
  EXPECT_EQ(plan.labels.size(), 2u);
  EXPECT_NE(plan.caption.find("version 1 of 1   2 of 2 nodes, 1 of 1 edges"), std::string::npos);
  EXPECT_EQ(plan.legend.legend.nodes.size(), 2u);
}

TEST_F(SessionTest, LabelsAreKeysAndWhereThoseAreLongTexts) {
  Session session(folder_, {800, 600});
  EXPECT_EQ(session.label_of(0), "rain");
  EXPECT_EQ(session.label_of(1).substr(0, 17), "The street is wet");
  EXPECT_EQ(session.node_named("rain"), a_);
  EXPECT_THROW(session.node_named("snow"), std::invalid_argument);
}

TEST_F(SessionTest, WhatArrivesIsShownAndIsNeverUndone) {
  Session session(folder_, {800, 600});
  const uint64_t initial = hash_of(session.state());
  session.perform({Dark{}});
  EXPECT_FALSE(session.follow());
  store_->add_node(NodeKind::Claim, {.text = "new"});
  store_->commit(graph::Durability::Visible);
  EXPECT_TRUE(session.follow());
  EXPECT_EQ(session.marks().nodes_shown, 3u);

  session.perform({Undo{}});
  EXPECT_EQ(hash_of(session.state()), initial);
  EXPECT_EQ(session.marks().nodes_shown, 3u);
}

TEST_F(SessionTest, AnOldVersionStaysWhileMoreArrives) {
  Session session(folder_, {800, 600});
  session.perform({GoTo{.version = 1}});
  store_->retire_node(b_);
  store_->commit(graph::Durability::Visible);
  EXPECT_TRUE(session.follow());
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  session.perform({GoTo{}});
  EXPECT_EQ(session.marks().nodes_shown, 1u);
  EXPECT_EQ(session.marks().edges_shown, 0u);
}

TEST_F(SessionTest, WhilePausedThePictureStaysAndItIsCountedWhatComes) {
  Session session(folder_, {800, 600});
  session.perform({Fit{}});
  EXPECT_EQ(session.came_since(), 0u);
  session.perform({GoTo{.version = session.point().version}});
  const RenderPlan before = session.plan(font_);
  for (int i = 0; i < 3; ++i) {
    store_->add_node(NodeKind::Claim, {.text = fmt::format("{}", i)});
    store_->commit(graph::Durability::Visible);
    session.follow();
  }
  EXPECT_EQ(session.came_since(), 3u);
  session.perform({GoTo{.version = 2}});
  EXPECT_EQ(session.came_since(), 3u);  // looking around is no resuming
  session.perform({GoTo{.version = 1}});
  const RenderPlan paused = session.plan(font_);
  ASSERT_EQ(paused.balls.size(), before.balls.size());
  for (size_t i = 0; i < before.balls.size(); ++i) {
    EXPECT_EQ(paused.balls[i].id, before.balls[i].id);
    EXPECT_EQ(paused.balls[i].x, before.balls[i].x);
    EXPECT_EQ(paused.balls[i].y, before.balls[i].y);
  }
  EXPECT_EQ(paused.camera, before.camera);
  session.perform({GoTo{}});
  EXPECT_EQ(session.marks().nodes_shown, 5u);
  EXPECT_EQ(session.came_since(), 0u);
}

TEST_F(SessionTest, AStoreThatWasRewoundIsReadAgain) {
  store_->add_node(NodeKind::Claim, {.text = "soon forgotten"});
  store_->commit(graph::Durability::Visible);
  Session session(folder_, {800, 600});
  EXPECT_EQ(session.marks().nodes_shown, 3u);
  store_->rewind(1);
  store_->add_node(NodeKind::Step, {.text = "instead"});
  store_->add_node(NodeKind::Step, {.text = "and this"});
  store_->commit(graph::Durability::Visible);
  EXPECT_TRUE(session.follow());
  EXPECT_EQ(session.marks().nodes_shown, 4u);
  EXPECT_EQ(session.scene().nodes().kind[2], NodeKind::Step);
}

// Version 1: rain, wet; version 2: rain is refuted, wet is gone, sun is there and contradicts rain.
class ComparingSession : public SessionTest {
 protected:
  ComparingSession() {
    store_->revise_node(a_, {.status = graph::Status::Refuted, .text = "It rained."});
    store_->retire_node(b_);
    sun_ = store_->add_node(NodeKind::Evidence, {.text = "The sun shone."}, "sun");
    store_->add_edge(sun_, store_->type("contradicts"), a_);
    store_->commit(graph::Durability::Visible);
  }
  graph::NodeId sun_ = 0;
};

TEST_F(ComparingSession, TwoVersionsAreOnePictureThatSaysWhatDiffers) {
  Session session(folder_, {800, 600});
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  session.perform({Compare{.version = 1}});
  EXPECT_EQ(session.marks().nodes_shown, 3u);
  EXPECT_EQ(session.marks().edges_shown, 2u);
  EXPECT_NE(session.caption().find("version 2 against version 1   nodes: 1 added, 1 removed, 1 "
                                   "changed   edges: 1 added, 1 removed"),
            std::string::npos)
      << session.caption();
  session.perform({Fit{}});
  const RenderPlan plan = session.plan(font_);
  const auto& legend = plan.legend.legend;
  ASSERT_EQ(legend.nodes.size(), 3u);
  EXPECT_EQ(legend.nodes[0].text, "added, only in version 2");
  EXPECT_EQ(legend.nodes[1].text, "removed, only in version 1");
  EXPECT_EQ(legend.nodes[2].text, "changed");
  for (const Ball& ball : plan.balls) {
    const Difference difference = session.comparison()->differences().nodes[ball.id - 1];
    EXPECT_EQ(ball.colour, mark_of(difference).colour);
    EXPECT_EQ(ball.shape, static_cast<uint32_t>(mark_of(difference).shape));
  }
  EXPECT_EQ(session.node_named("sun"), sun_);
}

TEST_F(ComparingSession, UndoEndsItAndIdsStay) {
  Session session(folder_, {800, 600});
  session.perform({Select{{a_, sun_}}});
  session.perform({Compare{.version = 1}});
  EXPECT_TRUE(session.marks().nodes[sun_] & kSelected);
  session.perform({Undo{}});
  EXPECT_EQ(session.comparison(), nullptr);
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  EXPECT_EQ(session.state().style.colour, ColourBy::Kind);
  session.perform({Redo{}});
  EXPECT_EQ(session.marks().nodes_shown, 3u);
  session.perform({Compare{}});
  EXPECT_EQ(session.comparison(), nullptr);
  EXPECT_EQ(session.state().style.colour, ColourBy::Kind);
}

TEST_F(ComparingSession, OnlyDifferencesHidesWhatIsTheSame) {
  const graph::NodeId same = store_->add_node(NodeKind::Step, {.text = "same"});
  const graph::NodeId lonely = store_->add_node(NodeKind::Step, {.text = "lonely"});
  const graph::Version before = store_->commit(graph::Durability::Visible);
  store_->add_edge(same, store_->type("supports"), a_);
  store_->commit(graph::Durability::Visible);
  Session session(folder_, {800, 600});
  EXPECT_THROW(session.perform({Colour{ColourBy::Difference}}), std::invalid_argument);
  session.perform({Compare{.version = before, .only_differences = true}});
  EXPECT_TRUE(session.marks().nodes[same] & kShown);  // an end of the edge that is new
  EXPECT_FALSE(session.marks().nodes[lonely] & kShown);
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  EXPECT_EQ(session.marks().edges_shown, 1u);
  session.perform({Compare{.version = before}});
  EXPECT_EQ(session.marks().nodes_shown, 4u);
}

TEST_F(ComparingSession, AComparisonWithAnOldVersionFollowsTheStore) {
  Session session(folder_, {800, 600});
  session.perform({Compare{.version = 1}});
  store_->add_node(NodeKind::Answer, {.text = "It was a dream."});
  store_->commit(graph::Durability::Visible);
  EXPECT_TRUE(session.follow());
  EXPECT_EQ(session.comparison()->nodes()[static_cast<size_t>(Difference::Added)], 2u);
  EXPECT_EQ(session.head(), 3u);
}

TEST_F(ComparingSession, AnotherStoreIsComparedByKeys) {
  const std::string other_folder = (temporary_.path() / "other").string();
  {
    graph::Store other = graph::Store::open(other_folder);
    other.add_node(NodeKind::Answer, {.text = "Yes."}, "yes");
    other.add_node(NodeKind::Evidence, {.text = "The sun shone."}, "sun");
    other.commit(graph::Durability::Visible);
  }
  Session session(folder_, {800, 600});
  session.perform({Compare{.with = other_folder}});
  const DifferenceCounts& nodes = session.comparison()->nodes();
  EXPECT_EQ(nodes, (DifferenceCounts{1, 1, 1, 0}));  // sun; rain; yes
  EXPECT_TRUE(session.caption().starts_with("store version 2 against other version 1   nodes"))
      << session.caption();
  EXPECT_EQ(session.node_named("yes"), 3u);
  EXPECT_EQ(session.plan(font_).balls.size(), 3u);
}

TEST_F(ComparingSession, WhatCannotBeComparedChangesNothing) {
  Session session(folder_, {800, 600});
  const uint64_t before = hash_of(session.state());
  EXPECT_THROW(session.perform({Compare{.version = 9}}), std::invalid_argument);
  EXPECT_THROW(session.perform({Compare{.with = "nowhere"}}), std::runtime_error);
  EXPECT_EQ(hash_of(session.state()), before);
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  session.perform({Compare{.version = 1}});
  EXPECT_THROW(session.perform({Compare{.with = "nowhere"}}), std::runtime_error);
  EXPECT_NE(session.comparison(), nullptr);
  EXPECT_EQ(session.marks().nodes_shown, 3u);
}

TEST_F(SessionTest, AQueryThatCannotBeAnsweredChangesNothing) {
  Session session(folder_, {800, 600});
  const uint64_t before = hash_of(session.state());
  EXPECT_THROW(session.perform({Filter{"within 1 of nobody"}}), std::invalid_argument);
  EXPECT_EQ(hash_of(session.state()), before);
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  session.perform({Filter{"kind = claim"}});
  EXPECT_EQ(session.marks().nodes_shown, 1u);
}

TEST_F(SessionTest, APinnedNodeIsWhereItWasPutUntilThatIsUndone) {
  Session session(folder_, {800, 600});
  const Vec3 before = session.positions().at(0);
  session.perform({MoveNode{a_, 5, 6, 7}, 1});
  session.perform({MoveNode{a_, 8, 9, 10}, 1});
  EXPECT_EQ(session.positions().at(0), (Vec3{8, 9, 10}));
  session.perform({Undo{}});  // one drag
  EXPECT_TRUE(session.state().pins.empty());
  EXPECT_EQ(session.positions().at(0), before);

  session.perform({PinNodes{{a_, b_}}});
  EXPECT_EQ(session.state().pins.size(), 2u);
  session.perform({PinNodes{{b_}, false}});
  EXPECT_EQ(session.state().pins.size(), 1u);
  session.perform({Layout{"layered"}});
  EXPECT_TRUE(session.state().pins.empty());
  session.perform({Undo{}});
  EXPECT_EQ(session.state().pins.size(), 1u);
}

TEST_F(SessionTest, WhoWasPlacedStaysWhenOthersCome) {
  Session session(folder_, {800, 600});
  const Vec3 before = session.positions().at(0);
  for (int i = 0; i < 2; ++i) store_->add_node(NodeKind::Claim, {.text = fmt::format("{}", i)});
  store_->commit(graph::Durability::Visible);
  session.follow();
  EXPECT_TRUE(is_finite(session.positions().at(3)));
  EXPECT_LT(norm(session.positions().at(0) - before), 3);
}

TEST_F(SessionTest, LiveThePictureMovesAndTheCameraKeepsAllInSightUntilAPersonMovesIt) {
  Session session(folder_, {800, 600}, Placing::Live);
  session.perform({Fit{}});
  while (session.moving())
    if (!session.advance()) std::this_thread::yield();
  Session at_rest(folder_, {800, 600});
  at_rest.perform({Fit{}});
  EXPECT_EQ(session.plan(font_).balls.size(), 2u);
  EXPECT_NEAR(session.state().camera.distance, at_rest.state().camera.distance, 1e-3);

  session.perform({Zoom{2}});
  const Camera own = session.state().camera;
  session.perform({MoveNode{a_, 50, 0, 0}});
  while (session.moving())
    if (!session.advance()) std::this_thread::yield();
  EXPECT_EQ(session.state().camera, own);
}

TEST_F(SessionTest, LiveAFittedCameraKeepsWhatComesInSightWheneverPicturesAreDrawn) {
  Session session(folder_, {800, 600}, Placing::Live);
  session.perform({Fit{}});
  graph::NodeId last = a_;
  for (int i = 0; i < 8; ++i) {
    const graph::NodeId next = store_->add_node(NodeKind::Claim, {});
    store_->add_edge(last, store_->type("leads_to"), next);
    last = next;
    store_->commit(graph::Durability::Visible);
    session.follow();
    while (session.moving()) {
      session.advance();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));  // the layout gets on
      session.plan(font_);
    }
  }

  const Camera kept = session.state().camera;
  session.perform({Fit{}});
  EXPECT_NEAR(kept.distance, session.state().camera.distance, 1e-3f * kept.distance);
  EXPECT_EQ(session.plan(font_).balls.size(), 10u);
}

TEST_F(SessionTest, AFittedCameraKeepsAllInSightInAnotherWindowAndOneThatWasMovedStays) {
  Session session(folder_, {800, 600});
  session.perform({Fit{}});
  const float wide = session.state().camera.distance;
  session.resize({300, 600});
  Session narrow(folder_, {300, 600});
  narrow.perform({Fit{}});
  const float far = narrow.state().camera.distance;
  EXPECT_GT(far, 1.1f * wide);
  EXPECT_NEAR(session.state().camera.distance, far, 1e-5f * far);  // roundings of another begin

  session.perform({Zoom{2}});
  const Camera own = session.state().camera;
  session.resize({800, 600});
  EXPECT_EQ(session.state().camera, own);
}

// A layout that must not be asked for anything.
std::unique_ptr<LiveLayout> no_layout_is_needed(const LayoutOrder& order,
                                                std::span<const graph::Point> known) {
  EXPECT_TRUE(std::all_of(known.begin(), known.end(), graph::is_placed));
  return standard_layout(order, known);
}

TEST_F(SessionTest, AStoreThatIsOpenedAgainLooksTheSameAndIsNotLaidOut) {
  std::optional<Session> session(std::in_place, folder_, Viewport{800, 600});
  session->perform({MoveNode{a_, 5, 6, 7}});
  const Positions before = session->positions();
  session->keep_places();
  session.emplace(folder_, Viewport{800, 600}, Placing::AtRest, no_layout_is_needed);

  EXPECT_EQ(session->positions().x, before.x);
  EXPECT_EQ(session->positions().z, before.z);
  ASSERT_EQ(session->state().pins.size(), 1u);
  EXPECT_EQ(session->state().pins[0].node, a_);
  EXPECT_FALSE(session->perform({Undo{}}));
  EXPECT_TRUE(session->notes().empty());
}

TEST_F(SessionTest, PlacesInAPlaneAreKeptBesideThoseInSpace) {
  std::optional<Session> session(std::in_place, folder_, Viewport{800, 600});
  const Positions in_space = session->positions();
  session->keep_places();
  session->perform({Layout{"force2d"}});
  session->perform({MoveNode{a_, 5, 6, 0}});
  const Positions flat = session->positions();
  session->keep_places();
  EXPECT_TRUE(session->perform({Layout{"force2d", GroupBy::Kind}}));
  EXPECT_THROW(session->perform({Layout{"tree", GroupBy::Kind}}), std::invalid_argument);
  session.emplace(folder_, Viewport{800, 600}, Placing::AtRest, no_layout_is_needed);

  EXPECT_EQ(session->positions().x, in_space.x);
  session->perform({Layout{"force2d"}});
  EXPECT_EQ(session->positions().x, flat.x);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/views/layout-force2d.view"));
}

TEST_F(SessionTest, KeptPlacesThatAreDamagedAreLeftAndItSaysSo) {
  std::optional<Session> session(std::in_place, folder_, Viewport{800, 600});
  const Positions fresh = session->positions();
  session->keep_places();
  const std::string file = folder_ + "/views/layout-force.view";
  ASSERT_TRUE(std::filesystem::exists(file));
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  session.emplace(folder_, Viewport{800, 600});

  EXPECT_EQ(session->positions().x, fresh.x);
  ASSERT_EQ(session->notes().size(), 1u);
  EXPECT_TRUE(session->notes()[0].starts_with("laid out anew: " + file)) << session->notes()[0];
}

TEST_F(SessionTest, KeptPlacesThatKnowFewNodesAreLeft) {
  std::optional<Session> session(std::in_place, folder_, Viewport{800, 600});
  session->positions();
  session->keep_places();
  for (int i = 0; i < 5; ++i) store_->add_node(NodeKind::Claim, {.text = fmt::format("{}", i)});
  store_->commit(graph::Durability::Visible);
  session.emplace(folder_, Viewport{800, 600});

  EXPECT_TRUE(is_finite(session->positions().at(6)));
  ASSERT_EQ(session->notes().size(), 1u);
  EXPECT_EQ(session->notes()[0],
            "the kept places of layout force know 2 of 7 nodes: laid out anew");
}

TEST_F(SessionTest, GoesOnWhenTheStoreIsDeleted) {
  Session session(folder_, {800, 600});
  std::filesystem::remove_all(folder_);
  session.perform({Colour{ColourBy::Confidence}});
  EXPECT_EQ(session.plan(font_).balls.size(), 2u);
}

// All that a backend draws, as numbers.
std::string drawn(const RenderPlan& plan) {
  std::string bytes = plan.caption;
  const auto add = [&](const void* data, size_t size) {
    bytes.append(static_cast<const char*>(data), size);
  };
  add(plan.balls.data(), plan.balls.size() * sizeof(Ball));
  add(plan.lines.data(), plan.lines.size() * sizeof(Line));
  add(&plan.camera.target, sizeof(Vec3));
  for (const float value : {plan.camera.yaw, plan.camera.pitch, plan.camera.distance})
    add(&value, sizeof value);
  for (const Label& label : plan.labels) {
    bytes += label.text;
    add(&label.box, sizeof(Box));
  }
  for (const LegendEntry& entry : plan.legend.legend.nodes) bytes += entry.text;
  return bytes;
}

TEST_F(SessionTest, ASavedViewIsTheSamePictureInAnotherSession) {
  store_->add_node(NodeKind::Step, {.text = "later"}, "later");
  store_->commit(graph::Durability::Visible);
  std::string before;
  uint64_t hash = 0;
  {
    Session session(folder_, {800, 600});
    session.perform({GoTo{.version = 1}});
    session.perform({Layout{"layered"}});
    session.perform({Orbit{0.3f, 0.1f}});
    session.perform({Select{{a_}}});
    session.perform({Colour{ColourBy::Confidence}});
    before = drawn(session.plan(font_));
    hash = hash_of(session.state());
    EXPECT_EQ(session.save_view("mine"), folder_ + "/views/mine.view");
  }
  Session session(folder_, {800, 600});
  const uint64_t initial = hash_of(session.state());
  EXPECT_NE(drawn(session.plan(font_)), before);
  session.perform({session.view_named("mine")});
  EXPECT_EQ(hash_of(session.state()), hash);
  EXPECT_EQ(drawn(session.plan(font_)), before);
  EXPECT_EQ(session.saved_views(), std::vector<std::string>{"mine"});
  session.perform({Undo{}});
  EXPECT_EQ(hash_of(session.state()), initial);
}

TEST_F(SessionTest, ASavedViewThatWasOpenedIsALineOfAScriptWhateverIsSavedLater) {
  Session session(folder_, {800, 600});
  session.perform({MoveNode{a_, 4, 0, 0}});
  session.perform({Dark{}});
  session.save_view("mine");
  session.perform({Dark{false}});
  const std::string line = to_line({session.view_named("mine")});
  EXPECT_TRUE(session.perform(command_from(line)));
  const uint64_t opened = hash_of(session.state());
  const Positions places = session.positions();
  session.perform({Labels{3}});
  session.save_view("mine");

  Session replayed(folder_, {800, 600});
  replayed.perform(command_from(line));
  EXPECT_EQ(hash_of(replayed.state()), opened);
  EXPECT_EQ(replayed.positions().x, places.x);
  EXPECT_EQ(replayed.positions().z, places.z);
}

// What is seen: the state, and where the nodes lie that are shown.
struct Seen {
  uint64_t hash = 0;
  std::vector<Vec3> places;
  bool operator==(const Seen&) const = default;
};
Seen seen(Session& session) {
  Seen all{hash_of(session.state()), {}};
  const Positions& positions = session.positions();
  for (Slot slot = 0; slot < positions.size(); ++slot)
    if (session.marks().nodes[slot] & kShown) all.places.push_back(positions.at(slot));
  return all;
}

TEST_F(SessionTest, UndoOfSavedViewsBringsBackThePlacesThatWereAndRedoTheirs) {
  for (int i = 0; i < 30; ++i) {
    const auto more = store_->add_node(NodeKind::Claim, {.text = "more"}, fmt::format("n{}", i));
    store_->add_edge(b_, store_->type("supports"), more);
  }
  store_->commit(graph::Durability::Visible);
  Session session(folder_, {800, 600});
  const Seen untouched = seen(session);
  session.perform({MoveNode{a_, 4, 0, 0}});
  session.save_view("moved");
  session.perform({PinNodes{{a_}, false}});
  session.perform({Layout{"tree"}});
  session.save_view("tree");
  ASSERT_NE(seen(session), untouched);

  const std::vector<std::string> layouts = layout_names();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    results::Stream stream(seed);
    const auto act = [&]() -> Action {
      switch (stream.below(5)) {
        case 0:
          return session.view_named("moved");
        case 1:
          return session.view_named("tree");
        case 2:
          return Layout{layouts[stream.below(layouts.size())]};
        case 3:
          return Filter{stream.below(2) ? "kind = claim" : ""};
        default:
          return Labels{static_cast<int32_t>(stream.below(50))};
      }
    };
    std::vector<Seen> steps = {seen(session)};
    for (int i = 0; i < 12; ++i)
      if (session.perform({act()})) steps.push_back(seen(session));
    for (size_t i = steps.size() - 1; i-- > 0;) {
      ASSERT_TRUE(session.perform({Undo{}}));
      ASSERT_EQ(seen(session), steps[i]) << seed << " " << i;
    }
    for (size_t i = 1; i < steps.size(); ++i) {
      ASSERT_TRUE(session.perform({Redo{}}));
      ASSERT_EQ(seen(session), steps[i]) << seed << " " << i;
    }
    for (size_t i = 1; i < steps.size(); ++i) session.perform({Undo{}});
  }
}

std::string refusal_to_open(Session& session, const std::string& name) {
  return results::error_of([&] { session.perform({session.view_named(name)}); });
}

TEST_F(SessionTest, AViewThatCannotBeOpenedIsToldAndChangesNothing) {
  Session session(folder_, {800, 600});
  EXPECT_EQ(refusal_to_open(session, "mine"),
            "view mine: there is none of that name; none was saved of this store");
  session.perform({Dark{}});
  session.save_view("mine");
  session.perform({Dark{false}});
  const uint64_t before = hash_of(session.state());
  EXPECT_EQ(refusal_to_open(session, "other"),
            "view other: there is none of that name; there are: mine");
  EXPECT_NE(refusal_to_open(session, "../mine").find("choose another name"), std::string::npos);
  const std::string file = folder_ + "/views/mine.view";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_EQ(refusal_to_open(session, "mine"),
            file + " does not fit its checksum; remove it, the layout will be made anew");
  const graph::Reader reader = graph::Reader::open(folder_);
  graph::SavedView places;
  places.points.assign(2, graph::kNowhere);
  graph::save_view(reader, session.view(), "places", places);
  EXPECT_EQ(refusal_to_open(session, "places"),
            "view places: it holds no picture, only places of nodes; save a picture under that "
            "name");
  EXPECT_THROW(session.perform({Restore{.places = "other"}}), std::invalid_argument);
  EXPECT_EQ(hash_of(session.state()), before);
}

TEST_F(SessionTest, AStoreThatCannotBeWrittenHasItsViewsInTheCache) {
  const std::string cache = (temporary_.path() / "cache").string();
  ::setenv("XDG_CACHE_HOME", cache.c_str(), 1);
  std::ofstream(folder_ + "/views") << "no folder";  // root may write anywhere
  Session session(folder_, {800, 600});
  EXPECT_TRUE(session.save_view("mine").starts_with(cache + "/saggio/views/"));
  Session again(folder_, {800, 600});
  again.perform({again.view_named("mine")});
  ::unsetenv("XDG_CACHE_HOME");
}

TEST_F(SessionTest, AStoreWithNothingInItIsRefused) {
  const std::string empty = (temporary_.path() / "empty").string();
  { graph::Store::open(empty); }
  EXPECT_THROW(Session(empty, {800, 600}), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::viz
