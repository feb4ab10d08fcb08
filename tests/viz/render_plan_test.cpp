// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "results/random.h"
#include "tests/graph/query/random_store.h"
#include "tests/results/store/temporary_folder.h"
#include "viz/plan/backend.h"
#include "viz/plan/build_plan.h"
#include "viz/plan/crowd.h"
#include "viz/plan/curve.h"
#include "viz/plan/labels.h"
#include "viz/plan/legend_box.h"

namespace saggio::viz {
namespace {

TextSizes eight_pixels_a_letter() {
  return {.width = [](std::string_view text) { return 8.f * static_cast<float>(text.size()); },
          .shortened =
              [](std::string_view text, float width) {
                return std::string(text.substr(0, static_cast<size_t>(width / 8)));
              },
          .height = 14};
}

// A scene with what a plan needs of it.
struct Drawn {
  Scene scene;
  Positions positions;
  Marks marks;
  Looks looks;
  ViewState state;
  Limits limits;
  TextSizes text = eight_pixels_a_letter();
  std::function<std::string(Slot)> label_of = [](Slot slot) {
    return "node " + std::to_string(slot);
  };

  explicit Drawn(const graph::Store& store, ViewState with = {}) : state(std::move(with)) {
    scene.follow(store.history());
    scene.show(point_of(state, store.history()));
    const graph::View view = graph::View::build(store.history(), scene.as_of());
    const graph::TextOf text_of = [](const graph::Attributes& a) { return a.text; };
    marks = marks_of(state, scene, {view, store.history(), text_of});
    looks = looks_of(scene, state.style, [](Slot) { return "run"; });
    positions = on_a_sphere(scene.node_slots());
  }

  RenderPlan plan(float radius = 0.05f) {
    const Viewport viewport{800, 600};
    state.camera = fitted(state.camera, viewport, shown_points(positions, marks), radius);
    return build_plan(cast_of(state.style, {scene, positions, marks, looks}, radius, limits),
                      state.style,
                      state.camera,
                      viewport,
                      {text, label_of, looks.legend, "caption", static_cast<size_t>(state.labels)});
  }
};

TEST(Plan, DrawsEveryShownNodeOnceAndEveryShownEdgeBetweenTwo) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    graph::RandomStore random(seed);
    Drawn drawn(random.store, {.filter = seed % 2 ? "kind = claim or degree > 0" : ""});
    const RenderPlan plan = drawn.plan(1e-4f);  // so small that none touch
    std::vector<PickId> balls, lines, nodes, edges;
    for (const Ball& ball : plan.balls) balls.push_back(ball.id);
    for (const Line& line : plan.lines) lines.push_back(line.id);
    for (Slot slot = 0; slot < drawn.scene.node_slots(); ++slot)
      if (drawn.marks.nodes[slot] & kShown) nodes.push_back(pick_of_node(slot));
    for (Slot slot = 0; slot < drawn.scene.edge_slots(); ++slot)
      if (drawn.marks.edges[slot] & kShown) edges.push_back(pick_of_edge(slot));
    std::sort(balls.begin(), balls.end());
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(balls, nodes);
    EXPECT_EQ(lines, edges);
  }
}

TEST(Plan, ACrowdHasEveryShownEdgeAndItsLoopsAreThoseOneByOneUponEachOther) {
  size_t loops = 0;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    graph::RandomStore random(seed);
    for (const graph::NodeId node : random.store.history().nodes())
      for (int i = 0; i < 2; ++i)
        random.store.add_edge(node, random.store.type("repeats"), node, {});
    random.store.commit();
    Drawn drawn(random.store);
    const RenderPlan alone = drawn.plan(1e-4f);
    drawn.limits.lines = 0;
    const RenderPlan plan = drawn.plan(1e-4f);
    std::map<PickId, Thread> threads;
    for (size_t i = 0; i < plan.crowd->threads.size(); ++i)
      if (const Thread& thread = plan.crowd->threads[i]; thread.id) threads[thread.id] = thread;

    EXPECT_TRUE(plan.lines.empty());
    EXPECT_EQ(threads.size(), alone.lines.size());
    for (const Line& line : alone.lines) {
      ASSERT_TRUE(threads.contains(line.id));
      const Thread& thread = threads[line.id];
      EXPECT_EQ(thread.reach, line.flags & kLoop ? loop_reach(0) : 0);
      if (thread.reach == 0) continue;
      EXPECT_EQ((Vec3{thread.ax, thread.ay, thread.az}), (Vec3{line.ax, line.ay, line.az}));
      EXPECT_EQ(thread.bx, line.bx);
      ++loops;
    }
  }
  EXPECT_GT(loops, 100u);
}

