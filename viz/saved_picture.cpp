// SPDX-License-Identifier: MIT
#include "viz/saved_picture.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "viz/placement/kept.h"

namespace saggio::viz {

graph::SavedView saved_picture(const ViewState& state,
                               const graph::View& view,
                               const Positions& positions) {
  return {.points = points_of(view, positions), .state = to_json(state).dump()};
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

}  // namespace saggio::viz
