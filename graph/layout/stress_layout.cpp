// SPDX-License-Identifier: MIT
#include "graph/layout/stress_layout.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "graph/layout/loops/loops.h"
#include "graph/layout/pivots.h"
#include "graph/layout/start.h"

namespace saggio::graph {
namespace {

constexpr double kStill = 0.001;  // a mean move, at which nothing more is to be gained
// Times the way to where its pairs want a node: below 2 stress never rises (de Leeuw, Heiser 1980),
// and above 1 what is large bends sooner.
constexpr float kRelaxed = 1.7F;

// The pairs of each node with the pivots: hops, and the weight of the pair, in rows of `stride`,
// which is a multiple of eight; what fills up weighs nothing. And where the pivots are.
struct Pairs {
  size_t stride = 0;
  std::vector<int32_t> pivot_of;  // [N] a node's number among the pivots, or -1
  std::vector<float> hops, weight;
  std::vector<float> x, y, z;

  void put(size_t pivot, const Point& at) {
    x[pivot] = at.x;
    y[pivot] = at.y;
    z[pivot] = at.z;
  }
  Wishes of(size_t node) const {
    const size_t row = node * stride;
    return {x.data(), y.data(), z.data(), hops.data() + row, weight.data() + row, stride};
  }
};

// How many nodes of each pivot's region, those that are nearest to it, lie within so many hops of
// it.
std::vector<std::vector<float>> regions(const Pivots& pivots, Asker& asker) {
  const size_t nodes = pivots.hops[0].size();
  std::vector<size_t> nearest(nodes, 0);
  for (size_t p = 1; p < pivots.nodes.size(); ++p) {
    asker.did(nodes);
    for (size_t i = 0; i < nodes; ++i)
      if (pivots.hops[p][i] < pivots.hops[nearest[i]][i]) nearest[i] = p;
  }
  std::vector<std::vector<float>> within(pivots.nodes.size());
  for (size_t i = 0; i < nodes; ++i) {
    std::vector<float>& region = within[nearest[i]];
    const auto hops = static_cast<size_t>(pivots.hops[nearest[i]][i]);
    if (region.size() <= hops) region.resize(hops + 1);
    ++region[hops];
  }
  for (std::vector<float>& region : within)
    for (size_t h = 1; h < region.size(); ++h) region[h] += region[h - 1];
  return within;
}

// A pivot weighs as much as there are nodes of its region within half of the way (the paper's
// s_ip). Neighbours are counted as such, and not once more.
Pairs pairs_of(const Pivots& pivots, std::span<const Point> points, Asker& asker) {
  const std::vector<std::vector<float>> within = regions(pivots, asker);
  Pairs pairs{.stride = (pivots.nodes.size() + 7) / 8 * 8,
              .pivot_of = std::vector<int32_t>(points.size(), -1)};
  for (std::vector<float>* column : {&pairs.hops, &pairs.weight})
    column->resize(points.size() * pairs.stride);
  for (std::vector<float>* column : {&pairs.x, &pairs.y, &pairs.z}) column->resize(pairs.stride);
  for (size_t p = 0; p < pivots.nodes.size(); ++p) {
    const auto node = static_cast<size_t>(pivots.nodes[p]);
    pairs.pivot_of[node] = static_cast<int32_t>(p);
    pairs.put(p, points[node]);
    asker.did(points.size());
    for (size_t i = 0; i < points.size(); ++i) {
      const float hops = pivots.hops[p][i];
      const size_t half = std::min(static_cast<size_t>(hops) / 2, within[p].size() - 1);
      pairs.hops[i * pairs.stride + p] = hops;
      pairs.weight[i * pairs.stride + p] = hops > 1 ? within[p][half] / (hops * hops) : 0;
    }
  }
  return pairs;
}

// Moves every node once to where its pairs want it; returns how far on average.
double sweep(const Neighbours& connected, Pairs& pairs, std::vector<Point>& points, Asker& asker) {
  const LayoutLoops& loops = layout_loops();
  double moved = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const Point at = points[i];
    float sum[4] = {};
    asker.did(connected[static_cast<NodeIndex>(i)].size() + pairs.stride / 8);
    for (const NodeIndex neighbour : connected[static_cast<NodeIndex>(i)]) {
      const Point& other = points[static_cast<size_t>(neighbour)];
      const float distance = length(at - other), ratio = distance > 0 ? 1 / distance : 0;
      sum[0] += other.x + ratio * (at.x - other.x);
      sum[1] += other.y + ratio * (at.y - other.y);
      sum[2] += other.z + ratio * (at.z - other.z);
      sum[3] += 1;
    }
    loops.wish({at.x, at.y, at.z}, pairs.of(i), sum);
    if (!(sum[3] > 0)) continue;  // alone
    const Point wanted{sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]};
    points[i] = at + kRelaxed * (wanted - at);
    if (pairs.pivot_of[i] >= 0) pairs.put(static_cast<size_t>(pairs.pivot_of[i]), points[i]);
    moved += double{length(points[i] - at)};
  }
  return moved / static_cast<double>(points.size());
}

}  // namespace

std::vector<Point> with_little_stress(const Neighbours& connected, const StressOptions& options) {
  const Pivots pivots = choose_pivots(connected, options.pivots, options.stop);
  std::vector<Point> points = scaled_hops(connected, pivots, options.dimensions, options.stop);
  for (size_t i = 0; i < points.size(); ++i) {
    Point noise = 0.1F * scatter(options.seed, i);
    if (options.dimensions == 2) noise.z = 0;
    points[i] = points[i] + noise;
  }
  Asker asker(options.stop);
  Pairs pairs = pairs_of(pivots, points, asker);
  for (int i = 0; i < options.most_sweeps; ++i)
    if (sweep(connected, pairs, points, asker) < kStill) break;
  return points;
}

std::vector<Point> stress_layout(const View& view, const StressOptions& options) {
  if (!(options.dimensions == 2 || options.dimensions == 3) || options.pivots < 1 ||
      options.most_sweeps < 0)
    throw std::invalid_argument(
        "stress layout: dimensions = " + std::to_string(options.dimensions) + ", pivots = " +
        std::to_string(options.pivots) + ", most_sweeps = " + std::to_string(options.most_sweeps) +
        ", allowed: 2 or 3, 1 and above, 0 and above");
  const Neighbours neighbours = neighbours_of(view, options.stop);
  return drawn_by_component(
      neighbours,
      components_of(neighbours, options.stop),
      options.dimensions,
      [&](const Neighbours& connected) { return with_little_stress(connected, options); });
}

}  // namespace saggio::graph
