// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "graph/view/segment.h"
#include "tests/results/store/temporary_folder.h"
#include "viz/plan/overlay.h"
#include "viz/session.h"

// Whatever a store is like, there is a picture of it or one clear line that says why not.
namespace saggio::viz {
namespace {

namespace fs = std::filesystem;
using graph::NodeKind;

constexpr Viewport kViewport{800, 600};

class OddStores : public testing::Test {
 protected:
  // Nothing of a test goes to the user's own cache.
  OddStores() { ::setenv("XDG_CACHE_HOME", (temporary_ / "cache").c_str(), 1); }

  graph::Store made() { return graph::Store::open(folder_); }

  // The plan of the whole store, which can be drawn: all in sight, no label outside.
  RenderPlan drawn(Session& session) {
    session.set_font(font_);
    session.perform({Fit{}});
    RenderPlan plan = session.plan(font_);
    EXPECT_EQ(plan.balls.size(), session.marks().nodes_shown);
    for (const Ball& ball : plan.balls)
      EXPECT_TRUE(is_finite({ball.x, ball.y, ball.z}) && ball.radius > 0);
    for (const Label& label : plan.labels) {
      EXPECT_GE(label.box.x, 0);
      EXPECT_LE(label.box.x + label.box.width, kViewport.width);
    }
    overlay_of(plan, font_);
    return plan;
  }
  RenderPlan drawn() {
    Session session(folder_, kViewport);
    return drawn(session);
  }

  // The one line that says why there is no picture.
  std::string refusal() {
    const std::string line = results::error_of([&] { Session(folder_, kViewport); });
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    EXPECT_NE(line.find(folder_), std::string::npos) << line;
    return line;
  }

  results::TemporaryFolder temporary_;
  std::string folder_ = (temporary_ / "store").string();
  Font font_ = Font::standard(14);
};

TEST_F(OddStores, OneNodeIsAPicture) {
  graph::Store store = made();
  store.add_node(NodeKind::Claim, {.text = "alone"});
  store.commit(graph::Durability::Visible);
  const RenderPlan plan = drawn();
  EXPECT_EQ(plan.balls.size(), 1u);
  EXPECT_EQ(plan.labels.size(), 1u);
}

TEST_F(OddStores, NodesWithoutEdgesAreAPictureInEveryLayout) {
  graph::Store store = made();
  for (int i = 0; i < 50; ++i) store.add_node(NodeKind::Claim, {.text = fmt::format("{}", i)});
  store.commit(graph::Durability::Visible);
  Session session(folder_, kViewport);
  for (const std::string& name : layout_names()) {
    session.perform({Layout{name}});
    EXPECT_EQ(drawn(session).balls.size(), 50u) << name;
  }
}

TEST_F(OddStores, AVersionWithNothingInItIsAnEmptyPicture) {
  graph::Store store = made();
  const graph::NodeId node = store.add_node(NodeKind::Claim, {.text = "soon gone"});
  store.commit(graph::Durability::Visible);
  store.retire_node(node);
  store.commit(graph::Durability::Visible);
  EXPECT_TRUE(drawn().balls.empty());
}

TEST_F(OddStores, SelfLoopsAndParallelEdgesAreAPicture) {
  graph::Store store = made();
  const graph::NodeId a = store.add_node(NodeKind::Claim, {.text = "a"});
  const graph::NodeId b = store.add_node(NodeKind::Claim, {.text = "b"});
  const graph::TypeId type = store.type("repeats");
  store.add_edges(type, std::vector<graph::NodeId>(1000, a), std::vector<graph::NodeId>(1000, a));
  store.add_edges(type, std::vector<graph::NodeId>(1000, a), std::vector<graph::NodeId>(1000, b));
  store.commit(graph::Durability::Visible);
  EXPECT_EQ(drawn().balls.size(), 2u);
}

TEST_F(OddStores, TextsOfEveryScriptAndLengthAreLabelsThatFit) {
  graph::Store store = made();
  const std::vector<std::string> texts = {"مرحبا بالعالم",
                                          "推論のグラフ 理由图",
                                          "🙂👩‍👩‍👧‍👦 yes",
                                          "हिन्दी में",
                                          std::string(10'000, 'W'),
                                          "line\nbreak\tand\x01 control",
                                          "\xff\xfe no UTF-8",
                                          " ",
                                          ""};
  for (const std::string& text : texts) store.add_node(NodeKind::Claim, {.text = text}, text);
  store.commit(graph::Durability::Visible);
  Session session(folder_, kViewport);
  const RenderPlan plan = drawn(session);
  EXPECT_EQ(plan.balls.size(), texts.size());
  EXPECT_GE(plan.labels.size(), 5u);
  EXPECT_GT(font_.boxes(), 0u);
  for (const Label& label : plan.labels) EXPECT_EQ(label.text.find('\n'), std::string::npos);
  for (Slot slot = 0; slot < texts.size(); ++slot) session.facts(pick_of_node(slot));
}

TEST_F(OddStores, ConfidencesThatAreUnknownAreDrawnOpaqueAndCounted) {
  graph::Store store = made();
  store.add_node(NodeKind::Claim, {.confidence = {.probability = std::nanf("")}, .text = "a"});
  store.add_node(NodeKind::Claim, {.confidence = {.probability = 0.5f}, .text = "b"});
  store.commit(graph::Durability::Visible);
  Session session(folder_, kViewport);
  for (const SizeBy by : {SizeBy::Confidence, SizeBy::Degree}) {
    session.perform({Size{by}});
    for (const ColourBy colour : {ColourBy::Confidence, ColourBy::Kind, ColourBy::Run}) {
      session.perform({Colour{colour}});
      for (const Ball& ball : drawn(session).balls)
        EXPECT_TRUE(ball.id != pick_of_node(0) || ball.colour.a == 255);
    }
  }
  session.perform({Colour{ColourBy::Confidence}});
  EXPECT_EQ(drawn(session).legend.legend.ramp->unknown, 1u);
}

TEST_F(OddStores, AStoreThatIsBeingWrittenShowsItsLastCommit) {
  graph::Store store = made();
  store.add_node(NodeKind::Claim, {.text = "there"});
  store.commit(graph::Durability::Visible);
  store.add_node(NodeKind::Claim, {.text = "not yet"});
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ + "/log"))
    std::ofstream(entry.path(), std::ios::binary | std::ios::app) << "half a rec";
  EXPECT_EQ(drawn().balls.size(), 1u);
}

TEST_F(OddStores, ADamagedSegmentIsNotMissed) {
  graph::Store store = made();
  for (int i = 0; i < 100; ++i) store.add_node(NodeKind::Claim, {.text = fmt::format("{}", i)});
  store.commit();
  graph::compact(store);
  size_t segments = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ + "/segments")) {
    fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
    ++segments;
  }
  ASSERT_GT(segments, 0u);
  EXPECT_EQ(drawn().balls.size(), 100u);
}

