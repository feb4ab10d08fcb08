// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "viz/plan/font.h"
#include "viz/plan/plan.h"

namespace saggio::viz {

// What lies flat on the picture, as triangles with a colour and, where they are letters, a place in
// a font's atlas: the shape of Dear ImGui's draw lists, so that one pipeline draws both.
struct Overlay {
  struct Vertex {
    float x = 0, y = 0;    // pixels
    float u = -1, v = -1;  // texels; below 0: nothing but the colour
    Rgba colour;
  };
  static_assert(sizeof(Vertex) == 20);
  std::vector<Vertex> vertices;
  std::vector<uint32_t> indices;
  const Font::Atlas* atlas = nullptr;  // borrowed from the font until its next glyph

  void box(const Box& box, Rgba colour);
  void polygon(const std::vector<std::pair<float, float>>& corners, Rgba colour);  // convex
  // `y`: of the base line. Letters begin at whole pixels, so that the atlas is read as it is.
  void text(Font& font, float x, float y, std::string_view utf8, Rgba colour);
};

// Labels, legend and caption of a plan.
Overlay overlay_of(const RenderPlan& plan, Font& font);

// What a plan needs to know of a font; borrows it.
struct TextSizes;
TextSizes text_sizes(Font& font);

}  // namespace saggio::viz
