// SPDX-License-Identifier: MIT
#include "viz/plan/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "viz/plan/curve.h"

namespace saggio::viz {
namespace {

constexpr float kDimmed = 0.82f;  // share of the background in what is dimmed
constexpr float kLine = 1.6f, kStrongLine = 3.2f, kHead = 9;  // units

void check(const Sources& s) {
  const size_t nodes = s.scene.node_slots(), edges = s.scene.edge_slots();
  if (s.positions.size() < nodes || s.marks.nodes.size() != nodes ||
      s.marks.edges.size() != edges || s.looks.nodes.size() != nodes ||
      s.looks.edges.size() != edges)
    throw std::invalid_argument(
        fmt::format("a scene of {} nodes and {} edges with positions of {}, marks of {} and {}, "
                    "looks of {} and {}",
                    nodes,
                    edges,
                    s.positions.size(),
                    s.marks.nodes.size(),
                    s.marks.edges.size(),
                    s.looks.nodes.size(),
                    s.looks.edges.size()));
}

uint32_t number_of(Rgba c) { return uint32_t{c.r} << 16 | uint32_t{c.g} << 8 | c.b; }

}  // namespace

Casting::Casting(const Style& style, const Sources& s, float radius, const Limits& limits)
    : s_(s), theme_(theme(style)), radius_(radius), limits_(limits) {
  check(s);
  begin();
}

void Casting::begin() {
  const size_t nodes = s_.scene.node_slots(), edges = s_.scene.edge_slots();
  cast_ = {};
  cast_.node_radius = radius_;
  cast_.low = {INFINITY, INFINITY, INFINITY};
  cast_.high = {-INFINITY, -INFINITY, -INFINITY};
  crowd_ = {};
  crowd_.dimmed = s_.marks.dims;
  crowd_.hue_count = 0;
  late_ = {};
  node_is_.clear();
  grow_to(node_is_, nodes);
  degree_.clear();
  grow_to(degree_, nodes);
  edge_is_.clear();
  grow_to(edge_is_, edges);
  edge_colour_.clear();
  grow_to(edge_colour_, edges);
  nodes_drawn_ = edges_drawn_ = threads_ = 0;
  colours_.clear();
  hue_of_.clear();
  phase_ = Phase::CountNodes;
  at_ = 0;
}

bool Casting::step(Clock::time_point until) {
  constexpr size_t kPiece = 8192;
  while (!done()) {
    const size_t size = phase_size(), end = std::min(size, at_ + kPiece);
    some(at_, end);
    at_ = end;
    if (at_ == size) end_phase();
    if (Clock::now() >= until) break;
  }
  return done();
}

size_t Casting::phase_size() const {
  switch (phase_) {
    case Phase::CountNodes:
      return node_is_.size();
    case Phase::Nodes:
      return crowd_.nodes.size();
    case Phase::CountEdges:
      return edge_is_.size();
    case Phase::Edges:
      return crowd_.threads.size();
    case Phase::Landmarks:
      return cast_.landmarks.size();
    case Phase::Done:
      break;
  }
  return 0;
}

void Casting::some(size_t begin, size_t end) {
  for (size_t at = begin; at < end; ++at) switch (phase_) {
      case Phase::CountNodes:
        count_node(static_cast<Slot>(at));
        break;
      case Phase::Nodes:
        put_node(at);
        break;
      case Phase::CountEdges:
        count_edge(static_cast<Slot>(at), true);
        break;
      case Phase::Edges:
        put_edge(at);
        break;
      case Phase::Landmarks:
        put_landmark(at);
        break;
      case Phase::Done:
        return;
    }
}

void Casting::end_phase() {
  if (phase_ == Phase::CountNodes) choose_nodes();
  if (phase_ == Phase::Nodes) put_balls();
  if (phase_ == Phase::CountEdges) choose_edges();
  if (phase_ == Phase::Edges) lines();
  phase_ = static_cast<Phase>(static_cast<int>(phase_) + 1);
  at_ = 0;
  if (!done()) return;
  share();
  const Touched late = std::exchange(late_, {});
  if (!late.nodes.empty() || !late.edges.empty())
    if (!follow(late)) {
      sound_ = true;
      begin();
    }
}

void Casting::share() {
  crowd_.threads_in_all = many_edges_ ? threads_ : 0;
  cast_.crowd.reset();
  if (!crowd_.nodes.empty() || !crowd_.threads.empty())
    cast_.crowd = std::make_shared<const Crowd>(crowd_);
}

bool Casting::drawn(Slot node) const {
  return (s_.marks.nodes[node] & kShown) && is_finite(s_.positions.at(node));
}

bool Casting::edge_drawn(Slot edge) const {
  const Scene::Edges& ends = s_.scene.edges();
  return (s_.marks.edges[edge] & kShown) && drawn(ends.source[edge]) && drawn(ends.target[edge]);
}

Rgba Casting::pale(Rgba colour, bool dim) const {
  if (!dim) return colour;
  const uint8_t alpha = colour.a;
  Rgba mixed_in = mixed(colour, theme_.background, kDimmed);
  mixed_in.a = alpha;
  return mixed_in;
}

void Casting::bound(Vec3 at) {
  Vec3 &low = cast_.low, &high = cast_.high;
  low = {std::min(low.x, at.x), std::min(low.y, at.y), std::min(low.z, at.z)};
  high = {std::max(high.x, at.x), std::max(high.y, at.y), std::max(high.z, at.z)};
}

void Casting::count_node(Slot slot) {
  if (!drawn(slot)) {
    node_is_[slot] = kAway;
    return;
  }
  const uint8_t bits = s_.marks.nodes[slot];
  node_is_[slot] = (bits & kSelected) || is_strong(bits) ? kAlone : kInCrowd;
  ++nodes_drawn_;
  bound(s_.positions.at(slot));
}

void Casting::choose_nodes() {
  many_nodes_ = is_many_nodes();
  node_by_slot_ = is_node_by_slot();
  nodes_listed_.clear();
  if (!node_by_slot_)
    for (Slot slot = 0; slot < node_is_.size(); ++slot)
      if (node_is_[slot] != kAway) nodes_listed_.push_back(slot);
  const size_t count = node_by_slot_ ? node_is_.size() : nodes_listed_.size();
  if (many_nodes_) crowd_.nodes.resize(count);
  grow_to(cast_.landmarks, count);
}

Ball Casting::ball(Slot slot) const {
  const Vec3 at = s_.positions.at(slot);
  const Mark& mark = s_.looks.nodes[slot];
  const uint8_t bits = s_.marks.nodes[slot];
  return {at.x,
          at.y,
          at.z,
          radius_of(slot),
          pale(mark.colour, is_dim(bits)),
          pick_of_node(slot),
          static_cast<uint32_t>(mark.shape),
          (bits & kSelected) != 0};
}

void Casting::put_node(size_t at) {
  const Slot slot = node_by_slot_ ? static_cast<Slot>(at) : nodes_listed_[at];
  Ball& to = crowd_.nodes.write(at);
  crowd_.nodes_there -= to.id != 0;
  to = node_is_[slot] == kInCrowd ? ball(slot) : Ball();
  crowd_.nodes_there += to.id != 0;
}

// Those that are drawn one by one.
void Casting::put_balls() {
  cast_.balls.clear();
  for (Slot slot = 0; slot < node_is_.size(); ++slot)
    if (node_is_[slot] == kAlone || (!many_nodes_ && node_is_[slot] == kInCrowd))
      cast_.balls.push_back(ball(slot));
  const auto first_strong =
      std::stable_partition(cast_.balls.begin(), cast_.balls.end(), [&](const Ball& one) {
        return is_dim(s_.marks.nodes[one.id - 1]);
      });
  cast_.dimmed = static_cast<size_t>(first_strong - cast_.balls.begin());
}

// Adds the edge to what is counted, or takes it away as it was counted.
void Casting::count_edge(Slot slot, bool add) {
  const Scene::Edges& ends = s_.scene.edges();
  const Slot from = ends.source[slot], to = ends.target[slot];
  const uint8_t bits = s_.marks.edges[slot];
  if (add) {
    const bool is_drawn = edge_drawn(slot) && !is_strong(bits);
    edge_is_[slot] =
        static_cast<uint8_t>(((bits & kShown) ? kCounted : 0) | (is_drawn ? kDrawn : 0));
    edge_colour_[slot] = is_drawn ? colour_of(slot) : uint8_t{0};
  }
  const auto by = [add](auto& count, bool counts) { add ? count += counts : count -= counts; };
  by(degree_[from], edge_is_[slot] & kCounted);
  by(degree_[to], edge_is_[slot] & kCounted);
  by(edges_drawn_, (edge_is_[slot] & kDrawn) != 0);
  if (edge_colour_[slot] == 0) return;
  by(threads_, true);
  by(colours_[edge_colour_[slot] - 1U].edges, true);
}

// Of more colours than there are numbers, the last one stands for the rest.
uint8_t Casting::colour_of(Slot edge) {
  Rgba hue = pale(s_.looks.edges[edge].colour, is_dim(s_.marks.edges[edge]));
  hue.a = 255;
  size_t i = 0;
  while (i < colours_.size() && i + 1 < UINT8_MAX && colours_[i].rgba != hue) ++i;
  if (i == colours_.size()) colours_.push_back({hue});
  return static_cast<uint8_t>(i + 1);
}

void Casting::choose_edges() {
  many_edges_ = is_many_edges();
  edge_by_slot_ = is_edge_by_slot();
  edges_listed_.clear();
  if (!many_edges_) return;
  choose_hues();
  if (!edge_by_slot_)
    for (Slot slot = 0; slot < edge_is_.size(); ++slot)
      if (edge_colour_[slot] != 0) edges_listed_.push_back(slot);
  const size_t count = edge_by_slot_ ? edge_is_.size() : edges_listed_.size();
  step_ = sample_step(count, limits_.threads);
  crowd_.threads.resize(sample_size(count, step_));
}

// The colours seen most often, each its own, in the order of their numbers; the least frequent of
// them stands for all others. False if some edge had another hue before.
bool Casting::choose_hues() {
  std::vector<size_t> order;
  for (size_t i = 0; i < colours_.size(); ++i)
    if (colours_[i].edges > 0) order.push_back(i);
  const auto number = [&](size_t i) { return number_of(colours_[i].rgba); };
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::pair(colours_[b].edges, number(a)) < std::pair(colours_[a].edges, number(b));
  });
  crowd_.hue_count = std::min(order.size(), kHues);
  const auto end = order.begin() + static_cast<ptrdiff_t>(crowd_.hue_count);
  const size_t last = order.empty() ? 0 : *(end - 1);
  std::sort(order.begin(), end, [&](size_t a, size_t b) { return number(a) < number(b); });
  const std::vector<uint16_t> before = std::exchange(hue_of_, {});
  crowd_.hues = {};
  hue_of_.resize(colours_.size());
  for (size_t hue = 0; hue < crowd_.hue_count; ++hue) {
    hue_of_[order[hue]] = static_cast<uint16_t>(hue);
    crowd_.hues[hue] = colours_[order[hue]].rgba;
  }
  for (auto other = end; other != order.end(); ++other) hue_of_[*other] = hue_of_[last];
  return std::none_of(order.begin(), order.end(), [&](size_t i) {
    return i < before.size() && before[i] != hue_of_[i];
  });
}

