// SPDX-License-Identifier: MIT
#include "viz/placement/kept.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "graph/layout/saved.h"

namespace saggio::viz {
namespace {

constexpr std::string_view kMoving = "moving";

std::string name_of(const LayoutOrder& order) { return std::string(kKeptPrefix) + key_of(order); }

Kept by_slot(const graph::SavedView& saved, const graph::View& view, size_t slots) {
  Kept kept{.places = {.as_of = {.version = saved.version}, .moving = saved.state == kMoving}};
  Positions& positions = kept.places.positions;
  positions.resize(slots);
  for (size_t i = 0; i < saved.points.size(); ++i) {
    const graph::Point& at = saved.points[i];
    if (!graph::is_placed(at)) continue;
    const graph::NodeId id = view.node_id(static_cast<graph::NodeIndex>(i));
    positions.x[id] = at.x;
    positions.y[id] = at.y;
    positions.z[id] = at.z;
    if (!saved.pinned.empty() && saved.pinned[i]) kept.pins.push_back({id, {at.x, at.y, at.z}});
  }
  return kept;
}

}  // namespace

Kept KeptPlaces::take(const graph::Reader& reader, const LayoutOrder& order, size_t slots) {
  if (!taken_.insert(key_of(order)).second) return {};
  try {
    const auto saved = graph::load_view(reader, order.view, name_of(order), graph::user_cache());
    if (!saved) return {};
    if (laid_out_flat(order.name) && saved->version != order.view.as_of().version) return {};
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
  const auto nodes = static_cast<size_t>(order.view.nodes());
  graph::SavedView saved{.points = std::vector<graph::Point>(nodes, graph::kNowhere),
                         .pinned = std::vector<uint8_t>(nodes),
                         .state = std::string(moving ? kMoving : "")};
  for (size_t i = 0; i < nodes; ++i) {
    const Vec3 at =
        positions.at(static_cast<Slot>(order.view.node_id(static_cast<graph::NodeIndex>(i))));
    if (is_finite(at)) saved.points[i] = {at.x, at.y, at.z};
  }
  for (const Pin& pin : pins)
    if (const auto x = order.view.find(pin.node)) saved.pinned[static_cast<size_t>(*x)] = 1;
  return graph::save_view(reader, order.view, name_of(order), saved, graph::user_cache());
}

}  // namespace saggio::viz
