// SPDX-License-Identifier: MIT
#include "graph/algorithms/bfs.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "graph/algorithms/bitmap.h"

namespace saggio::graph {
namespace {

// Where to turn: to bottom-up when the frontier's edges are more than 1/kAlpha of those not yet
// looked at, back to top-down when it shrinks and has less than 1/kBeta of the nodes.
constexpr int64_t kAlpha = 15, kBeta = 18;

// kSides: 1, or 2 to walk edges either way. visit(node, parent, depth) is called once for each node
// that is reached, in the order of depth.
template <size_t kSides, typename Visit>
class Search {
 public:
  using Sides = std::array<Rows, kSides>;

  Search(const View& view, const Sides& forward, const Sides& backward, Visit visit)
      : forward_(forward),
        backward_(backward),
        visit_(visit),
        edges_left_(static_cast<int64_t>(kSides) * view.edges()),
        turn_back_below_(view.nodes() / kBeta),
        open_(Bitmap::all(view.nodes())),
        queue_(static_cast<size_t>(view.nodes())) {}

  void run(std::span<const NodeIndex> sources, const BfsOptions& options) {
    for (const NodeIndex source : sources)
      if (open_.test(source)) {
        open_.reset(source);
        visit_(source, source, 0);
        queue_[end_++] = source;
      }
    most_depth_ = options.most_depth;
    until_ = options.until.value_or(-1);
    while (begin_ < end_ && !ended()) {
      const int64_t edges = edges_of_frontier();
      if (!just_turned_back_ && edges > edges_left_ / kAlpha) {
        go_bottom_up();
      } else {
        edges_left_ -= edges;
        just_turned_back_ = false;
        top_down();
      }
    }
  }

 private:
  bool ended() const { return depth_ >= most_depth_ || (until_ >= 0 && !open_.test(until_)); }

  int64_t edges_of_frontier() const {
    int64_t edges = 0;
    for (size_t i = begin_; i < end_; ++i)
      for (const Rows& rows : forward_) edges += rows.degree(queue_[i]);
    return edges;
  }

  void top_down() {
    ++depth_;
    size_t end = end_;
    for (size_t i = begin_; i < end_; ++i)
      for (const Rows& rows : forward_)
        for (const NodeIndex neighbour : rows[queue_[i]])
          if (open_.test(neighbour)) {
            open_.reset(neighbour);
            visit_(neighbour, queue_[i], depth_);
            queue_[end++] = neighbour;
          }
    begin_ = std::exchange(end_, end);
  }

  void go_bottom_up() {
    Bitmap front(static_cast<NodeIndex>(queue_.size())), next(front);
    for (size_t i = begin_; i < end_; ++i) front.set(queue_[i]);
    int64_t size = static_cast<int64_t>(end_ - begin_), before = 0;
    do {
      before = std::exchange(size, bottom_up(front, next));
      std::swap(front, next);
    } while (size > 0 && !ended() && (size >= before || size > turn_back_below_));
    begin_ = end_;
    front.for_each([&](NodeIndex x) { queue_[end_++] = x; });
    just_turned_back_ = true;
  }

  // Returns how many nodes are in `next`. A node without edges is not looked at again.
  int64_t bottom_up(const Bitmap& front, Bitmap& next) {
    ++depth_;
    int64_t found = 0;
    for (size_t word = 0; word < open_.words.size(); ++word) {
      uint64_t reached = 0, dead = 0;
      for (uint64_t left = open_.words[word]; left != 0; left &= left - 1) {
        const auto node =
            static_cast<NodeIndex>(word * 64 + static_cast<size_t>(std::countr_zero(left)));
        const NodeIndex parent = parent_in(front, node);
        if (parent >= 0) {
          reached |= left & -left;
          visit_(node, parent, depth_);
        } else if (parent == kNoEdges) {
          dead |= left & -left;
        }
      }
      next.words[word] = reached;
      open_.words[word] &= ~(reached | dead);
      found += std::popcount(reached);
    }
    return found;
  }