TEST(Plan, RunsFromTheFarthestToTheNearestTheDimmedOnesFirst) {
  graph::RandomStore random(5);
  const graph::NodeId strong = graph::View::build(random.store.history()).node_id(0);
  for (const bool dims : {false, true}) {
    ViewState state;
    if (dims) state.highlight = Highlight{"against", strong, strong};
    Drawn drawn(random.store, state);
    const RenderPlan plan = drawn.plan();
    EXPECT_EQ(plan.dimmed > 0, dims);
    for (size_t i = 0; i < plan.balls.size(); ++i) {
      const Ball& ball = plan.balls[i];
      EXPECT_EQ(i < plan.dimmed, dims && drawn.marks.nodes[ball.id - 1] == kShown);
      if (i == 0 || i == plan.dimmed) continue;
      const Ball& before = plan.balls[i - 1];
      EXPECT_GE(depth_of(plan.camera, {before.x, before.y, before.z}),
                depth_of(plan.camera, {ball.x, ball.y, ball.z}));
    }
  }
}

TEST(Plan, AnEdgeRunsFromSurfaceToSurface) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  const auto a = store.add_node(graph::NodeKind::Claim, {}, "a");
  const auto b = store.add_node(graph::NodeKind::Claim, {}, "b");
  store.add_edge(a, store.type("contradicts"), b);
  store.commit();
  Drawn drawn(store);
  drawn.positions.x = {0, 10};
  drawn.positions.y = drawn.positions.z = {0, 0};
  const RenderPlan plan = drawn.plan(1);

  ASSERT_EQ(plan.lines.size(), 1u);
  const Line& line = plan.lines[0];
  EXPECT_FLOAT_EQ(line.ax, 1);
  EXPECT_FLOAT_EQ(line.bx, 9);
  EXPECT_EQ(line.flags, kDashed);
  EXPECT_EQ(line.bend, 0);
  EXPECT_GT(line.head, line.width);
  EXPECT_TRUE(drawn.plan(5).lines.empty()) << "the balls touch";
}

TEST(Plan, EdgesBetweenTheSameNodesFanOutToBothSidesAndLoopsLieWithinEachOther) {
  graph::SimulatedFiles files;
  graph::Store store = graph::Store::open("s", {.uuid = graph::Uuid{}, .files = &files});
  const auto a = store.add_node(graph::NodeKind::Claim, {}, "a");
  const auto b = store.add_node(graph::NodeKind::Claim, {}, "b");
  store.add_edge(a, store.type("supports"), b);
  store.add_edge(b, store.type("contradicts"), a);
  store.add_edge(a, store.type("derives"), b);
  store.add_edge(b, store.type("supports"), b);
  store.add_edge(b, store.type("derives"), b);
  store.commit();
  Drawn drawn(store);
  drawn.positions.x = {0, 10};
  drawn.positions.y = drawn.positions.z = {0, 0};
  const RenderPlan plan = drawn.plan(1);

  ASSERT_EQ(plan.lines.size(), 5u);
  EXPECT_EQ(plan.curved, 4u);
  std::map<PickId, std::array<Point, 4>> curves;
  for (const Line& line : plan.lines) curves[line.id] = *curve_of(plan, line);
  const auto down = [&](Slot edge) { return point_on(curves.at(pick_of_edge(edge)), 0.5f).y; };
  const float apart = 4 * plan.lines[0].width;
  EXPECT_GT(down(1) - down(0), apart);  // though it runs the other way
  EXPECT_GT(down(2) - down(1), apart);
  EXPECT_NEAR(down(1) - down(0), down(2) - down(1), 0.01f);
  EXPECT_LT(down(4), down(3) - apart);
}

