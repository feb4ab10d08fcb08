// SPDX-License-Identifier: MIT
#include "viz/plan/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

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

class Casting {
 public:
  Casting(const Style& style, const Sources& s, float radius, const Limits& limits)
      : s_(s),
        marks_(s.marks),
        ends_(s.scene.edges()),
        theme_(theme(style)),
        radius_(radius),
        limits_(limits) {
    check(s);
  }

  Cast find() {
    cast_.node_radius = radius_;
    nodes();
    edges();
    landmarks();
    if (!crowd_.nodes.empty() || !crowd_.threads.empty())
      cast_.crowd = std::make_shared<const Crowd>(std::move(crowd_));
    return std::move(cast_);
  }

 private:
  bool drawn(Slot node) const {
    return (marks_.nodes[node] & kShown) && is_finite(s_.positions.at(node));
  }
  bool edge_drawn(Slot edge) const {
    return (marks_.edges[edge] & kShown) && drawn(ends_.source[edge]) && drawn(ends_.target[edge]);
  }
  bool is_dim(uint8_t bits) const { return marks_.dims && !(bits & kStrong); }
  bool is_strong(uint8_t bits) const { return marks_.dims && (bits & kStrong); }
  bool stands_out(uint8_t bits) const { return (bits & kSelected) || is_strong(bits); }
  float radius_of(Slot node) const { return radius_ * s_.looks.sizes[node]; }
  Rgba pale(Rgba colour, bool dim) const {
    if (!dim) return colour;
    const uint8_t alpha = colour.a;
    Rgba mixed_in = mixed(colour, theme_.background, kDimmed);
    mixed_in.a = alpha;
    return mixed_in;
  }

  void nodes();
  void bound(Vec3 at);
  Ball ball(Slot slot) const;

  void edges();
  void lines(const std::vector<Slot>& slots);
  void add_line(Slot slot, float bend);
  void add_loop(Slot slot, size_t nth);
  Line line(Slot slot) const;
  void threads(const std::vector<Slot>& slots);
  void find_hues(const std::vector<Slot>& slots);
  Rgba hue_of(Slot edge) const;

  void landmarks();

  const Sources& s_;
  const Marks& marks_;
  const Scene::Edges& ends_;
  const Theme& theme_;
  float radius_;
  Limits limits_;
  Cast cast_;
  Crowd crowd_;
  std::map<uint32_t, uint16_t> hues_;  // numbers of colours
};

Ball Casting::ball(Slot slot) const {
  const Vec3 at = s_.positions.at(slot);
  const Mark& mark = s_.looks.nodes[slot];
  const uint8_t bits = marks_.nodes[slot];
  return {at.x,
          at.y,
          at.z,
          radius_of(slot),
          pale(mark.colour, is_dim(bits)),
          pick_of_node(slot),
          static_cast<uint32_t>(mark.shape),
          (bits & kSelected) != 0};
}

void Casting::bound(Vec3 at) {
  Vec3 &low = cast_.low, &high = cast_.high;
  low = {std::min(low.x, at.x), std::min(low.y, at.y), std::min(low.z, at.z)};
  high = {std::max(high.x, at.x), std::max(high.y, at.y), std::max(high.z, at.z)};
}

void Casting::nodes() {
  cast_.low = {INFINITY, INFINITY, INFINITY};
  cast_.high = {-INFINITY, -INFINITY, -INFINITY};
  size_t count = 0;
  for (Slot slot = 0; slot < s_.scene.node_slots(); ++slot) count += drawn(slot);
  const bool many = count > limits_.balls;
  if (many) crowd_.nodes.reserve(count);
  for (Slot slot = 0; slot < s_.scene.node_slots(); ++slot) {
    if (!drawn(slot)) continue;
    bound(s_.positions.at(slot));
    const bool alone = !many || stands_out(marks_.nodes[slot]);
    (alone ? cast_.balls : crowd_.nodes).push_back(ball(slot));
  }
  crowd_.dimmed = marks_.dims;
  const auto first_strong =
      std::stable_partition(cast_.balls.begin(), cast_.balls.end(), [&](const Ball& one) {
        return is_dim(marks_.nodes[one.id - 1]);
      });
  cast_.dimmed = static_cast<size_t>(first_strong - cast_.balls.begin());
}

void Casting::edges() {
  std::vector<Slot> alone, many;
  for (Slot slot = 0; slot < s_.scene.edge_slots(); ++slot) {
    if (!edge_drawn(slot)) continue;
    (is_strong(marks_.edges[slot]) ? alone : many).push_back(slot);
  }
  if (many.size() > limits_.lines) {
    // What returns to its own node has no length that a crowd could show.
    std::erase_if(many, [&](Slot slot) { return ends_.source[slot] == ends_.target[slot]; });
    threads(many);
  } else {
    alone.insert(alone.end(), many.begin(), many.end());
    std::sort(alone.begin(), alone.end());
  }
  lines(alone);
}

