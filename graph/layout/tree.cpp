// SPDX-License-Identifier: MIT
#include "graph/layout/tree.h"

#include <algorithm>
#include <limits>
#include <numbers>
#include <numeric>

#include "graph/layout/pack.h"
#include "graph/layout/start.h"
#include "graph/layout/tidy.h"

namespace saggio::graph {
namespace {

class Search {
 public:
  Search(const View& view, const TreeOptions& options, Asker& asker)
      : view_(view),
        direction_(options.direction),
        asker_(asker),
        found_(static_cast<size_t>(view.nodes())) {
    result.parent.assign(found_.size(), -1);
    result.depth.assign(found_.size(), 0);
    for (const NodeIndex root : options.roots) check_node(view, root, "tree layout: a root");
    for (const NodeIndex root : options.roots) reach(root, -1);
    search();
    const std::vector<NodeIndex> own =
        direction_ == Direction::Both ? roots_by_component(options.stop) : roots_by_edges();
    for (const NodeIndex root : own) reach(root, -1);
    search();
    for (NodeIndex x = 0; x < view.nodes(); ++x) {
      reach(x, -1);
      search();
    }
  }
  // Without points. `order` holds roots and children in the order in which they were found.
  TreeLayout result;
  std::vector<NodeIndex> order;

 private:
  void reach(NodeIndex x, NodeIndex from) {
    if (found_[static_cast<size_t>(x)]) return;
    found_[static_cast<size_t>(x)] = true;
    result.parent[static_cast<size_t>(x)] = from;
    if (from >= 0)
      result.depth[static_cast<size_t>(x)] = result.depth[static_cast<size_t>(from)] + 1;
    order.push_back(x);
  }
  void search() {
    for (; next_ < order.size(); ++next_) {
      const NodeIndex x = order[next_];
      for_each_step(view_, x, direction_, [&](EdgeIndex, NodeIndex y) {
        asker_.did();
        reach(y, x);
      });
    }
  }
  // Of each component in which nothing was found the node with most neighbours.
  std::vector<NodeIndex> roots_by_component(const std::stop_token& stop) const {
    std::vector<NodeIndex> roots;
    const Neighbours neighbours = neighbours_of(view_, stop);
    const Components components = components_of(neighbours, stop);
    const auto found = [&](NodeIndex x) { return found_[static_cast<size_t>(x)]; };
    const auto fewer = [&](NodeIndex a, NodeIndex b) {
      return std::pair(neighbours[a].size(), b) < std::pair(neighbours[b].size(), a);
    };
    for (size_t c = 0; c < components.count(); ++c) {
      const std::span<const NodeIndex> members = components[c];
      asker_.did(members.size());
      if (std::any_of(members.begin(), members.end(), found)) continue;
      roots.push_back(*std::max_element(members.begin(), members.end(), fewer));
    }
    return roots;
  }
  std::vector<NodeIndex> roots_by_edges() const {
    std::vector<NodeIndex> roots;
    for (NodeIndex x = 0; x < view_.nodes(); ++x) {
      bool is_led_to = false;
      for_each_step(view_, x, reversed(direction_), [&](EdgeIndex, NodeIndex y) {
        asker_.did();
        is_led_to |= y != x;
      });
      if (!is_led_to) roots.push_back(x);
    }
    return roots;
  }

