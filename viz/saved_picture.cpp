// SPDX-License-Identifier: MIT
#include "viz/saved_picture.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace saggio::viz {

graph::SavedView saved_picture(const ViewState& state,
                               const graph::View& view,
                               const Positions& positions) {
  const auto nodes = static_cast<size_t>(view.nodes());
  graph::SavedView saved{.points = std::vector<graph::Point>(nodes, graph::kNowhere),
                         .state = to_json(state).dump()};
  for (size_t i = 0; i < nodes; ++i) {
    const auto slot = static_cast<Slot>(view.node_id(static_cast<graph::NodeIndex>(i)));
    const Vec3 at = positions.at(slot);
    if (is_finite(at)) saved.points[i] = {at.x, at.y, at.z};
  }
  return saved;
}

ViewState state_in(const graph::SavedView& saved, std::string_view name) {
  const auto json = nlohmann::json::parse(saved.state, nullptr, false);
  if (!json.is_object())
    throw std::invalid_argument(fmt::format(
        "view {}: it holds no picture, only places of nodes; save a picture under that name",
        name));
  try {
    return view_state_from(json);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format(
        "view {}: {}; it was saved by another version, save it anew", name, error.what()));
  }
}

void place(const graph::SavedView& saved, const graph::View& view, Positions& positions) {
  for (size_t i = 0; i < saved.points.size(); ++i) {
    const graph::Point& at = saved.points[i];
    if (!graph::is_placed(at)) continue;
    const graph::NodeId slot = view.node_id(static_cast<graph::NodeIndex>(i));
    positions.x[slot] = at.x;
    positions.y[slot] = at.y;
    positions.z[slot] = at.z;
  }
}

}  // namespace saggio::viz
