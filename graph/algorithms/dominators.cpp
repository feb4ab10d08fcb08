// SPDX-License-Identifier: MIT
#include "graph/algorithms/dominators.h"

#include <algorithm>
#include <utility>

namespace saggio::graph {
namespace {

// Nodes are numbered 0, 1, ... in the order in which a depth-first search meets them; all arrays
// but `number` are indexed by that, and hold such numbers, but for `node`.
using Number = NodeIndex;
constexpr Number kNone = -1;

struct DepthFirst {
  std::vector<NodeIndex> node;
  std::vector<Number> parent;
  std::vector<Number> number;  // [N] by node; kNone: not reached
};

// The place in the edges of one node; `row` counts over both rows when either way is allowed.
class Steps {
 public:
  Steps(const View& view, Direction direction) : out_(out_rows(view)), in_(in_rows(view)) {
    if (direction == Direction::In) std::swap(out_, in_);
    both_ = direction == Direction::Both;
  }
  int64_t count(NodeIndex node) const { return out_.degree(node) + (both_ ? in_.degree(node) : 0); }
  NodeIndex at(NodeIndex node, int64_t i) const {
    const int64_t outward = out_.degree(node);
    return i < outward ? out_.neighbours[out_.ptr[node] + i]
                       : in_.neighbours[in_.ptr[node] + i - outward];
  }

 private:
  Rows out_, in_;
  bool both_;
};

DepthFirst depth_first(const View& view, NodeIndex root, Direction direction) {
  DepthFirst found;
  found.number.assign(static_cast<size_t>(view.nodes()), kNone);
  const Steps steps(view, direction);
  std::vector<std::pair<NodeIndex, int64_t>> stack;
  const auto enter = [&](NodeIndex node, Number parent) {
    found.number[static_cast<size_t>(node)] = static_cast<Number>(found.node.size());
    found.node.push_back(node);
    found.parent.push_back(parent);
    stack.emplace_back(node, 0);
  };
  enter(root, kNone);
  while (!stack.empty()) {
    auto& [node, next] = stack.back();
    if (next == steps.count(node)) {
      stack.pop_back();
      continue;
    }
    const NodeIndex to = steps.at(node, next++);
    if (found.number[static_cast<size_t>(to)] == kNone)
      enter(to, found.number[static_cast<size_t>(node)]);
  }
  return found;
}

// The forest of those numbers that were linked, which tells where on the way from a number up to
// the root of its tree the semidominator is least.
class Forest {
 public:
  Forest(size_t size, const std::vector<Number>& semi) : ancestor_(size, kNone), semi_(semi) {
    for (size_t x = 0; x < size; ++x) best_.push_back(static_cast<Number>(x));
  }
  void link(Number parent, Number x) { ancestor_[static_cast<size_t>(x)] = parent; }

  // Shortens the way for later: each number on it then hangs below the root.
  Number best(Number x) {
    for (Number y = x; up(y) != kNone && up(up(y)) != kNone; y = up(y)) way_.push_back(y);
    for (; !way_.empty(); way_.pop_back()) {
      const auto y = static_cast<size_t>(way_.back());
      const Number above = ancestor_[y];
      if (semi_of_best(above) < semi_of_best(way_.back()))
        best_[y] = best_[static_cast<size_t>(above)];
      ancestor_[y] = up(above);
    }
    return best_[static_cast<size_t>(x)];
  }

 private:
  Number up(Number x) const { return ancestor_[static_cast<size_t>(x)]; }
  Number semi_of_best(Number x) const {
    return semi_[static_cast<size_t>(best_[static_cast<size_t>(x)])];
  }
  std::vector<Number> ancestor_, best_, way_;
  const std::vector<Number>& semi_;
};

// By number; that of the root is itself.
std::vector<Number> dominators_of(const View& view, const DepthFirst& found, Direction direction) {
  const size_t size = found.node.size();
  std::vector<Number> semi(size), dominator(size, 0);
  for (size_t x = 0; x < size; ++x) semi[x] = static_cast<Number>(x);
  Forest forest(size, semi);
  std::vector<Number> waiting(size, kNone), next_waiting(size, kNone);  // lists, by semidominator
  for (size_t x = size - 1; x > 0; --x) {
    for_each_step(view, found.node[x], reversed(direction), [&](EdgeIndex, NodeIndex from) {
      const Number before = found.number[static_cast<size_t>(from)];
      if (before != kNone)
        semi[x] = std::min(semi[x], semi[static_cast<size_t>(forest.best(before))]);
    });
    const auto number = static_cast<Number>(x);
    next_waiting[x] = std::exchange(waiting[static_cast<size_t>(semi[x])], number);
    const Number parent = found.parent[x];
    forest.link(parent, number);
    for (Number y = std::exchange(waiting[static_cast<size_t>(parent)], kNone); y != kNone;
         y = next_waiting[static_cast<size_t>(y)]) {
      const Number best = forest.best(y);
      const bool below = semi[static_cast<size_t>(best)] < semi[static_cast<size_t>(y)];
      dominator[static_cast<size_t>(y)] = below ? best : parent;
    }
  }
  for (size_t x = 1; x < size; ++x)
    if (dominator[x] != semi[x]) dominator[x] = dominator[static_cast<size_t>(dominator[x])];
  return dominator;
}

}  // namespace

std::vector<NodeIndex> immediate_dominators(const View& view, NodeIndex root, Direction direction) {
  view.verify();
  check_node(view, root, "the root of the dominators");
  const DepthFirst found = depth_first(view, root, direction);
  const std::vector<Number> dominator = dominators_of(view, found, direction);
  std::vector<NodeIndex> result(static_cast<size_t>(view.nodes()), -1);
  for (size_t x = 0; x < found.node.size(); ++x)
    result[static_cast<size_t>(found.node[x])] = found.node[static_cast<size_t>(dominator[x])];
  return result;
}

}  // namespace saggio::graph
