// SPDX-License-Identifier: MIT
#include "viz/placement/kept.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace saggio::viz {
namespace {

constexpr std::string_view kMoving = "moving";

std::string name_of(const LayoutOrder& order) { return std::string(kKeptPrefix) + key_of(order); }

Kept by_slot(const graph::SavedView& saved, const graph::View& view, size_t slots) {
  Kept kept{.places = {.as_of = {.version = saved.version}, .moving = saved.state == kMoving}};
  kept.places.positions.resize(slots);
  place(saved, view, kept.places.positions);
  for (size_t i = 0; i < saved.pinned.size(); ++i) {
    const graph::Point& at = saved.points[i];
    if (saved.pinned[i] && graph::is_placed(at))
      kept.pins.push_back({view.node_id(static_cast<graph::NodeIndex>(i)), {at.x, at.y, at.z}});
  }
  return kept;
}

}  // namespace

std::vector<graph::Point> points_of(const graph::View& view, const Positions& positions) {
  std::vector<graph::Point> points(static_cast<size_t>(view.nodes()), graph::kNowhere);
  for (size_t i = 0; i < points.size(); ++i) {
    const auto slot = static_cast<Slot>(view.node_id(static_cast<graph::NodeIndex>(i)));
    const Vec3 at = positions.at(slot);
    if (is_finite(at)) points[i] = {at.x, at.y, at.z};
  }
  return points;
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

Kept KeptPlaces::take(const graph::Reader& reader, const LayoutOrder& order, size_t slots) {
  if (!taken_.insert(key_of(order)).second) return {};
  try {
    const auto saved = graph::load_view(reader, order.view, name_of(order), graph::user_cache());
    if (!saved) return {};
    if (!laid_out_by_force(order.name) && saved->version != order.view.as_of().version) return {};
    const auto known = static_cast<size_t>(
        std::count_if(saved->points.begin(), saved->points.end(), graph::is_placed));
    if (2 * known >= saved->points.size()) return by_slot(*saved, order.view, slots);
    notes_.push_back(fmt::format("the kept places of layout {} know {} of {} nodes: laid out anew",
                                 order.name,
                                 known,
                                 saved->points.size()));
  } catch (const std::runtime_error& error) {  // damage, or a file that cannot be read
    notes_.push_back(fmt::format("laid out anew: {}", error.what()));
  }
  return {};
}

std::string KeptPlaces::keep(const graph::Reader& reader,
                             const LayoutOrder& order,
                             const Positions& positions,
                             const std::vector<Pin>& pins,
                             bool moving) const {
  graph::SavedView saved{.points = points_of(order.view, positions),
                         .pinned = std::vector<uint8_t>(static_cast<size_t>(order.view.nodes())),
                         .state = std::string(moving ? kMoving : "")};
  for (const Pin& pin : pins)
    if (const auto x = order.view.find(pin.node)) saved.pinned[static_cast<size_t>(*x)] = 1;
  return graph::save_view(reader, order.view, name_of(order), saved, graph::user_cache());
}

}  // namespace saggio::viz
