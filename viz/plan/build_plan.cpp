// SPDX-License-Identifier: MIT
#include "viz/plan/build_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "viz/plan/labels.h"
#include "viz/plan/legend_box.h"

namespace saggio::viz {
namespace {

constexpr float kDimmed = 0.82f;  // share of the background in what is dimmed
constexpr float kLine = 1.6f, kStrongLine = 3.2f;
constexpr float kHead = 9, kLeastPixels = 2;
constexpr size_t kAlways = 12;

bool is_strong(uint8_t bits, const Marks& marks) { return marks.dims && (bits & kStrong); }
bool is_dim(uint8_t bits, const Marks& marks) { return marks.dims && !(bits & kStrong); }

// Indices of items from the farthest to the nearest; ties by index.
template <typename Item, typename DepthOf>
void sort_far_to_near(std::vector<Item>& items, const DepthOf& depth_of_item) {
  std::vector<std::pair<float, uint32_t>> order(items.size());
  for (uint32_t i = 0; i < items.size(); ++i) order[i] = {-depth_of_item(items[i]), i};
  std::sort(order.begin(), order.end());
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const auto& [depth, i] : order) sorted.push_back(items[i]);
  items = std::move(sorted);
}

class Builder {
 public:
  Builder(const ViewState& state, const Viewport& viewport, const Sources& s, float radius)
      : s_(s), marks_(s.marks), radius_(radius) {
    plan_.viewport = viewport;
    plan_.camera = state.camera;
    plan_.theme = theme(state.style);
    const size_t nodes = s.scene.node_slots(), edges = s.scene.edge_slots();
    if (s.positions.size() < nodes || marks_.nodes.size() != nodes ||
        marks_.edges.size() != edges || s.looks.nodes.size() != nodes ||
        s.looks.edges.size() != edges)
      throw std::invalid_argument(
          fmt::format("a scene of {} nodes and {} edges with positions of {}, marks of {} and {}, "
                      "looks of {} and {}",
                      nodes,
                      edges,
                      s.positions.size(),
                      marks_.nodes.size(),
                      marks_.edges.size(),
                      s.looks.nodes.size(),
                      s.looks.edges.size()));
  }

  RenderPlan build(const ViewState& state, const std::string& caption) {
    balls();
    lines();
    place_legend();
    place_caption(caption);
    labels(static_cast<size_t>(state.labels));
    const auto depth = [&](Vec3 at) { return depth_of(plan_.camera, at); };
    sort_far_to_near(plan_.balls, [&](const Ball& b) { return depth({b.x, b.y, b.z}); });
    const auto first_strong =
        std::stable_partition(plan_.balls.begin(), plan_.balls.end(), [&](const Ball& ball) {
          return is_dim(marks_.nodes[ball.id - 1], marks_);
        });
    plan_.dimmed = static_cast<size_t>(first_strong - plan_.balls.begin());
    sort_far_to_near(plan_.lines, [&](const Line& l) {
      return depth({l.ax, l.ay, l.az}) + depth({l.bx, l.by, l.bz});
    });
    return std::move(plan_);
  }

 private:
  bool drawn(Slot node) const {
    return (marks_.nodes[node] & kShown) && is_finite(s_.positions.at(node));
  }
  bool is_goal(Slot node) const {
    const graph::NodeKind kind = s_.scene.nodes().kind[node];
    return kind == graph::NodeKind::Question || kind == graph::NodeKind::Answer;
  }
  float radius_of(Slot node) const { return radius_ * s_.looks.sizes[node]; }
  Rgba pale(Rgba colour, bool dim) const {
    if (!dim) return colour;
    const uint8_t alpha = colour.a;
    Rgba mixed_in = mixed(colour, plan_.theme.background, kDimmed);
    mixed_in.a = alpha;
    return mixed_in;
  }

  void balls() {
    for (Slot slot = 0; slot < s_.scene.node_slots(); ++slot) {
      if (!drawn(slot)) continue;
      const Vec3 at = s_.positions.at(slot);
      const Mark& mark = s_.looks.nodes[slot];
      plan_.balls.push_back({at.x,
                             at.y,
                             at.z,
                             radius_of(slot),
                             pale(mark.colour, is_dim(marks_.nodes[slot], marks_)),
                             pick_of_node(slot),
                             static_cast<uint32_t>(mark.shape),
                             (marks_.nodes[slot] & kSelected) != 0});
    }
  }

