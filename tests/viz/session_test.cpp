// SPDX-License-Identifier: MIT
#include "viz/session.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>

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

TEST_F(SessionTest, AQueryThatCannotBeAnsweredChangesNothing) {
  Session session(folder_, {800, 600});
  const uint64_t before = hash_of(session.state());
  EXPECT_THROW(session.perform({Filter{"within 1 of nobody"}}), std::invalid_argument);
  EXPECT_EQ(hash_of(session.state()), before);
  EXPECT_EQ(session.marks().nodes_shown, 2u);
  session.perform({Filter{"kind = claim"}});
  EXPECT_EQ(session.marks().nodes_shown, 1u);
}

TEST_F(SessionTest, GoesOnWhenTheStoreIsDeleted) {
  Session session(folder_, {800, 600});
  std::filesystem::remove_all(folder_);
  session.perform({Colour{ColourBy::Confidence}});
  EXPECT_EQ(session.plan(font_).balls.size(), 2u);
}

TEST_F(SessionTest, AStoreWithNothingInItIsRefused) {
  const std::string empty = (temporary_.path() / "empty").string();
  { graph::Store::open(empty); }
  EXPECT_THROW(Session(empty, {800, 600}), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::viz