  const View& view_;
  Direction direction_;
  Asker& asker_;
  std::vector<bool> found_;
  size_t next_ = 0;
};

// The trees found, with the place of each node in the forest's numbers.
struct Grown {
  TreeLayout layout;
  Forest forest;
  std::vector<NodeIndex> node;  // [N] of each number
  std::vector<int32_t> tree;    // [N] by number
  size_t trees = 0;
};

// Numbers roots first, then the children of each in turn: as a search of all trees at once goes.
Grown grow(const View& view, const TreeOptions& options, Asker& asker) {
  view.verify();
  Search search(view, options, asker);
  Grown grown{std::move(search.result), {}, {}, {}, 0};
  const std::vector<NodeIndex>& parent = grown.layout.parent;
  std::vector<int64_t> ptr(parent.size() + 1, 0);
  for (const NodeIndex p : parent)
    if (p >= 0) ++ptr[static_cast<size_t>(p) + 1];
  std::partial_sum(ptr.begin(), ptr.end(), ptr.begin());
  std::vector<NodeIndex> children(static_cast<size_t>(ptr.back()));
  std::vector<int64_t> next(ptr.begin(), ptr.end() - 1);
  for (const NodeIndex x : search.order) {
    asker.did();
    const NodeIndex p = parent[static_cast<size_t>(x)];
    if (p >= 0)
      children[static_cast<size_t>(next[static_cast<size_t>(p)]++)] = x;
    else
      grown.node.push_back(x);
  }
  grown.trees = grown.node.size();
  grown.tree.resize(grown.trees);
  std::iota(grown.tree.begin(), grown.tree.end(), 0);
  grown.forest.parent.assign(grown.trees, -1);
  for (size_t i = 0; i < grown.node.size(); ++i) {
    const auto x = static_cast<size_t>(grown.node[i]);
    grown.forest.depth.push_back(grown.layout.depth[x]);
    asker.did(1 + static_cast<size_t>(ptr[x + 1] - ptr[x]));
    for (auto c = static_cast<size_t>(ptr[x]); c < static_cast<size_t>(ptr[x + 1]); ++c) {
      grown.node.push_back(children[c]);
      grown.tree.push_back(grown.tree[i]);
      grown.forest.parent.push_back(static_cast<int32_t>(i));
    }
  }
  grown.layout.points.resize(parent.size());
  return grown;
}

TreeLayout packed(Grown grown, const std::stop_token& stop) {
  std::vector<int32_t> tree_of(grown.node.size());
  for (size_t i = 0; i < grown.node.size(); ++i)
    tree_of[static_cast<size_t>(grown.node[i])] = grown.tree[i];
  pack_parts(tree_of, grown.trees, grown.layout.points, stop);
  return std::move(grown.layout);
}

}  // namespace

TreeLayout tree_layout(const View& view, const TreeOptions& options) {
  Asker asker(options.stop);
  Grown grown = grow(view, options, asker);
  const std::vector<float> x = tidy(
      grown.forest, [](int32_t) { return 1.0F; }, asker);
  for (size_t i = 0; i < x.size(); ++i)
    grown.layout.points[static_cast<size_t>(grown.node[i])] = {
        x[i], -static_cast<float>(grown.forest.depth[i]), 0};
  return packed(std::move(grown), options.stop);
}

TreeLayout radial_layout(const View& view, const TreeOptions& options) {
  Asker asker(options.stop);
  Grown grown = grow(view, options, asker);
  // As much room along a circle as its length allows.
  const std::vector<float> x = tidy(
      grown.forest,
      [](int32_t depth) { return 1 / static_cast<float>(std::max(1, depth)); },
      asker);
  std::vector<float> left(grown.trees, std::numeric_limits<float>::max()), right(grown.trees);
  for (size_t tree = 0; tree < grown.trees; ++tree) right[tree] = -left[tree];
  for (size_t i = 0; i < x.size(); ++i) {
    const auto tree = static_cast<size_t>(grown.tree[i]);
    left[tree] = std::min(left[tree], x[i]);
    right[tree] = std::max(right[tree], x[i]);
  }
  constexpr double kTurn = 2 * std::numbers::pi;
  for (size_t i = 0; i < x.size(); ++i) {
    const auto tree = static_cast<size_t>(grown.tree[i]);
    asker.did();
    const double round =
        double{right[tree]} - left[tree] + 1;  // the last and the first are apart too
    const double angle = kTurn * (double{x[i]} - left[tree]) / round;
    const double out = std::max(1.0, round / kTurn) * grown.forest.depth[i];
    grown.layout.points[static_cast<size_t>(grown.node[i])] = {
        static_cast<float>(out * std::cos(angle)), static_cast<float>(out * std::sin(angle)), 0};
  }
  return packed(std::move(grown), options.stop);
}

}  // namespace saggio::graph
