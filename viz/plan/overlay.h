// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "viz/plan/font.h"
#include "viz/plan/plan.h"

namespace saggio::viz {

// What flat things are drawn on. Places in pixels.
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void box(const Box& box, Rgba colour) = 0;
  virtual void polygon(const std::vector<std::pair<float, float>>& corners,
                       Rgba colour) = 0;  // convex
  // `y`: of the base line.
  virtual void text(Font& font, float x, float y, std::string_view utf8, Rgba colour) = 0;
};

// What lies flat on the picture, as triangles with a colour and, where they are letters, a place in
// a font's atlas: the shape of Dear ImGui's draw lists, so that one pipeline draws both.
struct Overlay : Canvas {
  struct Vertex {
    float x = 0, y = 0;    // pixels
    float u = -1, v = -1;  // texels; below 0: nothing but the colour
    Rgba colour;
  };
  static_assert(sizeof(Vertex) == 20);
  std::vector<Vertex> vertices;
  std::vector<uint32_t> indices;
  const Font::Atlas* atlas = nullptr;  // borrowed from the font until its next glyph

  void box(const Box& box, Rgba colour) override;
  void polygon(const std::vector<std::pair<float, float>>& corners, Rgba colour) override;
  // Letters begin at whole pixels, so that the atlas is read as it is.
  void text(Font& font, float x, float y, std::string_view utf8, Rgba colour) override;
};

// Labels, legend and caption of a plan.
void draw_flat(const RenderPlan& plan, Font& font, Canvas& canvas);
Overlay overlay_of(const RenderPlan& plan, Font& font);

// A node's shape around (x, y), y down.
std::vector<std::pair<float, float>> shape_corners(Shape shape, float x, float y, float radius);

// What a plan needs to know of a font; borrows it.
struct TextSizes;
TextSizes text_sizes(Font& font);

}  // namespace saggio::viz