  static constexpr NodeIndex kNotYet = -1, kNoEdges = -2;

  NodeIndex parent_in(const Bitmap& front, NodeIndex node) const {
    NodeIndex none = kNoEdges;
    for (const Rows& rows : backward_)
      for (const NodeIndex neighbour : rows[node]) {
        if (front.test(neighbour)) return neighbour;
        none = kNotYet;
      }
    return none;
  }

  Sides forward_, backward_;
  Visit visit_;
  int64_t edges_left_, turn_back_below_;
  Bitmap open_;                   // may still be reached
  std::vector<NodeIndex> queue_;  // [begin_, end_) is the frontier
  size_t begin_ = 0, end_ = 0;
  int32_t depth_ = 0, most_depth_ = 0;
  NodeIndex until_ = -1;
  bool just_turned_back_ = false;
};

template <typename Visit>
void search(const View& view,
            std::span<const NodeIndex> sources,
            const BfsOptions& options,
            Visit visit) {
  view.verify();
  for (const NodeIndex source : sources) check_node(view, source, "a source of the search");
  if (options.until) check_node(view, *options.until, "the end of the search");
  const Rows out = out_rows(view), in = in_rows(view);
  switch (options.direction) {
    case Direction::Out:
      return Search<1, Visit>(view, {out}, {in}, visit).run(sources, options);
    case Direction::In:
      return Search<1, Visit>(view, {in}, {out}, visit).run(sources, options);
    case Direction::Both:
      return Search<2, Visit>(view, {out, in}, {in, out}, visit).run(sources, options);
  }
}

}  // namespace

std::vector<int32_t> bfs_depths(const View& view,
                                std::span<const NodeIndex> sources,
                                const BfsOptions& options) {
  std::vector<int32_t> depths(static_cast<size_t>(view.nodes()), -1);
  search(view, sources, options, [at = depths.data()](NodeIndex node, NodeIndex, int32_t depth) {
    at[node] = depth;
  });
  return depths;
}

std::vector<NodeIndex> bfs_parents(const View& view,
                                   std::span<const NodeIndex> sources,
                                   const BfsOptions& options) {
  std::vector<NodeIndex> parents(static_cast<size_t>(view.nodes()), -1);
  search(view, sources, options, [at = parents.data()](NodeIndex node, NodeIndex parent, int32_t) {
    at[node] = parent;
  });
  return parents;
}

Neighbourhood k_hop(const View& view,
                    std::span<const NodeIndex> sources,
                    int32_t hops,
                    Direction direction) {
  if (!(hops >= 0))
    throw std::invalid_argument("hops = " + std::to_string(hops) + ", allowed 0 and above");
  Bitmap seen(view.nodes());
  Neighbourhood found;
  const auto take = [&](NodeIndex node) {
    if (seen.test(node)) return;
    seen.set(node);
    found.nodes.push_back(node);
  };
  const auto end_hop = [&] {
    std::sort(found.nodes.begin() + static_cast<ptrdiff_t>(found.hop_ptr.back()),
              found.nodes.end());
    found.hop_ptr.push_back(found.nodes.size());
  };
  found.hop_ptr.push_back(0);
  for (const NodeIndex source : sources) {
    check_node(view, source, "a source of the neighbourhood");
    take(source);
  }
  end_hop();
  for (int32_t hop = 0; hop < hops; ++hop) {
    const size_t begin = found.hop_ptr[found.hop_ptr.size() - 2], end = found.hop_ptr.back();
    for (size_t i = begin; i < end; ++i) {
      const NodeIndex node = found.nodes[i];
      if (direction != Direction::In) std::ranges::for_each(view.out(node).targets, take);
      if (direction != Direction::Out) std::ranges::for_each(view.in(node).sources, take);
    }
    if (found.nodes.size() == end) break;
    end_hop();
  }
  return found;
}

}  // namespace saggio::graph