  // From surface to surface; what lies within its own nodes is not drawn.
  void lines() {
    for (Slot slot = 0; slot < s_.scene.edge_slots(); ++slot) {
      const Slot from = s_.scene.edges().source[slot], to = s_.scene.edges().target[slot];
      if (!(marks_.edges[slot] & kShown) || !drawn(from) || !drawn(to) || from == to) continue;
      const Vec3 a = s_.positions.at(from), b = s_.positions.at(to);
      const float length = norm(b - a), begin = radius_of(from), end = radius_of(to);
      if (!(length > begin + end)) continue;
      const Vec3 direction = (1 / length) * (b - a);
      const Vec3 p = a + begin * direction, q = b - end * direction;
      const Stroke& stroke = s_.looks.edges[slot];
      const bool strong = is_strong(marks_.edges[slot], marks_);
      const float width = strong ? kStrongLine : kLine;
      plan_.lines.push_back({p.x,
                             p.y,
                             p.z,
                             width,
                             q.x,
                             q.y,
                             q.z,
                             kHead + 2 * width,
                             pale(stroke.colour, is_dim(marks_.edges[slot], marks_)),
                             pick_of_edge(slot),
                             stroke.dashed,
                             0});
    }
  }

  void place_legend() {
    plan_.legend.legend = s_.looks.legend;
    plan_.legend.box = set_legend(plan_.viewport, s_.looks.legend, s_.text).box;
  }

  void place_caption(const std::string& caption) {
    const float edge = 0.8f * s_.text.height;
    plan_.caption = s_.text.shortened(caption, plan_.viewport.width - 2 * edge);
    if (plan_.caption.empty()) return;
    plan_.caption_box = {edge,
                         plan_.viewport.height - 1.6f * s_.text.height,
                         s_.text.width(plan_.caption),
                         s_.text.height};
  }

  // Selected ones first, then strong ones, then questions and answers, then those with the most
  // edges, then the oldest. The first dozen of them are worth a place upon other nodes.
  std::vector<LabelWish> wishes(std::vector<Box>& obstacles) const {
    struct Ranked {
      int rank;
      uint32_t degree;
      LabelWish wish;
    };
    std::vector<uint32_t> degree(s_.scene.node_slots());
    for (Slot edge = 0; edge < s_.scene.edge_slots(); ++edge) {
      if (!(marks_.edges[edge] & kShown)) continue;
      ++degree[s_.scene.edges().source[edge]];
      ++degree[s_.scene.edges().target[edge]];
    }
    std::vector<Ranked> ranked;
    for (const Ball& ball : plan_.balls) {
      const Slot slot = ball.id - 1;
      const auto seen = project(plan_.camera, plan_.viewport, {ball.x, ball.y, ball.z});
      if (!seen) continue;
      const float r = std::max(kLeastPixels, ball.radius * seen->pixels_a_unit);
      if (seen->x < -r || seen->y < -r || seen->x > plan_.viewport.width + r ||
          seen->y > plan_.viewport.height + r)
        continue;
      obstacles.push_back({seen->x - r, seen->y - r, 2 * r, 2 * r});
      const uint8_t bits = marks_.nodes[slot];
      if (is_dim(bits, marks_) && !(bits & kSelected)) continue;
      const bool strong = (bits & kSelected) || is_strong(bits, marks_);
      const int rank = bits & kSelected ? 0 : strong ? 1 : is_goal(slot) ? 2 : 3;
      ranked.push_back({rank, degree[slot], {slot, seen->x, seen->y, r, strong, false}});
    }
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
      if (a.rank != b.rank) return a.rank < b.rank;
      return a.degree != b.degree ? a.degree > b.degree : a.wish.node < b.wish.node;
    });
    std::vector<LabelWish> sorted;
    for (const Ranked& one : ranked) {
      sorted.push_back(one.wish);
      sorted.back().covers = one.rank < 2 || (one.rank == 2 && sorted.size() <= kAlways);
    }
    return sorted;
  }

  void labels(size_t most) {
    std::vector<Box> obstacles;
    const std::vector<LabelWish> wanted = wishes(obstacles);
    const std::vector<Box> taken = {plan_.legend.box, plan_.caption_box};
    PlacedLabels placed =
        place_labels(wanted, obstacles, taken, plan_.viewport, most, s_.text, s_.label_of);
    plan_.labels = std::move(placed.labels);
    plan_.labels_left_out = placed.left_out;
  }

  const Sources& s_;
  const Marks& marks_;
  float radius_;
  RenderPlan plan_;
};

}  // namespace

Margins margins_for(const Viewport& viewport, const Legend& legend, const TextSizes& text) {
  const Box box = set_legend(viewport, legend, text).box;
  const float edge = 1.5f * text.height;
  // The legend's side stays free if that leaves two thirds of the width; else it covers some.
  const float beside = box.x + box.width + edge;
  const bool room = box.width > 0 && beside < viewport.width / 3;
  const float right = std::min(edge + 8 * text.height, viewport.width / 5);
  return {room ? beside : edge, edge, right, 2.2f * edge};
}

RenderPlan build_plan(const ViewState& state,
                      const Viewport& viewport,
                      const Sources& sources,
                      float node_radius,
                      const std::string& caption) {
  return Builder(state, viewport, sources, node_radius).build(state, caption);
}

}  // namespace saggio::viz