TEST_F(OddStores, AMissingEmbeddingIsNotMissed) {
  graph::Store store = made();
  const graph::TableId table = store.embedding_table({.name = "meanings", .columns = 4});
  store.add_rows(table, std::string(4 * sizeof(float), '\0'));
  store.add_node(NodeKind::Claim, {.text = "meant"});
  store.commit();
  size_t removed = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_))
    if (entry.is_regular_file() && entry.path().string().find("embed") != std::string::npos)
      removed += fs::remove(entry.path());
  EXPECT_GT(removed, 0u);
  Session session(folder_, kViewport);
  EXPECT_EQ(drawn(session).balls.size(), 1u);
  session.facts(pick_of_node(0));
}

TEST_F(OddStores, AStoreThatIsDeletedWhileItIsLookedAtStaysAsItWasRead) {
  std::optional<graph::Store> store(made());
  store->add_node(NodeKind::Claim, {.text = std::string(100'000, 'x')});  // not in the log
  store->add_node(NodeKind::Claim, {.text = "b"});
  store->commit();
  for (const Placing placing : {Placing::AtRest, Placing::Live}) {
    fs::copy(folder_, folder_ + "2", fs::copy_options::recursive);
    Session session(folder_ + "2", kViewport, placing);
    drawn(session);
    fs::remove_all(folder_ + "2");

    EXPECT_EQ(drawn(session).balls.size(), 2u);
    EXPECT_TRUE(session.follow());
    EXPECT_FALSE(session.follow());  // it is said once
    ASSERT_EQ(session.notes().size(), 1u);
    EXPECT_TRUE(session.notes()[0].starts_with("what was read of it stays"));
    session.perform({Colour{ColourBy::Status}});
    session.perform({GoTo{.version = 1}});
    EXPECT_EQ(drawn(session).labels.size(), 2u);
    session.keep_places();  // in the cache
  }
}

TEST_F(OddStores, WhatIsNoStoreIsSaidInOneLine) {
  EXPECT_NE(refusal(), "");  // nothing there
  fs::create_directory(folder_);
  EXPECT_NE(refusal(), "");  // a folder with nothing in it
  fs::remove(folder_);
  results::spill(folder_, "a file");
  EXPECT_NE(refusal(), "");
}

TEST_F(OddStores, AStoreWithoutAVersionIsSaidInOneLine) {
  { made(); }
  EXPECT_EQ(refusal(), folder_ + ": nothing has been committed to this store yet");
}

TEST_F(OddStores, ADamagedLogIsSaidInOneLine) {
  {
    graph::Store store = made();
    for (int i = 0; i < 100; ++i) {
      store.add_node(NodeKind::Claim, {.text = fmt::format("{}", i)});
      store.commit();
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ + "/log")) {
    std::string bytes = results::slurp(entry.path());
    bytes[bytes.size() / 2] ^= 1;
    results::spill(entry.path(), bytes);
  }
  EXPECT_NE(refusal(), "");
}

// Bytes of a log that are changed anywhere give the picture of before, of less, or one line.
TEST_F(OddStores, NoChangedByteOfTheLogIsACrash) {
  {
    graph::Store store = made();
    graph::NodeId last = store.add_node(NodeKind::Question, {.text = "q"});
    for (int i = 0; i < 10; ++i) {
      const graph::NodeId next = store.add_node(NodeKind::Claim, {.text = fmt::format("{}", i)});
      store.add_edge(next, store.type("supports"), last);
      store.commit();
      last = next;
    }
  }
  const fs::path log = fs::directory_iterator(folder_ + "/log")->path();
  const std::string whole = results::slurp(log);
  for (size_t at = 0; at < whole.size(); at += 7) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(~bytes[at]);
    results::spill(log, bytes);
    try {
      drawn();
    } catch (const std::exception& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace saggio::viz