void Casting::put_edge(size_t at) {
  const size_t number = sampled(at, step_);
  const size_t count = edge_by_slot_ ? edge_is_.size() : edges_listed_.size();
  if (number >= count) return;
  const Slot slot = edge_by_slot_ ? static_cast<Slot>(number) : edges_listed_[number];
  Thread& to = crowd_.threads.write(at);
  crowd_.threads_there -= to.id != 0;
  to = {};
  if (edge_colour_[slot] == 0) return;
  const Scene::Edges& ends = s_.scene.edges();
  // Loops at one node lie upon each other, as edges between the same two nodes do.
  const bool loop = ends.source[slot] == ends.target[slot];
  const Vec3 a = s_.positions.at(ends.source[slot]);
  const Vec3 b =
      loop ? Vec3{radius_of(ends.source[slot]), 0, 0} : s_.positions.at(ends.target[slot]);
  const uint8_t alpha = s_.looks.edges[slot].colour.a;
  to = {a.x,
        a.y,
        a.z,
        b.x,
        b.y,
        b.z,
        pick_of_edge(slot),
        hue_of_[edge_colour_[slot] - 1U],
        static_cast<uint8_t>(1 + alpha / 4),
        static_cast<uint8_t>(loop ? loop_reach(0) : 0)};
  ++crowd_.threads_there;
}

