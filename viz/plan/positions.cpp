// SPDX-License-Identifier: MIT
#include "viz/plan/positions.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace saggio::viz {

void Positions::resize(size_t nodes) {
  for (std::vector<float>* axis : {&x, &y, &z}) grow_to(*axis, nodes, std::nanf(""));
}

Positions on_a_sphere(size_t nodes, float radius) {
  Positions positions;
  positions.resize(nodes);
  const double turn = std::numbers::pi * (3 - std::sqrt(5.));
  for (size_t i = 0; i < nodes; ++i) {
    const double y = 1 - (2 * static_cast<double>(i) + 1) / static_cast<double>(nodes);
    const double ring = std::sqrt(1 - y * y), angle = turn * static_cast<double>(i);
    positions.x[i] = static_cast<float>(radius * ring * std::cos(angle));
    positions.y[i] = static_cast<float>(radius * y);
    positions.z[i] = static_cast<float>(radius * ring * std::sin(angle));
  }
  return positions;
}

std::vector<Vec3> shown_points(const Positions& positions, const Marks& marks) {
  std::vector<Vec3> points;
  for (Slot slot = 0; slot < marks.nodes.size() && slot < positions.size(); ++slot)
    if ((marks.nodes[slot] & kShown) && is_finite(positions.at(slot)))
      points.push_back(positions.at(slot));
  return points;
}

namespace {

struct Extent {
  size_t count = 0;
  Vec3 low{INFINITY, INFINITY, INFINITY}, high{-INFINITY, -INFINITY, -INFINITY};

  void take(const Vec3& p) {
    ++count;
    low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
  }
  float node_radius() const {
    if (count == 0) return 1;
    const float extent = norm(high - low);
    if (!(extent > 0)) return 1;
    return extent * std::clamp(0.13f / std::sqrt(static_cast<float>(count)), 0.0025f, 0.018f);
  }
};

}  // namespace

float node_radius(std::span<const Vec3> shown) {
  Extent extent;
  for (const Vec3& p : shown) extent.take(p);
  return extent.node_radius();
}

float node_radius(const Positions& positions, const Marks& marks) {
  Extent extent;
  for (Slot slot = 0; slot < marks.nodes.size() && slot < positions.size(); ++slot) {
    const Vec3 at = positions.at(slot);
    if ((marks.nodes[slot] & kShown) && is_finite(at)) extent.take(at);
  }
  return extent.node_radius();
}

}  // namespace saggio::viz