// Those between the same two nodes, either way, fan out to both sides, one in the middle straight.
void Casting::lines(const std::vector<Slot>& slots) {
  struct Pair {
    Slot low, high, edge;
    auto operator<=>(const Pair&) const = default;
  };
  std::vector<Pair> pairs;
  pairs.reserve(slots.size());
  for (const Slot slot : slots) {
    const auto [low, high] = std::minmax(ends_.source[slot], ends_.target[slot]);
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
      const float side = ends_.source[pairs[i].edge] == pairs[i].low ? 1 : -1;
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
  line.width = is_strong(marks_.edges[slot]) ? kStrongLine : kLine * stroke.width;
  line.head = kHead + 2 * line.width;
  line.colour = pale(stroke.colour, is_dim(marks_.edges[slot]));
  line.id = pick_of_edge(slot);
  line.flags = stroke.dashed ? kDashed : stroke.dotted ? kDotted : 0u;
  return line;
}

void Casting::add_line(Slot slot, float bend) {
  const Slot from = ends_.source[slot], to = ends_.target[slot];
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
  const Slot node = ends_.source[slot];
  const Vec3 at = s_.positions.at(node);
  Line one = line(slot);
  one.flags |= kLoop;
  one.ax = at.x, one.ay = at.y, one.az = at.z;
  one.bx = radius_of(node);
  one.bend = loop_reach(nth);
  cast_.lines.push_back(one);
}

Rgba Casting::hue_of(Slot edge) const {
  Rgba hue = pale(s_.looks.edges[edge].colour, is_dim(marks_.edges[edge]));
  hue.a = 255;
  return hue;
}

uint32_t number_of(Rgba c) { return uint32_t{c.r} << 16 | uint32_t{c.g} << 8 | c.b; }

// The colours seen most often, each its own; the last one stands for all others.
void Casting::find_hues(const std::vector<Slot>& slots) {
  std::map<uint32_t, std::pair<size_t, Rgba>> seen;
  std::pair<size_t, Rgba>* last = nullptr;
  uint32_t last_number = 0;
  for (const Slot slot : slots) {
    const Rgba hue = hue_of(slot);
    if (const uint32_t number = number_of(hue); !last || number != last_number) {
      last = &seen.try_emplace(number, 0, hue).first->second;
      last_number = number;
    }
    ++last->first;
  }
  std::vector<std::pair<size_t, Rgba>> order;
  for (const auto& [number, one] : seen) order.push_back(one);
  std::stable_sort(
      order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t hue = std::min(i, kHues - 1);
    hues_[number_of(order[i].second)] = static_cast<uint16_t>(hue);
    if (i < kHues) crowd_.hues[hue] = order[i].second;
  }
}

void Casting::threads(const std::vector<Slot>& slots) {
  find_hues(slots);
  crowd_.threads_in_all = slots.size();
  const auto thread = [&](Slot slot) {
    const Vec3 a = s_.positions.at(ends_.source[slot]), b = s_.positions.at(ends_.target[slot]);
    const uint8_t alpha = s_.looks.edges[slot].colour.a;
    return Thread{a.x,
                  a.y,
                  a.z,
                  b.x,
                  b.y,
                  b.z,
                  pick_of_edge(slot),
                  hues_.at(number_of(hue_of(slot))),
                  static_cast<uint16_t>(1 + alpha / 4)};
  };
  draw_sample(slots, limits_.threads, thread, crowd_.threads);
}

void Casting::landmarks() {
  std::vector<uint32_t> degree(s_.scene.node_slots());
  for (Slot edge = 0; edge < s_.scene.edge_slots(); ++edge) {
    if (!(marks_.edges[edge] & kShown)) continue;
    ++degree[ends_.source[edge]];
    ++degree[ends_.target[edge]];
  }
  const DifferenceColumns* const differences = s_.scene.differences();
  const auto rank = [&](Slot slot) -> uint8_t {
    const uint8_t bits = marks_.nodes[slot];
    if (bits & kSelected) return 0;
    if (is_strong(bits)) return 1;
    if (differences) return differences->nodes[slot] == Difference::Same ? 3 : 2;
    const graph::NodeKind kind = s_.scene.nodes().kind[slot];
    return kind == graph::NodeKind::Question || kind == graph::NodeKind::Answer ? 2 : 3;
  };
  for (const auto* balls : {&cast_.balls, &crowd_.nodes})
    for (const Ball& one : *balls) {
      const Slot slot = one.id - 1;
      const uint8_t bits = marks_.nodes[slot];
      if (is_dim(bits) && !(bits & kSelected)) continue;
      cast_.landmarks.push_back({slot, one.x, one.y, one.z, one.radius, rank(slot), degree[slot]});
    }
}

}  // namespace

Cast cast_of(const Style& style, const Sources& sources, float node_radius, const Limits& limits) {
  return Casting(style, sources, node_radius, limits).find();
}

}  // namespace saggio::viz