void Casting::put_landmark(size_t at) {
  const Slot slot = node_by_slot_ ? static_cast<Slot>(at) : nodes_listed_[at];
  const uint8_t bits = s_.marks.nodes[slot];
  Landmark& to = cast_.landmarks[at];
  to = {};
  if (node_is_[slot] == kAway || (is_dim(bits) && !(bits & kSelected))) return;
  const DifferenceColumns* const differences = s_.scene.differences();
  const auto rank = [&]() -> uint8_t {
    if (bits & kSelected) return 0;
    if (is_strong(bits)) return 1;
    if (differences) return differences->nodes[slot] == Difference::Same ? 3 : 2;
    const graph::NodeKind kind = s_.scene.nodes().kind[slot];
    return kind == graph::NodeKind::Question || kind == graph::NodeKind::Answer ? 2 : 3;
  };
  const Vec3 p = s_.positions.at(slot);
  to = {slot, p.x, p.y, p.z, radius_of(slot), rank(), degree_[slot]};
}

bool Casting::follow(const Touched& touched) {
  if (touched.all || s_.marks.dims || !sound_) return sound_ = false;
  if (!done()) {
    late_.nodes.insert(late_.nodes.end(), touched.nodes.begin(), touched.nodes.end());
    late_.edges.insert(late_.edges.end(), touched.edges.begin(), touched.edges.end());
    return true;
  }
  check(s_);
  sound_ = follow_nodes(touched.nodes) && follow_edges(touched.edges);
  if (!sound_) return false;
  const Scene::Edges& ends = s_.scene.edges();
  for (const Slot slot : touched.nodes) put_landmark(slot);
  for (const Slot slot : touched.edges) {
    put_landmark(ends.source[slot]);
    put_landmark(ends.target[slot]);
  }
  share();
  return true;
}