TEST(Plan, AnArrowsHeadIsNoLargerThanTheNodesNorNarrowerThanItsLine) {
  graph::RandomStore random(7);
  Drawn drawn(random.store);
  for (const float radius : {1e-4f, 0.004f, 0.05f}) {
    const RenderPlan plan = drawn.plan(radius);
    ASSERT_FALSE(plan.lines.empty());
    for (const Line& line : plan.lines) {
      const Vec3 tip =
          line.flags & kLoop ? Vec3{line.ax, line.ay, line.az} : Vec3{line.bx, line.by, line.bz};
      const auto at = project(plan.camera, plan.viewport, tip);
      ASSERT_TRUE(at);
      const float node = 2 * std::max(radius * at->pixels_a_unit, 2 * plan.unit);
      EXPECT_LE(line.head, 1.001f * std::max(node, 2 * line.width));
      EXPECT_GE(line.head, line.width);
    }
  }
}

TEST(Plan, WhatIsDimmedIsPaleAndHasNoLabel) {
  graph::RandomStore random(8);
  const graph::View view = graph::View::build(random.store.history());
  ASSERT_GT(view.nodes(), 3);
  const graph::NodeId strong = view.node_id(1);
  Drawn drawn(random.store, {.highlight = Highlight{"against", strong, strong}});
  const RenderPlan plan = drawn.plan(1e-3f);
  for (const Ball& ball : plan.balls) {
    const Rgba whole = drawn.looks.nodes[ball.id - 1].colour;
    const bool pale = drawn.marks.nodes[ball.id - 1] == kShown;
    const Rgba expected = mixed(whole, plan.theme.background, pale ? 0.82f : 0);
    EXPECT_EQ(ball.colour.r, expected.r);
    EXPECT_EQ(ball.colour.a, whole.a);
  }
  for (const Label& label : plan.labels) EXPECT_TRUE(drawn.marks.nodes[label.node] & kStrong);
  EXPECT_FALSE(plan.labels.empty());
}

TEST(Plan, NodesThatNothingHasPlacedAreNotDrawn) {
  graph::RandomStore random(5);
  Drawn drawn(random.store);
  const size_t all = drawn.plan().balls.size();
  for (Slot slot = 0; slot < drawn.scene.node_slots(); ++slot)
    if (drawn.marks.nodes[slot] & kShown) {
      drawn.positions.x[slot] = NAN;
      break;
    }
  EXPECT_EQ(drawn.plan().balls.size(), all - 1);
}

TEST(Plan, ColumnsOfAnotherSceneAreRefused) {
  graph::RandomStore random(5);
  Drawn drawn(random.store);
  drawn.looks.nodes.pop_back();
  EXPECT_THROW(drawn.plan(), std::invalid_argument);
}

std::vector<LabelWish> random_wishes(results::Stream& stream, size_t count) {
  std::vector<LabelWish> wishes(count);
  for (size_t i = 0; i < count; ++i)
    wishes[i] = {static_cast<Slot>(i),
                 static_cast<float>(stream.uniform() * 900 - 50),
                 static_cast<float>(stream.uniform() * 700 - 50),
                 static_cast<float>(2 + stream.uniform() * 20),
                 stream.below(4) == 0,
                 i % 5 == 0};
  return wishes;
}

TEST(Labels, NeverOverlapNorLeaveThePictureNorCoverTheLegend) {
  const TextSizes text = eight_pixels_a_letter();
  const Viewport viewport{800, 600};
  const auto label_of = [](Slot slot) { return std::string(1 + slot % 40, 'x'); };
  for (uint64_t seed = 0; seed < 50; ++seed) {
    results::Stream stream(seed);
    const auto wishes = random_wishes(stream, 1 + stream.below(400));
    const std::vector<Box> taken = {{10, 380, 200, 210}};
    std::vector<Box> nodes;
    for (const LabelWish& w : wishes)
      nodes.push_back({w.x - w.radius, w.y - w.radius, 2 * w.radius, 2 * w.radius});
    const size_t most = stream.below(100);
    const PlacedLabels placed = place_labels(wishes, nodes, taken, viewport, most, text, label_of);
    EXPECT_LE(placed.labels.size(), most);
    for (size_t i = 0; i < placed.labels.size(); ++i) {
      const Label& a = placed.labels[i];
      EXPECT_GE(a.box.x, 0);
      EXPECT_GE(a.box.y, 0);
      EXPECT_LE(a.box.x + a.box.width, viewport.width);
      EXPECT_LE(a.box.y + a.box.height, viewport.height);
      EXPECT_GE(a.box.width, text.width(a.text));
      EXPECT_FALSE(overlap(a.box, taken[0]));
      for (size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(a.box, placed.labels[j].box));
      EXPECT_EQ(a.strong, wishes[a.node].strong);
      if (wishes[a.node].covers) continue;
      for (const Box& node : nodes) EXPECT_FALSE(overlap(a.box, node));
    }
    if (placed.labels.size() < most) {
      EXPECT_EQ(placed.labels.size() + placed.left_out, wishes.size());
    }
  }
}

