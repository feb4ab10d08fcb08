// SPDX-License-Identifier: MIT
#include "viz/layouts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "graph/layout/force.h"
#include "graph/layout/layered.h"
#include "graph/layout/tree.h"

namespace saggio::viz {
namespace {

struct Named {
  const char* name;
  bool flat;
  std::vector<graph::Point> (*points)(const graph::View&);
};

std::vector<graph::Point> by_force(const graph::View& view) {
  graph::ForceLayout layout(view);
  while (!layout.at_rest()) layout.step();
  return {layout.positions().begin(), layout.positions().end()};
}

constexpr std::array<Named, 4> kLayouts = {
    {{"force", false, by_force},
     {"layered", true, [](const graph::View& view) { return graph::layered_layout(view).points; }},
     {"tree",
      true,
      [](const graph::View& view) {
        return graph::tree_layout(view, {.direction = graph::Direction::In, .roots = {}}).points;
      }},
     {"radial", true, [](const graph::View& view) {
        return graph::radial_layout(view, {.direction = graph::Direction::In, .roots = {}}).points;
      }}}};

const Named& named(const std::string& name) {
  const auto found = std::find_if(
      kLayouts.begin(), kLayouts.end(), [&](const Named& layout) { return name == layout.name; });
  if (found == kLayouts.end())
    throw std::invalid_argument(
        fmt::format("layout = {}, allowed: {}", name, fmt::join(layout_names(), ", ")));
  return *found;
}

}  // namespace

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  for (const Named& layout : kLayouts) names.push_back(layout.name);
  return names;
}

bool laid_out_flat(const std::string& name) { return named(name).flat; }

std::vector<Vec3> laid_out(const std::string& name, const graph::View& view) {
  std::vector<Vec3> positions;
  for (const graph::Point& point : named(name).points(view))
    positions.push_back({point.x, point.y, point.z});
  return positions;
}

}  // namespace saggio::viz
