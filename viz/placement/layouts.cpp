// SPDX-License-Identifier: MIT
#include "viz/placement/layouts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "graph/algorithms/groups.h"
#include "graph/layout/force.h"
#include "graph/layout/layered.h"
#include "graph/layout/tree.h"

namespace saggio::viz {
namespace {

using graph::NodeIndex;
using graph::Point;

// How far the neighbours of a node that was moved may follow it in a step, and theirs.
constexpr float kFollows = 0.3f, kFollowsNext = 0.1f;
constexpr float kGroupPull = 1;

class Force : public LiveLayout {
 public:
  Force(const LayoutOrder& order, int dimensions, std::span<const Point> known)
      : view_(order.view), layout_(made(order, dimensions, known)) {}

  void step() override { layout_.step(); }
  bool at_rest() const override { return layout_.at_rest(); }
  std::span<const Point> positions() const override { return layout_.positions(); }
  void hold(NodeIndex node, const Point& at) override {
    move(node, at);
    layout_.pin(node);
  }
  void let_go(NodeIndex node, const Point& before) override {
    move(node, before);
    layout_.pin(node, false);
  }
  std::vector<float> warmth() const override { return layout_.warmth(); }
  void warm(std::span<const float> warmth) override { layout_.warm(warmth); }

 private:
  static graph::ForceLayout made(const LayoutOrder& order,
                                 int dimensions,
                                 std::span<const Point> known) {
    graph::ForceOptions options{.dimensions = dimensions,
                                .groups = order.groups,
                                .threads = order.threads,
                                .stop = order.stop};
    graph::Groups communities;
    if (order.group_by == GroupBy::Community) {
      communities = graph::louvain(order.view, {.stop = order.stop});
      options.groups = communities.group;
    }
    if (!options.groups.empty()) options.group_pull = kGroupPull;
    return {order.view, known, options};
  }

  void move(NodeIndex node, const Point& to) {
    const Point& at = layout_.positions()[static_cast<size_t>(node)];
    const Point before = at;
    layout_.move(node, to);
    if (at != before) warm_around(node);
  }

  template <typename Act>
  void for_each_neighbour(NodeIndex node, const Act& act) const {
    for (const NodeIndex other : view_.out(node).targets) act(other);
    for (const NodeIndex other : view_.in(node).sources) act(other);
  }
  void warm_around(NodeIndex node) {
    std::vector<float> warmth(static_cast<size_t>(view_.nodes()));
    const auto raise = [&](NodeIndex x, float by) {
      warmth[static_cast<size_t>(x)] = std::max(warmth[static_cast<size_t>(x)], by);
    };
    for_each_neighbour(node, [&](NodeIndex near) {
      raise(near, kFollows);
      for_each_neighbour(near, [&](NodeIndex next) { raise(next, kFollowsNext); });
    });
    warmth[static_cast<size_t>(node)] = 0;
    layout_.warm(warmth);
  }

  graph::View view_;
  graph::ForceLayout layout_;
};

// One that is computed at once and then stays.
class Still : public LiveLayout {
 public:
  explicit Still(std::vector<Point> points) : own_(points), points_(std::move(points)) {}

  void step() override {}
  bool at_rest() const override { return true; }
  std::span<const Point> positions() const override { return points_; }
  void hold(NodeIndex node, const Point& at) override { points_[static_cast<size_t>(node)] = at; }
  void let_go(NodeIndex node, const Point&) override {
    points_[static_cast<size_t>(node)] = own_[static_cast<size_t>(node)];
  }
  std::vector<float> warmth() const override { return {}; }
  void warm(std::span<const float>) override {}

 private:
  std::vector<Point> own_, points_;
};

struct Named {
  const char* name;
  int dimensions;
  std::vector<Point> (*computed)(const LayoutOrder&);  // null: by force
};

graph::TreeOptions from_conclusions(const LayoutOrder& order) {
  return {.direction = graph::Direction::In, .stop = order.stop};
}

constexpr std::array<Named, 5> kLayouts = {
    {{"force", 3, nullptr},
     {"force2d", 2, nullptr},
     {"layered",
      2,
      [](const LayoutOrder& order) {
        return graph::layered_layout(order.view, {.stop = order.stop}).points;
      }},
     {"tree",
      2,
      [](const LayoutOrder& order) {
        return graph::tree_layout(order.view, from_conclusions(order)).points;
      }},
     {"radial", 2, [](const LayoutOrder& order) {
        return graph::radial_layout(order.view, from_conclusions(order)).points;
      }}}};

const Named& named(const std::string& name) {
  const auto found = std::find_if(
      kLayouts.begin(), kLayouts.end(), [&](const Named& layout) { return name == layout.name; });
  if (found == kLayouts.end())
    throw std::invalid_argument(
        fmt::format("layout = {}, allowed: {}", name, fmt::join(layout_names(), ", ")));
  return *found;
}

}  // namespace

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  for (const Named& layout : kLayouts) names.push_back(layout.name);
  return names;
}

bool laid_out_flat(const std::string& name) { return named(name).dimensions == 2; }

bool laid_out_by_force(const std::string& name) { return named(name).computed == nullptr; }

std::unique_ptr<LiveLayout> standard_layout(const LayoutOrder& order,
                                            std::span<const Point> known) {
  const Named& layout = named(order.name);
  order.view.verify();
  if (!layout.computed) return std::make_unique<Force>(order, layout.dimensions, known);
  if (std::all_of(known.begin(), known.end(), graph::is_placed))
    return std::make_unique<Still>(std::vector<Point>(known.begin(), known.end()));
  return std::make_unique<Still>(layout.computed(order));
}

}  // namespace saggio::viz
