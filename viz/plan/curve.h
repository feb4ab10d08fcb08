// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "viz/plan/plan.h"

// What an edge looks like in the picture if it is not straight. The shader curve.vert has the same
// formulas.
namespace saggio::viz {

inline bool is_curved(const Line& line) { return line.bend != 0; }

// How far the n-th of `count` edges between the same two nodes bends aside.
float fan_bend(size_t n, size_t count);
// How far the n-th loop at a node reaches, in radii of the node.
float loop_reach(size_t n);

struct Point {  // pixels
  float x = 0, y = 0;
};
// The cubic Bezier curve of a loop at a node of this radius in the world, which reaches so many of
// its radii far.
std::array<Point, 4> loop_curve(const Projected& at, float radius, float reach, float unit);
// The same that an edge follows; straight ones too. nullopt: behind the eye.
std::optional<std::array<Point, 4>> curve_of(const RenderPlan& plan, const Line& line);
Point point_on(const std::array<Point, 4>& curve, float share);  // 0: its begin, 1: its end

}  // namespace saggio::viz
