// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "viz/scene/looks.h"
#include "viz/state/camera.h"

// A picture before it is one: everything that a backend needs to draw it, as plain data that a test
// reads, a backend rasterises and an export writes out. It knows neither store nor window.
namespace saggio::viz {

// What a pixel belongs to: 0 nothing, slot + 1 a node, that with the highest bit an edge.
using PickId = uint32_t;
inline constexpr PickId kEdgeBit = 0x80000000u;
inline PickId pick_of_node(Slot slot) { return slot + 1; }
inline PickId pick_of_edge(Slot slot) { return (slot + 1) | kEdgeBit; }

// A node: a shaded sphere, or another shape that faces the reader. As the GPU reads it.
struct Ball {
  float x = 0, y = 0, z = 0, radius = 0;  // in the world
  Rgba colour;
  PickId id = 0;
  uint32_t shape = 0;  // Shape
  uint32_t ring = 0;   // 1: ringed, since it is selected
};
static_assert(sizeof(Ball) == 32);

enum LineFlags : uint32_t { kDashed = 1, kLoop = 2, kDotted = 4 };

// An edge: a ribbon of so many pixels, from surface to surface, with an arrow's head at its end. One
// of several between the same nodes bends aside. A loop begins and ends at one node: `a` is the
// node's middle, bx its radius. As the GPU reads it; curve.h says what it looks like.
struct Line {
  float ax = 0, ay = 0, az = 0, width = 0;  // pixels
  float bx = 0, by = 0, bz = 0, head = 0;   // pixels, the length of the head; 0: none
  Rgba colour;
  PickId id = 0;
  uint32_t flags = 0;  // LineFlags
  float bend = 0;      // to its right in the picture, as a share of its length; of a loop how far
                       // it reaches, in radii
};
static_assert(sizeof(Line) == 48);

struct Box {  // pixels
  float x = 0, y = 0, width = 0, height = 0;
  bool operator==(const Box&) const = default;
};
inline bool overlap(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

struct Label {
  Box box;  // of the text, with a little room about it
  std::string text;
  Slot node = 0;
  bool strong = false;
  bool dim = false;
};

struct PlannedLegend {
  Box box;  // width 0: there is none
  Legend legend;
};

struct Crowd;  // crowd.h

struct RenderPlan {
  Viewport viewport;
  Camera camera;
  Theme theme;
  std::vector<Ball> balls;  // the dimmed ones first; of either, the farthest first
  size_t dimmed = 0;        // so many of them are dimmed: they never hide what stands out
  std::vector<Line> lines;  // the straight ones first; of either, the farthest first
  size_t curved = 0;        // so many at their end are bent or loops
  std::shared_ptr<const Crowd> crowd;  // behind all of these; null: there is none
  size_t step = 1;                     // of the sample of its threads that is drawn; 1: all
  float unit = 1;                      // pixels: what sizes in pixels are multiplied with
  float nearest = 0, farthest = 0;     // between these depths haze sets in
  std::vector<Label> labels;
  size_t labels_left_out = 0;  // for want of room; those above the limit are not counted
  PlannedLegend legend;
  std::string caption;  // at the bottom: what this is a picture of
  Box caption_box;
};

}  // namespace saggio::viz
