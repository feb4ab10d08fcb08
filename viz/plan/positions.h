// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "viz/maths.h"
#include "viz/scene/revisions.h"
#include "viz/state/marks.h"

namespace saggio::viz {

// Where nodes lie, by slot; NaN: nowhere, and the node is not drawn.
struct Positions {
  std::vector<float> x, y, z;  // [N]

  void resize(size_t nodes);
  size_t size() const { return x.size(); }
  Vec3 at(Slot slot) const { return {x[slot], y[slot], z[slot]}; }
};

// Where nodes lie that nothing has laid out: evenly on a sphere around the origin, in the order of
// their slots (a Fibonacci lattice; Gonzalez 2010), so that neighbours in time are near each other.
Positions on_a_sphere(size_t nodes, float radius = 1);

// The positions of what is shown.
std::vector<Vec3> shown_points(const Positions& positions, const Marks& marks);
// A radius at which so many nodes, fitted into a picture, are neither dust nor a heap: 0.25 % to
// 1.8 % of the extent of the points, less the more there are. 1 without points.
float node_radius(std::span<const Vec3> shown);
// The same of shown_points(), without making a list of them.
float node_radius(const Positions& positions, const Marks& marks);

}  // namespace saggio::viz