TEST(Labels, TheMoreImportantOneIsThere) {
  const TextSizes text = eight_pixels_a_letter();
  const auto label_of = [](Slot slot) { return slot == 0 ? "first" : "second"; };
  const std::vector<LabelWish> wishes = {{0, 100, 100, 5, false}, {1, 103, 101, 5, false}};
  const Viewport small{150, 110};  // room for one
  const auto placed = place_labels(wishes, {}, {}, small, 9, text, label_of);
  ASSERT_EQ(placed.labels.size(), 1u);
  EXPECT_EQ(placed.labels[0].text, "first");
  EXPECT_EQ(placed.left_out, 1u);
}

TEST(Labels, HideANodeOnlyIfThereIsNoOtherRoom) {
  const TextSizes text = eight_pixels_a_letter();
  const auto label_of = [](Slot) { return std::string("four"); };
  const std::vector<LabelWish> wishes = {{0, 100, 100, 5, true, true}};
  const Box right{115, 95, 10, 10}, all_around{0, 0, 200, 200};
  const auto box_beside = [&](const Box& node) {
    const auto placed = place_labels(wishes, {&node, 1}, {}, {200, 200}, 9, text, label_of);
    return placed.labels.empty() ? Box{} : placed.labels[0].box;
  };
  const Box left_of_it = box_beside(right);
  EXPECT_LT(left_of_it.x + left_of_it.width, 100);
  EXPECT_GT(box_beside(all_around).x, 100);  // on its right, as anywhere
}

TEST(Labels, BesideALegendBeginAtTheirNode) {
  const TextSizes text = eight_pixels_a_letter();
  const auto label_of = [](Slot) { return std::string("answer"); };
  const std::vector<LabelWish> wishes = {{0, 100, 100, 5, false}};
  const std::vector<Box> legend = {{0, 0, 90, 200}}, other_node = {{108, 95, 10, 10}};
  const auto placed = place_labels(wishes, other_node, legend, {200, 200}, 9, text, label_of);
  ASSERT_EQ(placed.labels.size(), 1u);
  EXPECT_EQ(placed.labels[0].box.x, 95);
  EXPECT_LT(placed.labels[0].box.y + placed.labels[0].box.height, 95);
}

TEST(LegendBox, HoldsAllOfItsRowsWithinThePicture) {
  const TextSizes text = eight_pixels_a_letter();
  Legend legend{.title = "kind", .notes = {"opacity: confidence"}};
  for (int i = 0; i < 6; ++i) legend.nodes.push_back({.text = "kind", .count = 12});
  const LegendSetting set = set_legend({1280, 720}, legend, text);
  EXPECT_GE(set.box.width, 8 * 19 + 2 * set.pad);
  EXPECT_FLOAT_EQ(set.box.height, 8 * set.row + 2 * set.pad);
  EXPECT_LE(set.box.y + set.box.height, 720);
  EXPECT_EQ(set_legend({1280, 720}, {}, text).box.width, 0);
}

size_t counted(const std::vector<LegendEntry>& entries) {
  size_t sum = 0;
  for (const LegendEntry& entry : entries) sum += entry.count;
  return sum;
}