bool Casting::follow_nodes(const std::vector<Slot>& touched) {
  const size_t nodes = s_.scene.node_slots();
  grow_to(node_is_, nodes);
  grow_to(degree_, nodes);
  if (node_by_slot_) grow_to(cast_.landmarks, nodes);
  if (node_by_slot_ && many_nodes_) crowd_.nodes.resize(nodes);
  bool alone = !many_nodes_, shrinks = false;
  for (const Slot slot : touched) {
    const uint8_t before = node_is_[slot];
    nodes_drawn_ -= before != kAway;
    count_node(slot);
    alone |= before == kAlone || node_is_[slot] == kAlone;
    shrinks |= before != kAway && node_is_[slot] == kAway;
  }
  // In another way than before, or shorter than they were.
  if (many_nodes_ != is_many_nodes() || !node_by_slot_ || !is_node_by_slot()) return false;
  if (many_nodes_)
    for (const Slot slot : touched) put_node(slot);
  if (alone) put_balls();
  if (shrinks) bound_all();
  return true;
}

void Casting::bound_all() {
  cast_.low = {INFINITY, INFINITY, INFINITY};
  cast_.high = {-INFINITY, -INFINITY, -INFINITY};
  for (Slot slot = 0; slot < node_is_.size(); ++slot)
    if (node_is_[slot] != kAway) bound(s_.positions.at(slot));
}

bool Casting::follow_edges(const std::vector<Slot>& touched) {
  const size_t edges = s_.scene.edge_slots();
  grow_to(edge_is_, edges);
  grow_to(edge_colour_, edges);
  for (const Slot slot : touched) {
    count_edge(slot, false);
    count_edge(slot, true);
  }
  if (many_edges_ != is_many_edges()) return false;
  if (!many_edges_) {
    edge_by_slot_ = is_edge_by_slot();
    lines();
    return true;
  }
  if (!edge_by_slot_ || !is_edge_by_slot() || !choose_hues() ||
      step_ != sample_step(edges, limits_.threads))
    return false;
  crowd_.threads.resize(sample_size(edges, step_));
  for (const Slot slot : touched)
    if (sampled(slot / step_, step_) == slot) put_edge(slot / step_);
  return true;
}

