// SPDX-License-Identifier: MIT
#include "viz/plan/build_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/plan/labels.h"
#include "viz/plan/legend_box.h"

namespace saggio::viz {
namespace {

constexpr float kLeastPixels = 2;  // units
constexpr size_t kAlways = 12;     // goals, and others in a crowd, that are labelled upon nodes
constexpr size_t kWishesALabel = 10, kLeastWishes = 1'000;

// Items from the farthest to the nearest; ties as they were.
template <typename Item, typename DepthOf>
void append_far_to_near(std::span<const Item> items, const DepthOf& depth_of_item, auto& out) {
  std::vector<std::pair<float, uint32_t>> order(items.size());
  for (uint32_t i = 0; i < items.size(); ++i) order[i] = {-depth_of_item(items[i]), i};
  std::sort(order.begin(), order.end());
  for (const auto& [depth, i] : order) out.push_back(items[i]);
}

class Builder {
 public:
  Builder(const Cast& cast,
          const Theme& theme,
          const Camera& camera,
          const Viewport& viewport,
          const Wording& wording)
      : cast_(cast), wording_(wording), text_(wording.text), projection_(camera, viewport) {
    plan_.viewport = viewport;
    plan_.camera = camera;
    plan_.theme = theme;
    plan_.unit = wording.text.height / kTextHeight;
  }

  RenderPlan build(size_t threads) {
    haze();
    balls();
    lines();
    plan_.crowd = cast_.crowd;
    if (plan_.crowd) plan_.step = sample_step(plan_.crowd->threads.size(), threads);
    place_legend();
    place_caption();
    labels();
    return std::move(plan_);
  }

 private:
  float depth(Vec3 at) const { return projection_.depth(at); }

  // Between the nearest and the farthest corner of the box around all; a graph that is nearly flat
  // along the view has little.
  void haze() {
    if (!(cast_.low.x <= cast_.high.x)) return;
    plan_.nearest = INFINITY;
    for (int corner = 0; corner < 8; ++corner) {
      const Vec3 at{corner & 1 ? cast_.high.x : cast_.low.x,
                    corner & 2 ? cast_.high.y : cast_.low.y,
                    corner & 4 ? cast_.high.z : cast_.low.z};
      plan_.nearest = std::min(plan_.nearest, std::max(depth(at), 0.f));
      plan_.farthest = std::max(plan_.farthest, depth(at));
    }
  }

  void balls() {
    const std::span<const Ball> all = cast_.balls;
    const auto far = [&](const Ball& b) { return depth({b.x, b.y, b.z}); };
    plan_.balls.reserve(all.size());
    append_far_to_near(all.first(cast_.dimmed), far, plan_.balls);
    append_far_to_near(all.subspan(cast_.dimmed), far, plan_.balls);
    plan_.dimmed = cast_.dimmed;
  }

  void lines() {
    const std::span<const Line> all = cast_.lines;
    const auto far = [&](const Line& l) {
      const float begin = depth({l.ax, l.ay, l.az});
      return begin + (l.flags & kLoop ? begin : depth({l.bx, l.by, l.bz}));
    };
    plan_.lines.reserve(all.size());
    const size_t straight = all.size() - cast_.curved;
    append_far_to_near(all.first(straight), far, plan_.lines);
    append_far_to_near(all.subspan(straight), far, plan_.lines);
    plan_.curved = cast_.curved;
    for (Line& line : plan_.lines) {
      line.width *= plan_.unit;
      line.head = std::min(line.head * plan_.unit, largest_head(line));
    }
  }

  // Of nodes that are small in the picture an arrow's head is no larger than they are.
  float largest_head(const Line& line) const {
    const auto at = projection_(line.flags & kLoop ? Vec3{line.ax, line.ay, line.az}
                                                   : Vec3{line.bx, line.by, line.bz});
    if (!at) return INFINITY;
    return std::max(2 * radius_at(cast_.node_radius, *at), 2 * line.width);
  }

  void place_legend() {
    LegendSetting set = set_legend(plan_.viewport, wording_.legend, text_);
    plan_.legend = {set.box, std::move(set.legend)};
  }

  void place_caption() {
    std::string caption = wording_.caption;
    if (const size_t drawn = threads_drawn(); plan_.crowd && drawn < plan_.crowd->threads_in_all)
      caption +=
          fmt::format("   a sample of {} of {} edges is drawn", drawn, plan_.crowd->threads_in_all);
    const float edge = 0.8f * text_.height;
    plan_.caption = text_.shortened(caption, plan_.viewport.width - 2 * edge);
    if (plan_.caption.empty()) return;
    plan_.caption_box = {edge,
                         plan_.viewport.height - 1.6f * text_.height,
                         text_.width(plan_.caption),
                         text_.height};
  }