TEST(LegendBox, OfManyCategoriesItHasTheMostFrequentAndSaysHowManyMore) {
  const TextSizes text = eight_pixels_a_letter();
  Legend legend{.title = "run", .shapes = {{.text = "claim", .count = 900}}, .notes = {"size"}};
  for (size_t i = 0; i < 300; ++i)
    legend.edges.push_back({std::to_string(i), 1 + i * 7 % 300, {}, {}});
  for (size_t i = 0; i < 60; ++i) legend.nodes.push_back({"run", 60 - i, {}, {}});
  for (const Viewport& viewport : {Viewport{1280, 720}, {800, 600}, {500, 240}, {600, 3000}}) {
    const LegendSetting set = set_legend(viewport, legend, text);
    ASSERT_GT(set.box.width, 0);
    EXPECT_GE(set.box.y, 0);
    EXPECT_LE(set.box.y + set.box.height, viewport.height);
    EXPECT_LE(set.box.x + set.box.width, viewport.width);
    EXPECT_EQ(set.legend.shapes, legend.shapes);
    EXPECT_EQ(counted(set.legend.nodes), counted(legend.nodes));
    const auto& edges = set.legend.edges;
    EXPECT_EQ(counted(edges), counted(legend.edges));
    const size_t kept = edges.size() - 1;
    EXPECT_EQ(edges.back().text, "and " + std::to_string(300 - kept) + " more");
    for (size_t i = 0; i < kept; ++i) EXPECT_EQ(edges[i].count, 300 - i);

    const LegendSetting again = set_legend(viewport, set.legend, text);
    EXPECT_EQ(again.legend, set.legend);
    EXPECT_EQ(again.box, set.box);
  }
  EXPECT_EQ(set_legend({64, 64}, legend, text).box.width, 0);  // no room for any of it
}

TEST(LegendBox, LongNamesAreCutAndTheirCountsStay) {
  const TextSizes text = eight_pixels_a_letter();
  const Legend legend{.title = "run", .nodes = {{std::string(200, 'x'), 12345, {}, {}}}};
  const LegendSetting set = set_legend({640, 480}, legend, text);
  EXPECT_LE(set.box.width, 320);
  EXPECT_TRUE(entry_text(set.legend.nodes[0]).ends_with("x  12345"));
  EXPECT_EQ(set_legend({640, 480}, set.legend, text).box, set.box);
}

TEST(Positions, LieEvenlyOnTheSphere) {
  const Positions p = on_a_sphere(200, 2);
  float nearest = 9;
  for (Slot i = 0; i < 200; ++i) {
    EXPECT_NEAR(norm(p.at(i)), 2, 1e-6);
    for (Slot j = 0; j < i; ++j) nearest = std::min(nearest, norm(p.at(i) - p.at(j)));
  }
  // A hexagonal packing of 200 points on this sphere has this distance; the lattice comes near it.
  const float packed = 2 * std::sqrt(8 * static_cast<float>(M_PI) / (std::sqrt(3.f) * 200));
  EXPECT_GT(nearest, 0.75f * packed);
  EXPECT_TRUE(is_finite(on_a_sphere(1).at(0)));
}

TEST(Font, SetsTextAndDrawsABoxForWhatItCannotSet) {
  Font font = Font::standard(20);
  EXPECT_GT(font.width("mm"), font.width("ii"));
  EXPECT_FLOAT_EQ(font.width("mm"), 2 * font.width("m"));
  EXPECT_EQ(font.boxes(), 0u);
  EXPECT_FALSE(font.glyph(U'é').box);
  EXPECT_TRUE(font.glyph(U'ع').box);  // Arabic letters join
  EXPECT_TRUE(font.glyph(U'漢').box);
  EXPECT_TRUE(font.glyph(U'\U0001F9E0').box);
  EXPECT_TRUE(font.glyph(U'漢').box);
  EXPECT_EQ(font.boxes(), 3u);
}

