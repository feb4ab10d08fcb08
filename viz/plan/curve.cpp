// SPDX-License-Identifier: MIT
#include "viz/plan/curve.h"

#include <algorithm>
#include <cmath>

namespace saggio::viz {
namespace {

constexpr float kStep = 0.16f, kWidest = 0.5f;  // shares of the length
constexpr float kLeastPixels = 2;               // of a node's radius, in units
// Angles from upwards: where a loop leaves its node, and where its curve is drawn to.
constexpr float kLeave = 0.6f, kSpread = 0.85f;

}  // namespace

float fan_bend(size_t n, size_t count) {
  if (count < 2) return 0;
  const float step = std::min(kStep, 2 * kWidest / static_cast<float>(count - 1));
  return step * (static_cast<float>(n) - static_cast<float>(count - 1) / 2);
}

float loop_reach(size_t n) { return 5 + 2 * static_cast<float>(std::min<size_t>(n, 10)); }

std::array<Point, 4> loop_curve(const Projected& at, float radius, float reach, float unit) {
  const float pixels = std::max(radius * at.pixels_a_unit, kLeastPixels * unit);
  const auto aside = [&](float angle, float far) {
    return Point{at.x + far * pixels * std::sin(angle), at.y - far * pixels * std::cos(angle)};
  };
  return {aside(-kLeave, 1), aside(-kSpread, reach), aside(kSpread, reach), aside(kLeave, 1)};
}

std::optional<std::array<Point, 4>> curve_of(const RenderPlan& plan, const Line& line) {
  const Projection projection(plan.camera, plan.viewport);
  const Vec3 a{line.ax, line.ay, line.az};
  if (line.flags & kLoop) {
    const auto at = projection(a);
    if (!at) return std::nullopt;
    return loop_curve(*at, line.bx, line.bend, plan.unit);
  }
  const auto seen = projection(a, {line.bx, line.by, line.bz});
  if (!seen) return std::nullopt;
  const Point p{seen->first.x, seen->first.y}, q{seen->second.x, seen->second.y};
  const float x = q.x - p.x, y = q.y - p.y, aside = line.bend / 0.75f;
  return std::array{p,
                    Point{p.x + x / 3 - aside * y, p.y + y / 3 + aside * x},
                    Point{q.x - x / 3 - aside * y, q.y - y / 3 + aside * x},
                    q};
}

Point point_on(const std::array<Point, 4>& curve, float share) {
  const float t = share, s = 1 - share;
  const float w[4] = {s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t};
  Point at;
  for (size_t i = 0; i < 4; ++i) at.x += w[i] * curve[i].x, at.y += w[i] * curve[i].y;
  return at;
}

}  // namespace saggio::viz
