// SPDX-License-Identifier: MIT
#include "graph/layout/tidy.h"

#include <cstddef>

// The names of the paper: prelim is a node's place among its siblings, mod what its descendants
// move by; a thread leads from the end of a contour to what follows below; shift and change spread
// the room that a subtree needs over the smaller ones left of it.
namespace saggio::graph {
namespace {

class Tidy {
 public:
  Tidy(const Forest& forest, const std::function<float(int32_t)>& gap, Asker& asker);
  std::vector<float> places();

 private:
  struct Node {
    int32_t parent, first = -1, count = 0;         // its children are [first, first + count)
    int32_t thread = -1, ancestor, fallback = -1;  // the paper's defaultAncestor, of the children
    double gap, prelim = 0, mod = 0, shift = 0, change = 0;
  };

  Node& at(int32_t x) { return nodes_[static_cast<size_t>(x)]; }
  int32_t left_sibling(int32_t x) { return x > at(at(x).parent).first ? x - 1 : -1; }
  int32_t next_left(int32_t x) { return at(x).count > 0 ? at(x).first : at(x).thread; }
  int32_t next_right(int32_t x) {
    return at(x).count > 0 ? at(x).first + at(x).count - 1 : at(x).thread;
  }
  std::vector<int32_t> post_order();
  void place_above_children(int32_t x);
  void execute_shifts(int32_t x);
  void move_apart(int32_t x);  // apportion
  void move_subtree(int32_t left, int32_t right, double by);

  Asker& asker_;
  std::vector<Node> nodes_;  // those of the forest, and one above its roots
};

Tidy::Tidy(const Forest& forest, const std::function<float(int32_t)>& gap, Asker& asker)
    : asker_(asker) {
  const auto top = static_cast<int32_t>(forest.parent.size());
  for (int32_t x = 0; x <= top; ++x) {
    asker_.did();
    const bool is_top = x == top;
    const int32_t parent = is_top ? -1 : forest.parent[static_cast<size_t>(x)];
    const double own = is_top ? 1 : double{gap(forest.depth[static_cast<size_t>(x)])};
    nodes_.push_back({.parent = is_top || parent >= 0 ? parent : top, .ancestor = x, .gap = own});
  }
  for (int32_t x = 0; x < top; ++x) {
    Node& parent = at(at(x).parent);
    if (parent.count++ == 0) parent.first = parent.fallback = x;
  }
}

std::vector<int32_t> Tidy::post_order() {
  // Backwards: each node before its children, the last child first.
  std::vector<int32_t> order, stack{static_cast<int32_t>(nodes_.size()) - 1};
  while (!stack.empty()) {
    const int32_t x = stack.back();
    stack.pop_back();
    order.push_back(x);
    asker_.did(1 + static_cast<size_t>(at(x).count));
    for (int32_t i = 0; i < at(x).count; ++i) stack.push_back(at(x).first + i);
  }
  return {order.rbegin(), order.rend()};
}

void Tidy::execute_shifts(int32_t x) {
  double shift = 0, change = 0;
  for (int32_t i = at(x).count; i-- > 0;) {
    Node& child = at(at(x).first + i);
    child.prelim += shift;
    child.mod += shift;
    change += child.change;
    shift += child.shift + change;
  }
}

void Tidy::place_above_children(int32_t x) {
  Node& node = at(x);
  if (node.count > 0) {
    execute_shifts(x);
    node.prelim = (at(node.first).prelim + at(node.first + node.count - 1).prelim) / 2;
  }
  if (node.parent < 0) return;
  const int32_t left = left_sibling(x);
  if (left < 0) return;
  const double middle = node.prelim;
  node.prelim = at(left).prelim + node.gap;
  if (node.count > 0) node.mod = node.prelim - middle;
}

void Tidy::move_subtree(int32_t left, int32_t right, double by) {
  const double each = by / (right - left);
  at(right).change -= each;
  at(right).shift += by;
  at(left).change += each;
  at(right).prelim += by;
  at(right).mod += by;
}

void Tidy::move_apart(int32_t x) {
  const int32_t left = left_sibling(x), parent = at(x).parent;
  if (left < 0) return;
  // The right contour of what is left of x, and the left contour of x: inside. The others: outside.
  int32_t inner_left = left, inner_right = x, outer_left = at(parent).first, outer_right = x;
  double to_inner_left = at(inner_left).mod, to_inner_right = at(x).mod;
  double to_outer_left = at(outer_left).mod, to_outer_right = at(x).mod;
  while (next_right(inner_left) >= 0 && next_left(inner_right) >= 0) {
    asker_.did();
    inner_left = next_right(inner_left);
    inner_right = next_left(inner_right);
    outer_left = next_left(outer_left);
    outer_right = next_right(outer_right);
    at(outer_right).ancestor = x;
    const double by = at(inner_left).prelim + to_inner_left -
                      (at(inner_right).prelim + to_inner_right) + at(inner_right).gap;
    if (by > 0) {
      const int32_t ancestor = at(inner_left).ancestor;
      move_subtree(at(ancestor).parent == parent ? ancestor : at(parent).fallback, x, by);
      to_inner_right += by;
      to_outer_right += by;
    }
    to_inner_left += at(inner_left).mod;
    to_inner_right += at(inner_right).mod;
    to_outer_left += at(outer_left).mod;
    to_outer_right += at(outer_right).mod;
  }
  if (next_right(inner_left) >= 0 && next_right(outer_right) < 0) {
    at(outer_right).thread = next_right(inner_left);
    at(outer_right).mod += to_inner_left - to_outer_right;
  }
  if (next_left(inner_right) >= 0 && next_left(outer_left) < 0) {
    at(outer_left).thread = next_left(inner_right);
    at(outer_left).mod += to_inner_right - to_outer_left;
    at(parent).fallback = x;
  }
}

std::vector<float> Tidy::places() {
  for (const int32_t x : post_order()) {
    asker_.did(1 + static_cast<size_t>(at(x).count));  // all of whose children are shifted
    place_above_children(x);
    if (at(x).parent >= 0) move_apart(x);
  }
  std::vector<float> result(nodes_.size() - 1);
  std::vector<double> moved(nodes_.size());  // by all that is above
  for (size_t i = 0; i < result.size(); ++i) {
    asker_.did();
    const auto parent = static_cast<size_t>(nodes_[i].parent);
    moved[i] = moved[parent] + nodes_[parent].mod;
    result[i] = static_cast<float>(nodes_[i].prelim + moved[i]);
  }
  return result;
}

}  // namespace

std::vector<float> tidy(const Forest& forest,
                        const std::function<float(int32_t)>& gap,
                        Asker& asker) {
  return Tidy(forest, gap, asker).places();
}

}  // namespace saggio::graph