  size_t threads_drawn() const {
    if (!plan_.crowd || plan_.step == 1) return plan_.crowd ? plan_.crowd->threads_there : 0;
    const Pages<Thread>& threads = plan_.crowd->threads;
    size_t drawn = 0;
    for (size_t i = 0; i < sample_size(threads.size(), plan_.step); ++i) {
      const size_t at = sampled(i, plan_.step);
      drawn += at < threads.size() && threads[at].id != 0;
    }
    return drawn;
  }

  bool visible(const Projected& at, float r) const {
    return at.x >= -r && at.y >= -r && at.x <= plan_.viewport.width + r &&
           at.y <= plan_.viewport.height + r;
  }
  float radius_at(float radius, const Projected& at) const {
    return std::max(kLeastPixels * plan_.unit, radius * at.pixels_a_unit);
  }

  // Those with the most edges, of the same rank, first; then the oldest. What stands out and the
  // first dozen goals are worth a place upon other nodes, and so is a dozen of others in a crowd,
  // where all labels lie upon some.
  std::vector<LabelWish> wishes() const {
    struct Ranked {
      uint64_t key;  // the least first
      LabelWish wish;
    };
    const size_t most = std::max(kLeastWishes, kWishesALabel * wording_.labels);
    const auto before = [](const Ranked& x, const Ranked& y) { return x.key < y.key; };
    std::vector<Ranked> ranked;
    uint64_t worst = UINT64_MAX;  // what is behind it is not among the `most` first
    const auto keep_first = [&] {
      const auto last = ranked.begin() + static_cast<ptrdiff_t>(most) - 1;
      std::nth_element(ranked.begin(), last, ranked.end(), before);
      worst = last->key;
      ranked.resize(most);
    };
    for (const Landmark& one : cast_.landmarks) {
      if (one.node == kNobody) continue;
      const uint64_t few = ~one.degree & 0x3fffffffu;
      const uint64_t key = uint64_t{one.rank} << 62 | few << 32 | one.node;
      if (key > worst) continue;
      const auto at = projection_(Vec3{one.x, one.y, one.z});
      if (!at) continue;
      const float r = radius_at(one.radius, *at);
      if (!visible(*at, r)) continue;
      ranked.push_back({key, {one.node, at->x, at->y, r, one.rank < 2, one.rank < 2}});
      if (ranked.size() == 2 * most) keep_first();
    }
    if (ranked.size() > most) keep_first();
    std::sort(ranked.begin(), ranked.end(), before);
    const bool crowded = plan_.crowd && plan_.crowd->nodes_there > 0;
    std::vector<LabelWish> sorted;
    size_t others = 0;
    for (const Ranked& one : ranked) {
      if (crowded && one.key >> 62 == 3 && ++others > kAlways) break;
      sorted.push_back(one.wish);
      const bool goal = one.key >> 62 == 2 && sorted.size() <= kAlways;
      sorted.back().covers |= goal || crowded;
    }
    return sorted;
  }

  std::vector<Box> obstacles() const {
    std::vector<Box> boxes;
    for (const Ball& ball : cast_.balls) {
      const auto at = projection_(Vec3{ball.x, ball.y, ball.z});
      if (!at) continue;
      const float r = radius_at(ball.radius, *at);
      if (visible(*at, r)) boxes.push_back({at->x - r, at->y - r, 2 * r, 2 * r});
    }
    return boxes;
  }

  void labels() {
    const std::vector<Box> taken = {plan_.legend.box, plan_.caption_box};
    PlacedLabels placed = place_labels(
        wishes(), obstacles(), taken, plan_.viewport, wording_.labels, text_, wording_.label_of);
    plan_.labels = std::move(placed.labels);
    plan_.labels_left_out = placed.left_out;
  }

  const Cast& cast_;
  const Wording& wording_;
  const TextSizes& text_;
  Projection projection_;
  RenderPlan plan_;
};

}  // namespace

float text_height(float picture_height) {
  return kTextHeight * std::clamp(picture_height / 720, 0.8f, 4.f);
}

Margins margins_for(const Viewport& viewport, const Legend& legend, const TextSizes& text) {
  const Box box = set_legend(viewport, legend, text).box;
  const float edge = 1.5f * text.height;
  // The legend's side stays free if that leaves two thirds of the width; else it covers some.
  const float beside = box.x + box.width + edge;
  const bool room = box.width > 0 && beside < viewport.width / 3;
  const float right = std::min(edge + 8 * text.height, viewport.width / 5);
  return {room ? beside : edge, edge, right, 2.2f * edge};
}

RenderPlan build_plan(const Cast& cast,
                      const Style& style,
                      const Camera& camera,
                      const Viewport& viewport,
                      const Wording& wording,
                      size_t threads) {
  return Builder(cast, theme(style), camera, viewport, wording).build(threads);
}

}  // namespace saggio::viz