TEST(Font, ShortensToAWidthAndTakesAnyBytes) {
  Font font = Font::standard(20);
  const std::string longer(10'000, 'x');
  for (const float width : {10.f, 50.f, 200.f}) {
    const std::string text = font.shortened(longer, width);
    EXPECT_LE(font.width(text), std::max(width, font.width("…")));
    EXPECT_TRUE(text.ends_with("…"));
  }
  EXPECT_EQ(font.shortened("short", 200), "short");
  EXPECT_EQ(font.shortened("two\nlines\t", 200), "two lines ");
  EXPECT_EQ(characters("a\xff\xc3\xa9\xe2\x82"), U"a\xFFFD\xE9\xFFFD\xFFFD");
  EXPECT_EQ(characters("\xc0\xaf\xed\xa0\x80").find(U'/'), std::u32string::npos);
  EXPECT_GT(font.width(std::string("\x80\xfe\xff", 3)), 0);
}

TEST(Font, ItsAtlasHoldsEachGlyphApartFromTheOthers) {
  Font font = Font::standard(32);
  std::vector<Box> places;
  for (char32_t c = 0x21; c < 0x17F; ++c) {
    const Font::Glyph& glyph = font.glyph(c);
    if (glyph.atlas_width == 0) continue;
    const Box place{static_cast<float>(glyph.u),
                    static_cast<float>(glyph.v),
                    static_cast<float>(glyph.atlas_width),
                    static_cast<float>(glyph.atlas_height)};
    EXPECT_LE(glyph.u + glyph.atlas_width, font.atlas().width);
    EXPECT_LE(glyph.v + glyph.atlas_height, font.atlas().height);
    for (const Box& other : places) EXPECT_FALSE(overlap(place, other));
    places.push_back(place);
  }
  EXPECT_GT(places.size(), 250u);
}

TEST(Font, AFileThatIsNoneIsRefused) {
  const results::TemporaryFolder folder;
  const auto file = folder.path() / "no.ttf";
  std::ofstream(file) << "this is no font, whatever it is called";
  EXPECT_THROW(Font(file.string(), 12), std::runtime_error);
  EXPECT_THROW(Font("missing.ttf", 12), std::runtime_error);
}

TEST(Overlay, HasTrianglesForLabelsLegendAndCaption) {
  graph::RandomStore random(5);
  Drawn drawn(random.store);
  Font font = Font::standard(14);
  drawn.text = text_sizes(font);
  const RenderPlan plan = drawn.plan();
  const Overlay overlay = overlay_of(plan, font);
  EXPECT_EQ(overlay.indices.size() % 3, 0u);
  for (const uint32_t index : overlay.indices) EXPECT_LT(index, overlay.vertices.size());
  const auto covered = [&](const Box& box) {
    return std::any_of(overlay.vertices.begin(), overlay.vertices.end(), [&](const auto& v) {
      return v.u >= 0 && v.x >= box.x && v.x <= box.x + box.width && v.y >= box.y - 2 &&
             v.y <= box.y + box.height + 2;
    });
  };
  for (const Label& label : plan.labels) EXPECT_TRUE(covered(label.box)) << label.text;
  EXPECT_TRUE(covered(plan.legend.box));
  EXPECT_TRUE(covered(plan.caption_box));
}

TEST(Frame, APickTakesTheNearestNodeBeforeAnEdgeBesideIt) {
  Frame frame{5, 5, {}, std::vector<PickId>(25)};
  EXPECT_EQ(frame.pick(2, 2), 0u);
  frame.ids[2 * 5 + 3] = pick_of_edge(7);
  EXPECT_EQ(frame.pick(2, 2), pick_of_edge(7));
  frame.ids[0] = pick_of_node(4);
  EXPECT_EQ(frame.pick(2, 2), pick_of_node(4));
  EXPECT_EQ(frame.pick(3, 2), pick_of_edge(7));
  EXPECT_EQ(frame.pick(-1, -1), pick_of_node(4));
  EXPECT_EQ(frame.pick(40, 40), 0u);
}

TEST(NullBackend, KeepsThePlanAndGivesItsBackground) {
  graph::RandomStore random(5);
  NullBackend backend;
  const RenderPlan plan = Drawn(random.store).plan();
  const Frame frame = backend.draw(plan, {});
  EXPECT_EQ(frame.rgba.size(), 800u * 600 * 4);
  EXPECT_EQ(frame.rgba[0], plan.theme.background.r);
  ASSERT_EQ(backend.plans().size(), 1u);
  EXPECT_EQ(backend.plans()[0].balls.size(), plan.balls.size());
  EXPECT_EQ(png(frame).substr(1, 3), "PNG");
}

}  // namespace
}  // namespace saggio::viz
