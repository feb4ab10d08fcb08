// SPDX-License-Identifier: MIT
#include "viz/vulkan/renderer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include "results/random.h"
#include "viz/plan/curve.h"
#include "viz/plan/positions.h"

// Pictures by Mesa's software driver under the validation layer: a message of the layer makes
// draw() throw, so that every test here says as well that there was none.
namespace saggio::viz {
namespace {

constexpr Viewport kSmall{320, 200};

vulkan::Renderer& backend() {
  static vulkan::Renderer one({.device = "software", .validate = true});
  return one;
}

RenderPlan empty_plan(bool flat = false) {
  RenderPlan plan;
  plan.viewport = kSmall;
  plan.camera = {.yaw = 0, .pitch = 0, .distance = 10, .flat = flat};
  plan.theme = light_theme();
  return plan;
}

Ball ball(
    Vec3 at, float radius, Slot slot, Shape shape = Shape::Sphere, Rgba colour = {0, 114, 178}) {
  return {at.x, at.y, at.z, radius, colour, pick_of_node(slot), static_cast<uint32_t>(shape), 0};
}

Rgba pixel(const Frame& frame, float x, float y) {
  const size_t at = 4 * (static_cast<size_t>(y) * frame.width + static_cast<size_t>(x));
  return {frame.rgba[at], frame.rgba[at + 1], frame.rgba[at + 2], frame.rgba[at + 3]};
}

PickId id_at(const Frame& frame, float x, float y) {
  return frame.ids[static_cast<size_t>(y) * frame.width + static_cast<size_t>(x)];
}

size_t pixels_of(const Frame& frame, PickId id) {
  return static_cast<size_t>(std::count(frame.ids.begin(), frame.ids.end(), id));
}

TEST(Raster, AnEmptyPlanIsItsBackground) {
  const Frame frame = backend().draw(empty_plan(), {});
  ASSERT_EQ(frame.rgba.size(), 4 * frame.ids.size());
  for (size_t i = 0; i < frame.ids.size(); ++i) {
    ASSERT_EQ(frame.ids[i], 0u);
    ASSERT_EQ(frame.rgba[4 * i], light_theme().background.r);
  }
}

TEST(Raster, ABallCoversItsDiscAndNothingElse) {
  for (const bool flat : {false, true}) {
    RenderPlan plan = empty_plan(flat);
    plan.balls = {ball({1, -0.5f, 0}, 1, 41)};
    const Frame frame = backend().draw(plan, {});
    const auto seen = project(plan.camera, kSmall, {1, -0.5f, 0});
    const float radius = seen->pixels_a_unit;
    for (uint32_t y = 0; y < frame.height; ++y)
      for (uint32_t x = 0; x < frame.width; ++x) {
        const float from = std::hypot(static_cast<float>(x) + 0.5f - seen->x,
                                      static_cast<float>(y) + 0.5f - seen->y);
        const PickId id = frame.ids[y * frame.width + x];
        if (std::abs(from - radius) < 1) continue;  // the edge's own pixels
        ASSERT_EQ(id, from < radius ? pick_of_node(41) : 0) << x << " " << y;
      }
    const Rgba middle = pixel(frame, seen->x, seen->y);
    EXPECT_GT(middle.b, middle.g);
    EXPECT_GT(middle.g, middle.r);
  }
}

TEST(Raster, ShapesDifferInTheirOutline) {
  std::map<size_t, Shape> areas;
  for (size_t shape = 0; shape < kShapes; ++shape) {
    RenderPlan plan = empty_plan();
    plan.balls = {ball({}, 2, 0, static_cast<Shape>(shape))};
    const Frame frame = backend().draw(plan, {});
    areas[pixels_of(frame, 1)] = static_cast<Shape>(shape);
    EXPECT_EQ(id_at(frame, 160, 100), 1u);
  }
  EXPECT_EQ(areas.size(), kShapes);
}

// What is picked at a node's middle is that node, or one that covers it there.
TEST(Raster, EveryNodeIsPickedWhereItIsSeen) {
  results::Stream stream(3);
  RenderPlan plan = empty_plan();
  for (Slot slot = 0; slot < 1000; ++slot)
    plan.balls.push_back(ball({static_cast<float>(stream.normal() * 1.5),
                               static_cast<float>(stream.normal()),
                               static_cast<float>(stream.normal())},
                              0.05f,
                              slot));
  std::sort(plan.balls.begin(), plan.balls.end(), [&](const Ball& a, const Ball& b) {
    return a.z < b.z;  // the camera looks along -z
  });
  const Frame frame = backend().draw(plan, {});
  size_t seen_ones = 0, covered = 0;
  for (const Ball& one : plan.balls) {
    const auto at = project(plan.camera, kSmall, {one.x, one.y, one.z});
    if (at->x < 0 || at->y < 0 || at->x >= kSmall.width || at->y >= kSmall.height) continue;
    const PickId id = id_at(frame, at->x, at->y);
    ASSERT_NE(id, 0u);
    if (id == one.id) {
      ++seen_ones;
      continue;
    }
    const auto nearer = std::find_if(
        plan.balls.begin(), plan.balls.end(), [&](const Ball& other) { return other.id == id; });
    ASSERT_NE(nearer, plan.balls.end());
    EXPECT_GT(nearer->z, one.z);
    ++covered;
  }
  EXPECT_GT(seen_ones, 500u);
  EXPECT_GT(covered, 10u);
}

Line line(Vec3 a, Vec3 b, float width, float head, Slot slot, bool dashed = false) {
  return {a.x,
          a.y,
          a.z,
          width,
          b.x,
          b.y,
          b.z,
          head,
          {213, 94, 0},
          pick_of_edge(slot),
          dashed ? kDashed : 0u,
          0};
}

TEST(Raster, AnEdgeIsARibbonWithAHeadAtItsEnd) {
  RenderPlan plan = empty_plan();
  plan.lines = {line({-4, 0, 0}, {4, 0, 0}, 4, 24, 7)};
  const Frame frame = backend().draw(plan, {});
  const auto a = project(plan.camera, kSmall, {-4, 0, 0}),
             b = project(plan.camera, kSmall, {4, 0, 0});
  const auto height_at = [&](float x) {
    size_t count = 0;
    for (uint32_t y = 0; y < frame.height; ++y)
      count += id_at(frame, x, static_cast<float>(y)) == pick_of_edge(7);
    return count;
  };
  EXPECT_NEAR(static_cast<double>(height_at((a->x + b->x) / 2)), 4, 1);
  EXPECT_GT(height_at(b->x - 20), 12u);
  EXPECT_LT(height_at(b->x - 3), 5u);
  EXPECT_EQ(height_at(b->x + 2), 0u);
  EXPECT_EQ(height_at(a->x - 2), 0u);
}

TEST(Raster, ADashedEdgeHasGaps) {
  RenderPlan plan = empty_plan();
  plan.lines = {line({-4, 0, 0}, {4, 0, 0}, 3, 0, 1)};
  const size_t whole = pixels_of(backend().draw(plan, {}), pick_of_edge(1));
  plan.lines[0].flags = kDashed;
  const size_t dashed = pixels_of(backend().draw(plan, {}), pick_of_edge(1));
  EXPECT_NEAR(static_cast<double>(dashed) / static_cast<double>(whole), 7 / 11., 0.12);
}

TEST(Raster, ABentEdgeAndALoopLieWhereThePlanSaysTheyDo) {
  for (const bool flat : {false, true}) {
    RenderPlan plan = empty_plan(flat);
    for (Slot i = 0; i < 5; ++i) {
      plan.lines.push_back(line({-4, 0, 1}, {4, 0.5f, -1}, 3, 9, i));
      plan.lines.back().bend = fan_bend(i, 5);
    }
    plan.lines.push_back(line({0, -1.6f, 0}, {0.3f, 0, 0}, 3, 9, 5));
    plan.lines.back().flags = kLoop;
    plan.lines.back().bend = loop_reach(0);
    plan.curved = plan.lines.size();
    const Frame frame = backend().draw(plan, {});
    for (const Line& one : plan.lines) {
      const auto curve = curve_of(plan, one);
      ASSERT_TRUE(curve.has_value());
      for (const float share : {0.2f, 0.5f, 0.7f}) {
        const Point at = point_on(*curve, share);
        EXPECT_EQ(id_at(frame, at.x, at.y), one.id) << "bend " << one.bend << " at " << share;
      }
    }
  }
}

TEST(Raster, ABallHidesTheEdgeBehindItAndNotTheOneBefore) {
  RenderPlan plan = empty_plan();
  plan.balls = {ball({}, 1, 0)};
  plan.lines = {line({-4, 0.3f, -2}, {4, 0.3f, -2}, 3, 0, 1),
                line({-4, -0.3f, 2}, {4, -0.3f, 2}, 3, 0, 2)};
  const Frame frame = backend().draw(plan, {});
  const auto behind = project(plan.camera, kSmall, {0, 0.3f, -2});
  const auto before = project(plan.camera, kSmall, {0, -0.3f, 2});
  EXPECT_EQ(id_at(frame, behind->x, behind->y), pick_of_node(0));
  EXPECT_EQ(id_at(frame, before->x, before->y), pick_of_edge(2));
}

TEST(Raster, AnEdgeThatBeginsBehindTheEyeIsCutNotTurnedAround) {
  RenderPlan plan = empty_plan();
  plan.lines = {line({-5, 0, 30}, {1, 0, 0}, 3, 10, 1)};
  const Frame frame = backend().draw(plan, {});
  const auto end = project(plan.camera, kSmall, {1, 0, 0});
  EXPECT_NE(frame.pick(static_cast<int64_t>(end->x) - 8, static_cast<int64_t>(end->y)), 0u);
  for (uint32_t y = 0; y < frame.height; ++y)
    EXPECT_EQ(id_at(frame, end->x + 4, static_cast<float>(y)), 0u);
}

TEST(Raster, OpacityLetsWhatIsBehindThrough) {
  RenderPlan plan = empty_plan(true);
  plan.balls = {ball({0, 0, -3}, 1, 0, Shape::Sphere, {255, 0, 0}),
                ball({0, 0, 0}, 1, 1, Shape::Sphere, {0, 0, 255, 128})};
  const Rgba mixed_pixel = pixel(backend().draw(plan, {}), 160, 100);
  EXPECT_GT(mixed_pixel.r, 70);
  EXPECT_GT(mixed_pixel.b, 70);
  plan.balls[1].colour.a = 255;
  EXPECT_LT(pixel(backend().draw(plan, {}), 160, 100).r, 70);
}

TEST(Raster, WhatIsDimmedNeverHidesWhatStandsOut) {
  RenderPlan plan = empty_plan();
  plan.balls = {ball({0, 0, 3}, 1, 0), ball({0, 0, 0}, 1, 1)};  // the nearer one first
  plan.lines = {line({-4, 0, 1}, {4, 0, 1}, 3, 0, 2)};
  EXPECT_EQ(id_at(backend().draw(plan, {}), 160, 100), pick_of_node(0));
  plan.dimmed = 1;
  const Frame frame = backend().draw(plan, {});
  EXPECT_EQ(id_at(frame, 160, 100), pick_of_edge(2));
  EXPECT_EQ(id_at(frame, 160, 110), pick_of_node(1));
}

TEST(Raster, TheOverlayIsDrawnOnTopAndPicksNothing) {
  RenderPlan plan = empty_plan();
  plan.balls = {ball({}, 3, 5)};
  Overlay overlay;
  overlay.box({150, 90, 20, 20}, {1, 2, 3});
  Font font = Font::standard(24);
  overlay.text(font, 20, 40, "Wm", {0, 0, 0});
  overlay.atlas = &font.atlas();
  const Frame frame = backend().draw(plan, overlay);
  EXPECT_EQ(pixel(frame, 160, 100), (Rgba{1, 2, 3}));
  EXPECT_EQ(id_at(frame, 160, 100), pick_of_node(5));
  size_t dark = 0;
  for (float y = 20; y < 42; ++y)
    for (float x = 20; x < 20 + font.width("Wm"); ++x) dark += pixel(frame, x, y).r < 60;
  EXPECT_GT(dark, 100u);
}

uint64_t hash_of(const Frame& frame) {
  uint64_t hash = 0xcbf29ce484222325u;
  const auto take = [&](uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3u; };
  for (const uint8_t byte : frame.rgba) take(byte);
  for (const PickId id : frame.ids)
    for (int shift = 0; shift < 32; shift += 8) take(static_cast<uint8_t>(id >> shift));
  return hash;
}

RenderPlan busy_plan(Slot nodes) {
  RenderPlan plan = empty_plan();
  const Positions at = on_a_sphere(nodes, 3.5f);
  for (Slot slot = 0; slot < nodes; ++slot) {
    plan.balls.push_back(ball(at.at(slot), 0.15f, slot, static_cast<Shape>(slot % kShapes)));
    plan.lines.push_back(
        line(at.at(slot), at.at((slot * 7 + 1) % nodes), 2, 9, slot, slot % 3 == 0));
  }
  return plan;
}

TEST(Raster, TheSamePlanIsTheSamePictureAlsoAfterOthersAndOfAnotherSize) {
  const RenderPlan plan = busy_plan(300);
  const uint64_t first = hash_of(backend().draw(plan, {}));
  RenderPlan other = busy_plan(20);
  other.viewport = {64, 50};
  EXPECT_EQ(backend().draw(other, {}).ids.size(), 64u * 50);
  EXPECT_EQ(hash_of(backend().draw(plan, {})), first);
  vulkan::Renderer again({.device = "software"});
  EXPECT_EQ(hash_of(again.draw(plan, {})), first);
}

TEST(Raster, APickOnTheDeviceIsThatOfThePictureReadBack) {
  const Frame frame = backend().draw(busy_plan(200), {});
  results::Stream stream(4);
  for (int i = 0; i < 100; ++i) {
    const auto x = static_cast<int64_t>(stream.below(frame.width + 20)) - 10;
    const auto y = static_cast<int64_t>(stream.below(frame.height + 20)) - 10;
    ASSERT_EQ(backend().pick(x, y), frame.pick(x, y)) << x << ", " << y;
  }
}

std::string refusal(const vulkan::DeviceOptions& options) {
  try {
    const vulkan::Renderer renderer(options);
  } catch (const NoDevice& error) {
    return error.what();
  }
  return "";
}

TEST(Raster, SaysWhatItIsDrawnBy) {
  EXPECT_TRUE(backend().info().software);
  EXPECT_NE(backend().info().name.find("llvmpipe"), std::string::npos);
}

TEST(Raster, ADeviceThatIsNotThereIsRefusedWithThoseThatAre) {
  const std::string text = refusal({.device = "no such GPU"});
  EXPECT_EQ(text.find("no Vulkan device called 'no such GPU' will do; there are: "), 0u) << text;
  EXPECT_NE(text.find("llvmpipe"), std::string::npos);
}

TEST(Raster, AMachineWithoutADriverIsToldWhatToInstall) {
  const char* before = std::getenv("VK_ICD_FILENAMES");
  const std::string kept = before ? before : "";
  ::setenv("VK_ICD_FILENAMES", "/nowhere/icd.json", 1);
  const std::string text = refusal({});
  before ? ::setenv("VK_ICD_FILENAMES", kept.c_str(), 1) : ::unsetenv("VK_ICD_FILENAMES");
  EXPECT_EQ(text,
            "no Vulkan driver was found; install the GPU's Vulkan driver, or apt-get install "
            "mesa-vulkan-drivers, which draws in software");
}

TEST(Raster, ASizeThatTheDeviceCannotDrawIsRefused) {
  for (const Viewport size : {Viewport{0, 10}, Viewport{1e6f, 10}, Viewport{NAN, 10}}) {
    RenderPlan plan = empty_plan();
    plan.viewport = size;
    EXPECT_THROW(backend().draw(plan, {}), std::invalid_argument);
  }
}

}  // namespace
}  // namespace saggio::viz
