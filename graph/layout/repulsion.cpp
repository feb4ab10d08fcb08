// SPDX-License-Identifier: MIT
#include "graph/layout/repulsion.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "graph/interrupt.h"
#include "graph/layout/curve.h"
#include "graph/parallel.h"

namespace saggio::graph {
namespace {

constexpr size_t kBlocksAtOnce = 16;  // that a thread takes

size_t blocks_of(size_t points) { return (points + kBlock - 1) / kBlock; }

struct None {};

// act(block, scratch) for all blocks.
template <typename Scratch, typename Act>
void for_blocks(size_t threads, size_t blocks, const std::stop_token& stop, const Act& act) {
  const size_t chunks = (blocks + kBlocksAtOnce - 1) / kBlocksAtOnce;
  in_parallel<Scratch>(threads, chunks, [&](size_t chunk, Scratch& scratch) {
    ask(stop);
    const size_t end = std::min(blocks, (chunk + 1) * kBlocksAtOnce);
    for (size_t block = chunk * kBlocksAtOnce; block < end; ++block) act(block, scratch);
  });
}

}  // namespace

void Repulsion::Level::resize(size_t count) {
  const size_t padded = (count + kChildren - 1) / kChildren * kChildren;
  nodes = count;
  for (std::vector<float>* column : {&x, &y, &z, &mass}) column->assign(padded, 0);
  reach.assign(padded, -1);  // what fills up is far from everything, and weighs nothing
}

// From its eight children, which lie at kChildren times its number; `reach` of bodies is null.
void Repulsion::Level::measure(size_t node, const TreeLevel& children) {
  const size_t first = node * kChildren;
  double sum[3] = {}, weight = 0, squares = 0;
  for (size_t c = first; c < first + kChildren; ++c) {
    sum[0] += double{children.mass[c]} * children.x[c];
    sum[1] += double{children.mass[c]} * children.y[c];
    sum[2] += double{children.mass[c]} * children.z[c];
    weight += children.mass[c];
  }
  const bool empty = weight == 0;  // bodies that fill up, all at one place
  x[node] = empty ? children.x[first] : static_cast<float>(sum[0] / weight);
  y[node] = empty ? children.y[first] : static_cast<float>(sum[1] / weight);
  z[node] = empty ? children.z[first] : static_cast<float>(sum[2] / weight);
  mass[node] = static_cast<float>(weight);
  for (size_t c = first; c < first + kChildren; ++c) {
    const float dx = children.x[c] - x[node], dy = children.y[c] - y[node];
    const float dz = children.z[c] - z[node];
    const float own = children.reach ? children.reach[c] : 0;
    squares += double{children.mass[c]} * double{own + dx * dx + dy * dy + dz * dz};
  }
  reach[node] = empty ? 0 : static_cast<float>(squares / weight);
}

Sources Repulsion::bodies(size_t block, size_t count) const {
  const size_t first = block * kBlock;
  return {x_.data() + first, y_.data() + first, z_.data() + first, mass_.data() + first, count};
}

// Fills up with copies of the last point that weigh nothing.
void Repulsion::place(std::span<const Point> points, size_t threads, const std::stop_token& stop) {
  const size_t blocks = blocks_of(points.size());
  for (std::vector<float>* column : {&x_, &y_, &z_}) column->resize(blocks * kBlock);
  mass_.assign(blocks * kBlock, 1);
  std::fill(mass_.begin() + static_cast<std::ptrdiff_t>(points.size()), mass_.end(), 0.F);
  for_blocks<None>(threads, blocks, stop, [&](size_t block, None&) {
    for (size_t i = block * kBlock; i < (block + 1) * kBlock; ++i) {
      const Point& p = points[order_[std::min(i, points.size() - 1)]];
      x_[i] = p.x;
      y_[i] = p.y;
      z_[i] = p.z;
    }
  });
}

void Repulsion::build(float theta, size_t threads, const std::stop_token& stop) {
  constexpr size_t kLeaves = kBlock / kChildren;
  const TreeLevel points{x_.data(), y_.data(), z_.data(), mass_.data(), nullptr};
  levels_.resize(1);
  levels_[0].resize(x_.size() / kChildren);
  for_blocks<None>(threads, x_.size() / kBlock, stop, [&](size_t block, None&) {
    for (size_t leaf = block * kLeaves; leaf < (block + 1) * kLeaves; ++leaf)
      levels_[0].measure(leaf, points);
  });
  while (levels_.back().nodes > kChildren) {
    levels_.emplace_back();
    const Level& below = levels_[levels_.size() - 2];
    levels_.back().resize((below.nodes + kChildren - 1) / kChildren);
    for (size_t node = 0; node < levels_.back().nodes; ++node)
      levels_.back().measure(node, below.columns());
  }
  for (Level& level : levels_)
    for (float& reach : level.reach) reach *= width_ / (theta * theta);
}

// All that drives a box's points away goes to the columns of scratch, the points of near leaves one
// by one; returns how many.
size_t Repulsion::collect(const Box& box, Scratch& scratch) const {
  size_t taken = 0;
  scratch.parents.assign(1, 0);
  for (size_t level = levels_.size(); level-- > 0;) {
    const size_t most = scratch.parents.size() * kChildren;
    scratch.make_room(taken + most + 1);
    if (scratch.opened.size() < most + 1) scratch.opened.resize(2 * most + 1);
    Split split{scratch.x.data(),
                scratch.y.data(),
                scratch.z.data(),
                scratch.mass.data(),
                taken,
                scratch.opened.data(),
                0};
    loops_->split(
        levels_[level].columns(), box, scratch.parents.data(), scratch.parents.size(), split);
    taken = split.taken;
    scratch.parents.assign(
        scratch.opened.begin(),
        scratch.opened.begin() + static_cast<std::ptrdiff_t>(split.opened_count));
  }
  scratch.make_room(taken + scratch.parents.size() * kChildren);
  for (const uint32_t leaf : scratch.parents) {
    const size_t first = leaf * kChildren;
    std::copy_n(x_.data() + first, kChildren, scratch.x.data() + taken);
    std::copy_n(y_.data() + first, kChildren, scratch.y.data() + taken);
    std::copy_n(z_.data() + first, kChildren, scratch.z.data() + taken);
    std::copy_n(mass_.data() + first, kChildren, scratch.mass.data() + taken);
    taken += kChildren;
  }
  return taken;
}

void Repulsion::Scratch::make_room(size_t count) {
  for (std::vector<float>* column : {&x, &y, &z, &mass})
    if (column->size() < count) column->resize(2 * count);
}

Box Repulsion::box_of(size_t block) const {
  const float* const axes[] = {x_.data(), y_.data(), z_.data()};
  Box box;
  for (int axis = 0; axis < 3; ++axis) {
    const float* const first = axes[axis] + block * kBlock;
    const auto [low, high] = std::minmax_element(first, first + kBlock);
    box.low[axis] = *low;
    box.high[axis] = *high;
  }
  return box;
}

void Repulsion::write(size_t block, const Scratch& scratch, std::span<Point> forces) const {
  for (size_t lane = 0; lane < kBlock && block * kBlock + lane < forces.size(); ++lane)
    forces[order_[block * kBlock + lane]] = {
        scratch.force[lane], scratch.force[kBlock + lane], scratch.force[2 * kBlock + lane]};
}

void Repulsion::exact(std::span<const Point> points, size_t threads, std::span<Point> forces) {
  if (points.empty()) return;
  order_.resize(points.size());
  std::iota(order_.begin(), order_.end(), 0U);
  place(points, 1);
  for_blocks<Scratch>(threads, blocks_of(points.size()), {}, [&](size_t block, Scratch& scratch) {
    std::memset(scratch.force, 0, sizeof scratch.force);
    repel_(bodies(block, kBlock), bodies(0, points.size()), scratch.force);
    write(block, scratch, forces);
  });
}

void Repulsion::approximate(std::span<const Point> points,
                            float theta,
                            size_t threads,
                            std::span<Point> forces,
                            const std::stop_token& stop) {
  if (points.empty()) return;
  order_ = along_curve(*loops_, points, threads, stop);
  place(points, threads, stop);
  build(theta, threads, stop);
  for_blocks<Scratch>(threads, blocks_of(points.size()), stop, [&](size_t block, Scratch& scratch) {
    const size_t taken = collect(box_of(block), scratch);
    std::memset(scratch.force, 0, sizeof scratch.force);
    repel_(bodies(block, kBlock),
           {scratch.x.data(), scratch.y.data(), scratch.z.data(), scratch.mass.data(), taken},
           scratch.force);
    write(block, scratch, forces);
  });
}

}  // namespace saggio::graph
