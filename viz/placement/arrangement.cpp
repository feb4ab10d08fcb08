// SPDX-License-Identifier: MIT
#include "viz/placement/arrangement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "graph/interrupt.h"

namespace saggio::viz {
namespace {

using graph::NodeIndex;
using graph::Point;

// How far the ends of an edge that came may move in a step, and all nodes if there are so many
// times as many as when all of them could: then it is another graph.
constexpr float kJoined = 0.05f, kRegrown = 0.3f;
constexpr double kGrowth = 1.3;

constexpr size_t kMostOpened = 32'000'000;  // places, 16 bytes each

Point point_of(const Vec3& at) { return {at.x, at.y, at.z}; }

void put(Positions& positions, Slot slot, const Point& at) {
  positions.x[slot] = at.x;
  positions.y[slot] = at.y;
  positions.z[slot] = at.z;
}

// One above the highest edge.
graph::EdgeId edges_end(const graph::View& view) {
  const auto& ids = view.arrays().edge_ids;
  return ids.empty() ? 0 : graph::EdgeId{*std::max_element(ids.begin(), ids.end())} + 1;
}

}  // namespace

std::string key_of(const LayoutOrder& order) {
  if (order.group_by == GroupBy::None) return order.name;
  return fmt::format("{}-{}", order.name, name(order.group_by));
}

std::string opened_key_of(const LayoutOrder& order) {
  return order.opened == 0 ? key_of(order) : fmt::format("{}@{}", key_of(order), order.opened);
}

void Arrangement::keep(const std::string& key, Places places) {
  if (places.positions.size() > 0) kept_.insert_or_assign(key, std::move(places));
}

void Arrangement::begin(Order order) {
  const std::string key = opened_key_of(order.layout);
  if (order.news) order.layout.view = order.layout.view.refreshed(*order.news);
  leave(key);
  key_ = key;
  graph_ = order.graph;
  view_ = order.layout.view;
  slots_ = order.slots;
  lives_ = laid_out_by_force(order.layout.name);
  Known& known = known_[key_];
  known.opened = order.layout.opened;
  forget_what_was_opened_long_ago();
  keep(key, std::move(order.kept));
  const auto kept = kept_.extract(key);
  if (known.places.size() == 0 && kept) {
    known.places = kept.mapped().positions;
    known.as_of = kept.mapped().as_of;
    known.edges = edges_end(*view_);
    if (kept.mapped().moving) known.warmth.assign(slots_, kRegrown);
  }
  known.places.resize(slots_);
  known.edges = std::max(known.edges, order.edges);
  const std::vector<Point> points = known_points(known);
  layout_ = make_(order.layout, points);
  known.as_of = view_->as_of();
  heat(known, static_cast<size_t>(std::count_if(points.begin(), points.end(), graph::is_placed)));
  for (auto& [node, held] : held_)
    if (const auto x = view_->find(node)) {
      if (!lives_) held.before = layout_->positions()[static_cast<size_t>(*x)];
      layout_->hold(*x, point_of(held.pin.at));
    }
}

void Arrangement::forget_what_was_opened_long_ago() {
  const auto nodes = [](const auto& one) {
    return one.second.opened == 0 ? 0 : one.second.places.size();
  };
  const auto older = [](const auto& a, const auto& b) {
    return std::pair(a.second.opened == 0, a.second.opened) <
           std::pair(b.second.opened == 0, b.second.opened);
  };
  while (true) {
    size_t all = 0;
    for (const auto& one : known_) all += nodes(one);
    if (all <= kMostOpened) return;
    const auto oldest = std::min_element(known_.begin(), known_.end(), older);
    if (oldest->first == key_) return;
    known_.erase(oldest);
  }
}

// What is computed is so anew for another View, and as it was for the same one.
std::vector<Point> Arrangement::known_points(const Known& known) const {
  std::vector<Point> points(static_cast<size_t>(view_->nodes()), graph::kNowhere);
  if (!lives_ && !(known.as_of && *known.as_of == view_->as_of())) return points;
  for (NodeIndex x = 0; x < view_->nodes(); ++x) {
    const Point at = point_of(known.places.at(static_cast<Slot>(view_->node_id(x))));
    if (graph::is_placed(at)) points[static_cast<size_t>(x)] = at;
  }
  return points;
}

// Who may move beside the nodes that are new, which the layout itself sees to: those that had not
// come to rest, the ends of edges that came, or everybody.
void Arrangement::heat(Known& known, size_t placed) {
  const auto nodes = static_cast<size_t>(view_->nodes());
  const graph::EdgeId edges = known.edges;
  known.edges = std::max(edges, edges_end(*view_));
  if (placed == 0 || !lives_) {
    known.nodes = nodes;
    return;
  }
  std::vector<float> warmth(nodes);
  known.warmth.resize(slots_);
  for (NodeIndex x = 0; x < view_->nodes(); ++x) {
    const auto i = static_cast<size_t>(x);
    warmth[i] = known.warmth[view_->node_id(x)];
    const graph::View::OutRow row = view_->out(x);
    for (size_t e = 0; e < row.targets.size(); ++e) {
      if (view_->edge_id(row.first + static_cast<graph::EdgeIndex>(e)) < edges) continue;
      for (const size_t end : {i, static_cast<size_t>(row.targets[e])})
        warmth[end] = std::max(warmth[end], kJoined);
    }
  }
  if (known.nodes == 0) known.nodes = placed;
  if (static_cast<double>(nodes) > kGrowth * static_cast<double>(known.nodes)) {
    for (float& one : warmth) one = std::max(one, kRegrown);
    known.nodes = nodes;
  }
  layout_->warm(warmth);
}

void Arrangement::hold(const std::vector<Pin>& pins) {
  if (!layout_) return;
  std::map<graph::NodeId, Held> before = std::exchange(held_, {});
  for (const Pin& pin : pins) {
    const auto old = before.find(pin.node);
    const auto x = view_->find(pin.node);
    const Point at = x ? layout_->positions()[static_cast<size_t>(*x)] : graph::kNowhere;
    if (old == before.end()) {
      held_[pin.node] = {pin, at};
    } else {
      held_[pin.node] = {pin, old->second.before};
      before.erase(old);
    }
    if (x) layout_->hold(*x, point_of(pin.at));
  }
  for (const auto& [node, held] : before)
    if (const auto x = view_->find(node))
      layout_->let_go(*x, graph::is_placed(held.before) ? held.before : point_of(held.pin.at));
}

void Arrangement::step() {
  if (!layout_) return;
  try {
    layout_->step();
  } catch (const graph::Interrupted&) {
    throw;
  } catch (...) {  // it would throw again
    layout_.reset();
    throw;
  }
}

void Arrangement::leave(const std::string& next) {
  if (!layout_) {  // the last one was refused
    if (next != key_) held_.clear();
    return;
  }
  Known& known = known_[key_];
  write(known.places);
  known.warmth.resize(slots_);
  const std::vector<float> warmth = layout_->warmth();
  for (size_t i = 0; i < warmth.size(); ++i)
    known.warmth[view_->node_id(static_cast<NodeIndex>(i))] = warmth[i];
  layout_.reset();
  if (next == key_) return;
  for (const auto& [node, held] : held_)
    if (graph::is_placed(held.before)) put(known.places, static_cast<Slot>(node), held.before);
  held_.clear();
}

void Arrangement::write(Positions& positions) const {
  const auto known = known_.find(key_);
  if (known != known_.end() && &known->second.places != &positions)
    positions = known->second.places;
  positions.resize(slots_);
  if (!layout_) return;
  const std::span<const Point> points = layout_->positions();
  for (size_t i = 0; i < points.size(); ++i)
    put(positions, static_cast<Slot>(view_->node_id(static_cast<NodeIndex>(i))), points[i]);
}

void Arrangement::forget() {
  known_.clear();
  kept_.clear();
  held_.clear();
  layout_.reset();
  view_.reset();
  key_.clear();
  slots_ = 0;
}

}  // namespace saggio::viz
