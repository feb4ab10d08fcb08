// SPDX-License-Identifier: MIT
#include "viz/layouts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "viz/plan/positions.h"

namespace saggio::viz {

std::vector<std::string> layout_names() { return {"sphere"}; }

bool laid_out_flat(const std::string&) { return false; }

std::vector<Vec3> laid_out(const std::string& name, const graph::View& view) {
  if (name != "sphere")
    throw std::invalid_argument(
        fmt::format("layout = {}, allowed: {}", name, fmt::join(layout_names(), ", ")));
  const Positions sphere = on_a_sphere(static_cast<size_t>(view.nodes()));
  std::vector<Vec3> positions;
  for (Slot i = 0; i < sphere.size(); ++i) positions.push_back(sphere.at(i));
  return positions;
}

}  // namespace saggio::viz