// Those between the same two nodes, either way, fan out to both sides, one in the middle straight.
void Casting::lines() {
  const Scene::Edges& ends = s_.scene.edges();
  std::vector<Slot> slots;
  if (!many_edges_ || s_.marks.dims)
    for (Slot slot = 0; slot < edge_is_.size(); ++slot)
      if (((edge_is_[slot] & kDrawn) && !many_edges_) ||
          (is_strong(s_.marks.edges[slot]) && edge_drawn(slot)))
        slots.push_back(slot);
  cast_.lines.clear();
  struct Pair {
    Slot low, high, edge;
    auto operator<=>(const Pair&) const = default;
  };
  std::vector<Pair> pairs;
  pairs.reserve(slots.size());
  for (const Slot slot : slots) {
    const auto [low, high] = std::minmax(ends.source[slot], ends.target[slot]);
    pairs.push_back({low, high, slot});
  }
  std::sort(pairs.begin(), pairs.end());
  for (size_t begin = 0, end; begin < pairs.size(); begin = end) {
    for (end = begin; end < pairs.size() && pairs[end].low == pairs[begin].low &&
                      pairs[end].high == pairs[begin].high;)
      ++end;
    for (size_t i = begin; i < end; ++i) {
      if (pairs[i].low == pairs[i].high) {
        add_loop(pairs[i].edge, i - begin);
        continue;
      }
      const float side = ends.source[pairs[i].edge] == pairs[i].low ? 1 : -1;
      add_line(pairs[i].edge, side * fan_bend(i - begin, end - begin));
    }
  }
  std::sort(cast_.lines.begin(), cast_.lines.end(), [](const Line& a, const Line& b) {
    const bool a_curved = is_curved(a), b_curved = is_curved(b);
    return a_curved != b_curved ? b_curved : a.id < b.id;
  });
  cast_.curved =
      static_cast<size_t>(std::count_if(cast_.lines.begin(), cast_.lines.end(), is_curved));
}

Line Casting::line(Slot slot) const {
  const Stroke& stroke = s_.looks.edges[slot];
  Line line;
  line.width = is_strong(s_.marks.edges[slot]) ? kStrongLine : kLine * stroke.width;
  line.head = kHead + 2 * line.width;
  line.colour = pale(stroke.colour, is_dim(s_.marks.edges[slot]));
  line.id = pick_of_edge(slot);
  line.flags = stroke.dashed ? kDashed : stroke.dotted ? kDotted : 0u;
  return line;
}

void Casting::add_line(Slot slot, float bend) {
  const Scene::Edges& ends = s_.scene.edges();
  const Slot from = ends.source[slot], to = ends.target[slot];
  const Vec3 a = s_.positions.at(from), b = s_.positions.at(to);
  const float length = norm(b - a), begin = radius_of(from), end = radius_of(to);
  if (!(length > begin + end)) return;
  const Vec3 direction = (1 / length) * (b - a);
  const Vec3 p = a + begin * direction, q = b - end * direction;
  Line one = line(slot);
  one.ax = p.x, one.ay = p.y, one.az = p.z;
  one.bx = q.x, one.by = q.y, one.bz = q.z;
  one.bend = bend;
  cast_.lines.push_back(one);
}

void Casting::add_loop(Slot slot, size_t nth) {
  const Slot node = s_.scene.edges().source[slot];
  const Vec3 at = s_.positions.at(node);
  Line one = line(slot);
  one.flags |= kLoop;
  one.ax = at.x, one.ay = at.y, one.az = at.z;
  one.bx = radius_of(node);
  one.bend = loop_reach(nth);
  cast_.lines.push_back(one);
}

Cast cast_of(const Style& style, const Sources& sources, float node_radius, const Limits& limits) {
  Casting casting(style, sources, node_radius, limits);
  casting.step();
  return casting.take();
}

}  // namespace saggio::viz
