// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tests/viz/casts.h"
#include "viz/plan/overlay.h"
#include "viz/vulkan/renderer.h"

// Frames of the viewer at 1280x720, to be measured: communities with two edges a node.
namespace saggio::viz {

enum Ways : int64_t { kRaster, kDensity, kCompute };  // what is a crowd: nothing, edges, all

inline Cast cast_of_communities(Slot nodes, int64_t way) {
  const float radius =
      3 * std::clamp(0.13f / std::sqrt(static_cast<float>(nodes)), 0.0025f, 0.018f);
  const Graph graph = communities(nodes, radius);
  return way == kRaster ? one_by_one(graph) : as_a_crowd(graph, way == kCompute);
}

// A cast that stays, its labels, legend and caption, and a camera that turns.
class Frames {
 public:
  Frames(Font& font, Slot nodes, int64_t way, size_t threads = SIZE_MAX)
      : font_(font), cast_(cast_of_communities(nodes, way)), threads_(threads) {
    for (size_t i = 0; i < 5; ++i)
      legend_.nodes.push_back(
          {.text = "a kind of node", .count = 1'000 * i, .mark = Mark{colour_of_number(i)}});
    for (size_t i = 0; i < 3; ++i)
      legend_.edges.push_back(
          {.text = "supports", .count = 1'000 * i, .stroke = Stroke{colour_of_number(i)}});
  }
  // The next one.
  RenderPlan plan() {
    camera_.yaw += 0.02f;
    return build_plan(
        cast_, {}, camera_, {1280, 720}, {text_, label_, legend_, caption_, 60}, threads_);
  }
  // Its picture and its ids, without reading back.
  void draw(vulkan::Renderer& renderer) {
    const RenderPlan plan = this->plan();
    renderer.render(plan, overlay_of(plan, font_));
  }

 private:
  Font& font_;
  Cast cast_;
  size_t threads_;
  TextSizes text_ = text_sizes(font_);
  std::function<std::string(Slot)> label_ = [](Slot slot) {
    return "node " + std::to_string(slot);
  };
  Legend legend_{.title = "kind", .notes = {"opacity: confidence"}};
  std::string caption_ = "a graph of communities   version 1 of 1";
  Camera camera_{.distance = 6.2f};
};

}  // namespace saggio::viz
