// SPDX-License-Identifier: MIT
#include "viz/plan/crowd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/viz/casts.h"
#include "viz/vulkan/renderer.h"

// Crowds, drawn by Mesa's software driver under the validation layer, beside what the CPU and the
// rasteriser say.
namespace saggio::viz {
namespace {

constexpr Viewport kPicture{640, 360};

vulkan::Renderer& renderer() {
  static vulkan::Renderer one({.device = "software", .validate = true});
  return one;
}

TEST(Crowd, ASampleHoldsThatOfALongerStepAndEachOnce) {
  constexpr size_t kAll = 20'000;
  std::set<size_t> last;
  for (const size_t step : {1, 2, 16, 1024}) {
    std::set<size_t> seen;
    for (size_t i = 0; i < sample_size(kAll, step); ++i) {
      const size_t at = sampled(i, step);
      EXPECT_EQ(at / step, i);
      if (at < kAll) seen.insert(at);
    }
    EXPECT_GE(seen.size() + 1, kAll / step);
    EXPECT_TRUE(step == 1 || std::includes(last.begin(), last.end(), seen.begin(), seen.end()));
    last = seen;
  }
}

TEST(Crowd, ASampleIsAsLargeAsItMayBeAndNoLarger) {
  EXPECT_EQ(sample_step(1'000, 1'000), 1u);
  EXPECT_EQ(sample_step(1'001, 1'000), 2u);
  for (const size_t most : {1, 7, 300}) {
    const size_t step = sample_step(12'345, most);
    EXPECT_LE(sample_size(12'345, step), most);
    EXPECT_GT(sample_size(12'345, step / 2), most);
  }
}

// Of what comes by turns, as edges of nodes do, none is left out.
TEST(Crowd, ASampleIsFairToWhatComesByTurns) {
  for (const size_t turns : {2, 3, 4, 8}) {
    std::vector<int> seen(turns);
    for (size_t i = 0; i < 10'000; ++i) ++seen[sampled(i, 16) % turns];
    const double share = 10'000. / static_cast<double>(turns);
    for (const int count : seen) EXPECT_NEAR(count, share, 5 * std::sqrt(share)) << turns;
  }
}

// How much of two pictures' ids is the same.
double share_of_equal_ids(const Frame& a, const Frame& b) {
  size_t equal = 0;
  for (size_t i = 0; i < a.ids.size(); ++i) equal += a.ids[i] == b.ids[i];
  return static_cast<double>(equal) / static_cast<double>(a.ids.size());
}

TEST(Crowd, ItsNodesAreThoseOfTheRasteriser) {
  for (const bool flat : {false, true}) {
    const Graph graph = random_graph(3, 2'000, 0, 0.03f, true);
    const Camera camera{.distance = 7.5f, .flat = flat};
    const Frame raster = renderer().draw(plan_of(one_by_one(graph), kPicture, camera), {});
    const Frame crowd = renderer().draw(plan_of(as_a_crowd(graph), kPicture, camera), {});
    // Outlines may differ where two shaders round in different ways.
    EXPECT_GE(share_of_equal_ids(raster, crowd), 0.9995);
    size_t far = 0;
    for (size_t i = 0; i < raster.rgba.size(); ++i)
      far += std::abs(raster.rgba[i] - crowd.rgba[i]) > 8 && raster.ids[i / 4] == crowd.ids[i / 4];
    // At outlines the rasteriser blends with the node behind, a crowd with the background.
    EXPECT_LT(static_cast<double>(far) / static_cast<double>(raster.rgba.size()), 0.06);
  }
}

Rgba pixel(const Frame& frame, float x, float y) {
  const size_t at = 4 * (static_cast<size_t>(y) * frame.width + static_cast<size_t>(x));
  return {frame.rgba[at], frame.rgba[at + 1], frame.rgba[at + 2], frame.rgba[at + 3]};
}

Graph bundle(Slot edges) {  // of edges on one line, and a node before its middle
  Graph graph;
  graph.nodes = {{-1, 0, 0, 0.05f, {0, 0, 0}, pick_of_node(0), 0, 0},
                 {1, 0, 0, 0.05f, {0, 0, 0}, pick_of_node(1), 0, 0},
                 {0, 0, 0.5f, 0.1f, {200, 0, 0}, pick_of_node(2), 0, 0}};
  for (Slot i = 0; i < edges; ++i) graph.edges.push_back({0, 1});
  return graph;
}

TEST(Crowd, EdgesLieBehindNodesAndAreDarkerTheMoreThereAre) {
  const Camera camera{.yaw = 0, .pitch = 0, .distance = 7.5f};
  int before = 255;
  for (const Slot edges : {1u, 10u, 100u}) {
    const Frame frame = renderer().draw(plan_of(as_a_crowd(bundle(edges)), kPicture, camera), {});
    const auto at = project(camera, kPicture, {0.5f, 0, 0});
    const Rgba colour = pixel(frame, at->x, at->y);
    EXPECT_LT(colour.r, before - 20) << edges;
    EXPECT_GT(colour.g, colour.r);
    before = colour.r;
    const auto middle = project(camera, kPicture, {0, 0, 0.5f});
    EXPECT_GT(pixel(frame, middle->x, middle->y).r, 100);
    EXPECT_EQ(frame.ids[static_cast<size_t>(middle->y) * 640 + static_cast<size_t>(middle->x)],
              pick_of_node(2));
    const Rgba beside = pixel(frame, at->x, at->y + 6);
    EXPECT_EQ(beside, light_theme().background);
  }
}

// Each pixel that a loop covers when it is drawn one by one is drawn in a crowd too, and in a crowd
// none that is farther from a loop than a cell and the one beside it.
TEST(Crowd, ItsLoopsAreThoseOfTheRasteriser) {
  const int blank = light_theme().background.r;
  for (const bool flat : {false, true}) {
    Graph graph = random_graph(4, 12, 0, 0.05f);
    for (Slot node = 0; node < graph.nodes.size(); ++node) graph.edges.push_back({node, node});
    const Camera camera{.distance = 7.5f, .flat = flat};
    const Frame raster = renderer().draw(plan_of(one_by_one(graph), kPicture, camera), {});
    const Frame crowd = renderer().draw(plan_of(as_a_crowd(graph), kPicture, camera), {});
    const auto at = [](int x, int y) { return static_cast<size_t>(y * 640 + x); };
    const auto near_loop = [&](int x, int y) {
      for (int j = std::max(y - 4, 0); j <= std::min(y + 4, 359); ++j)
        for (int i = std::max(x - 4, 0); i <= std::min(x + 4, 639); ++i)
          if (raster.ids[at(i, j)] & kEdgeBit) return true;
      return false;
    };
    size_t covered = 0;
    for (int y = 0; y < 360; ++y)
      for (int x = 0; x < 640; ++x) {
        if (crowd.ids[at(x, y)] != 0) continue;  // a node is before it
        const bool is_loop = raster.ids[at(x, y)] & kEdgeBit && raster.rgba[4 * at(x, y)] < 100;
        const int darker = blank - crowd.rgba[4 * at(x, y)];
        covered += is_loop;
        ASSERT_TRUE(!is_loop || darker > 15) << x << ", " << y;
        const bool by_a_node = raster.ids[at(x, y)] != 0;  // blended with its outline
        ASSERT_TRUE(darker < 4 || by_a_node || near_loop(x, y)) << x << ", " << y;
      }
    EXPECT_GT(covered, 300u);
  }
}

TEST(Crowd, EachOfItsColoursOfEdgesIsDrawnWhereItsEdgesAre) {
  const Camera camera{.yaw = 0, .pitch = 0, .distance = 7.5f};
  Crowd crowd;
  crowd.hues = {{{255, 0, 0}, {}, {}, {}, {}, {0, 0, 255}}};
  crowd.threads = std::vector<Thread>{{-1, 0.5f, 0, 1, 0.5f, 0, pick_of_edge(0), 0, 64},
                                      {-1, -0.5f, 0, 1, -0.5f, 0, pick_of_edge(1), kHues - 1, 64}};
  crowd.threads_there = crowd.threads_in_all = crowd.threads.size();
  Cast cast;
  cast.crowd = std::make_shared<const Crowd>(crowd);
  const Frame frame = renderer().draw(plan_of(cast, kPicture, camera), {});
  const auto colour_at = [&](Vec3 place) {
    const auto at = project(camera, kPicture, place);
    return pixel(frame, at->x, at->y);
  };
  const Rgba first = colour_at({0.3f, 0.5f, 0}), last = colour_at({0.3f, -0.5f, 0});
  EXPECT_GT(first.r, first.b + 50);
  EXPECT_GT(last.b, last.r + 50);
  EXPECT_EQ(colour_at({0.3f, 0, 0}), light_theme().background);
}

TEST(Crowd, WhatStandsOutIsDrawnUponItAndHiddenByWhatIsBeforeIt) {
  const Camera camera{.yaw = 0, .pitch = 0, .distance = 7.5f};
  Cast cast = as_a_crowd(bundle(50));
  cast.lines = {{-1, 0, 0, 3, 1, 0, 0, 0, {0, 0, 255}, pick_of_edge(77), 0, 0}};
  cast.balls = {{0.5f, 0, 0.2f, 0.05f, {0, 255, 0}, pick_of_node(9), 0, 0}};
  const Frame frame = renderer().draw(plan_of(cast, kPicture, camera), {});
  const auto id_at = [&](Vec3 place) {
    const auto at = project(camera, kPicture, place);
    return frame.ids[static_cast<size_t>(at->y) * frame.width + static_cast<size_t>(at->x)];
  };
  EXPECT_EQ(id_at({-0.5f, 0, 0}), pick_of_edge(77));
  EXPECT_EQ(id_at({0, 0, 0.5f}), pick_of_node(2)) << "the node before it";
  EXPECT_EQ(id_at({0.5f, 0, 0.2f}), pick_of_node(9));
}

TEST(Crowd, TheSamePlanIsTheSamePictureBitByBit) {
  const RenderPlan plan = plan_of(as_a_crowd(random_graph(5, 5'000, 10'000, 0.01f)), kPicture);
  const Frame first = renderer().draw(plan, {});
  renderer().draw(plan_of(as_a_crowd(random_graph(6, 50, 100, 0.1f)), {100, 70}), {});
  const Frame second = renderer().draw(plan, {});
  EXPECT_EQ(first.rgba, second.rgba);
  EXPECT_EQ(first.ids, second.ids);
  vulkan::Renderer other({.device = "software"});
  EXPECT_EQ(other.draw(plan, {}).rgba, first.rgba);
}

TEST(Crowd, PartsOfAPictureAreThoseOfTheWhole) {
  const Graph graph = random_graph(8, 1'500, 1'500, 0.03f, true);
  for (const Cast& cast : {one_by_one(graph), as_a_crowd(graph)}) {
    const RenderPlan plan = plan_of(cast, {500, 333});
    const Frame whole = renderer().draw(plan, {}), parts = renderer().draw_in_tiles(plan, {}, 128);
    // Where a part begins, the rasteriser rounds to its 1/256 of a pixel anew.
    EXPECT_GE(share_of_equal_ids(whole, parts), 0.999);
    size_t other = 0;
    for (size_t i = 0; i < whole.rgba.size(); ++i)
      other += std::abs(whole.rgba[i] - parts.rgba[i]) > 8;
    EXPECT_LE(other, whole.rgba.size() / 1'000);
  }
}

}  // namespace
}  // namespace saggio::viz
