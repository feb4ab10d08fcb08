// SPDX-License-Identifier: MIT
#include "viz/state/folds.h"

#include <algorithm>

namespace saggio::viz {
namespace {

using graph::Direction;
using graph::EdgeIndex;
using graph::NodeIndex;

class Folding {
 public:
  Folding(const ViewState& state, const graph::View& view, Marks& marks)
      : state_(state), view_(view), marks_(marks) {}

  void expand(NodeIndex x, Direction direction) {
    node(x) |= kShown;
    const auto show = [&](EdgeIndex e, NodeIndex other) {
      edge(e) |= kShown;
      node(other) |= kShown;
    };
    if (direction != Direction::In) for_each_out(x, show);
    if (direction != Direction::Out) for_each_in(x, show);
  }

  void collapse(NodeIndex x) {
    part_of_.assign(static_cast<size_t>(view_.nodes()), kNone);
    parts_.clear();
    std::vector<NodeIndex> reached;
    part_of_[at(x)] = kItself;
    const auto begin = [&](EdgeIndex e, NodeIndex y) {
      if (is_open(e, y)) reached.push_back(y);
    };
    for_each_out(x, begin);
    for_each_in(x, begin);
    std::vector<NodeIndex> all;
    for (const NodeIndex y : reached)
      if (part_of_[at(y)] == kNone) walk(y, all);
    for (const NodeIndex y : anchors())
      if (part_of_[at(y)] >= 0) parts_[at(part_of_[at(y)])].stays = true;
    for (Part& part : parts_)
      part.stays |= !state_.focus && part.nodes > 1 && 2 * part.nodes > all.size();
    for (const NodeIndex y : all)
      if (!parts_[at(part_of_[at(y)])].stays) node(y) = 0;
  }

 private:
  static constexpr int32_t kNone = -1, kItself = -2;
  struct Part {
    size_t nodes = 0;
    bool stays = false;
  };

  template <typename Index>
  static size_t at(Index index) {
    return static_cast<size_t>(index);
  }
  uint8_t& node(NodeIndex x) { return marks_.nodes[view_.node_id(x)]; }
  uint8_t& edge(EdgeIndex e) { return marks_.edges[view_.edge_id(e)]; }
  bool is_open(EdgeIndex e, NodeIndex other) {
    return (edge(e) & kShown) && (node(other) & kShown) && part_of_[at(other)] == kNone;
  }

  template <typename Visit>  // void(EdgeIndex, NodeIndex other)
  void for_each_out(NodeIndex x, const Visit& visit) {
    const auto row = view_.out(x);
    for (size_t i = 0; i < row.targets.size(); ++i)
      visit(row.first + static_cast<EdgeIndex>(i), row.targets[i]);
  }
  template <typename Visit>
  void for_each_in(NodeIndex x, const Visit& visit) {
    const auto row = view_.in(x);
    for (size_t i = 0; i < row.sources.size(); ++i) visit(row.edges[i], row.sources[i]);
  }

  // All that is tied to `start`, as one part, behind those of other parts.
  void walk(NodeIndex start, std::vector<NodeIndex>& all) {
    const auto part = static_cast<int32_t>(parts_.size());
    const size_t first = all.size();
    const auto take = [&](NodeIndex y) {
      part_of_[at(y)] = part;
      all.push_back(y);
    };
    take(start);
    const auto step = [&](EdgeIndex e, NodeIndex y) {
      if (is_open(e, y)) take(y);
    };
    for (size_t i = first; i < all.size(); ++i) {
      for_each_out(all[i], step);
      for_each_in(all[i], step);
    }
    parts_.push_back({all.size() - first, false});
  }

  std::vector<NodeIndex> anchors() const {
    std::vector<NodeIndex> found;
    if (!state_.focus) return found;
    for (const graph::NodeId id : state_.focus->nodes)
      if (const auto x = view_.find(id)) found.push_back(*x);
    return found;
  }

  const ViewState& state_;
  const graph::View& view_;
  Marks& marks_;
  std::vector<int32_t> part_of_;  // [N] in parts_, or kNone, kItself
  std::vector<Part> parts_;
};

}  // namespace

void apply_folds(const ViewState& state, const graph::View& view, Marks& marks) {
  Folding folding(state, view, marks);
  for (const Fold& fold : state.folds) {
    const auto x = view.find(fold.node);
    if (!x) continue;
    if (fold.expand)
      folding.expand(*x, fold.direction);
    else
      folding.collapse(*x);
  }
}

}  // namespace saggio::viz
