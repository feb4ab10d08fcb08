// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/layout/neighbours.h"
#include "graph/layout/point.h"

// Where a force layout begins.
namespace saggio::graph {

// What hangs together; the largest component first, of equals that with the smaller nodes.
struct Components {
  std::vector<int32_t> of;       // [N] the number of each node's component
  std::vector<size_t> begin;     // [C+1] where its nodes begin in `nodes`
  std::vector<NodeIndex> nodes;  // [N]
  size_t count() const { return begin.size() - 1; }
  std::span<const NodeIndex> operator[](size_t component) const {
    return {nodes.data() + begin[component], nodes.data() + begin[component + 1]};
  }
};
Components components_of(const Neighbours& neighbours,
                         const std::stop_token& stop = {});  // O(N + M)

// Draws each component by itself, numbered as it stands in `components`, and puts the drawings
// together: the largest in the middle, the others around it in all directions (2 or 3 dimensions),
// each further out than the one before.
using DrawComponent = std::function<std::vector<Point>(const Neighbours& connected)>;
std::vector<Point> drawn_by_component(const Neighbours& neighbours,
                                      const Components& components,
                                      int dimensions,
                                      const DrawComponent& draw);

// Positions that already show the shape of each component, with little stress but for the largest
// ones, and no two nodes at one place. From there forces come to rest with less stress than from
// scaled_hops alone.
std::vector<Point> starting_points(const Neighbours& neighbours,
                                   const Components& components,
                                   int dimensions,
                                   uint64_t seed,
                                   const std::stop_token& stop = {});

// Gives those nowhere a place near their neighbours, one hop after the other; those that hang
// together with nothing that has a place go around the others.
void place_new(const Neighbours& neighbours,
               const Components& components,
               int dimensions,
               uint64_t seed,
               std::span<Point> points,
               const std::stop_token& stop = {});

}  // namespace saggio::graph
