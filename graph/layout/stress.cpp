// SPDX-License-Identifier: MIT
#include "graph/layout/stress.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace saggio::graph {
namespace {

// Nodes whose draw is smallest.
std::vector<NodeIndex> drawn(NodeIndex nodes, size_t count, uint64_t seed) {
  std::vector<NodeIndex> all(static_cast<size_t>(nodes));
  std::iota(all.begin(), all.end(), 0);
  if (all.size() <= count) return all;
  const auto key = [seed](NodeIndex x) {
    const Point p = scatter(seed, static_cast<uint64_t>(x));
    return std::tuple(p.x, p.y, x);
  };
  std::nth_element(all.begin(),
                   all.begin() + static_cast<std::ptrdiff_t>(count),
                   all.end(),
                   [&](NodeIndex a, NodeIndex b) { return key(a) < key(b); });
  all.resize(count);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

Stress stress_of(const Neighbours& neighbours,
                 std::span<const Point> points,
                 size_t sources,
                 uint64_t seed) {
  if (points.size() != static_cast<size_t>(neighbours.nodes()))
    throw std::invalid_argument("stress_of: " + std::to_string(points.size()) +
                                " positions for a graph of " + std::to_string(neighbours.nodes()) +
                                " nodes; give one for each");
  std::vector<int32_t> depth(points.size(), -1);
  std::vector<NodeIndex> reached;
  double ratios = 0, squares = 0;  // of d / D
  Stress result;
  for (const NodeIndex source : drawn(neighbours.nodes(), sources, seed)) {
    hops_from(neighbours, source, depth, reached);
    for (const NodeIndex x : reached) {
      const int32_t hops = std::exchange(depth[static_cast<size_t>(x)], -1);
      if (hops == 0) continue;
      const Point apart = points[static_cast<size_t>(x)] - points[static_cast<size_t>(source)];
      const double ratio = double{length(apart)} / hops;
      ratios += ratio;
      squares += ratio * ratio;
      ++result.pairs;
    }
  }
  // mean of (s r - 1)^2 is least at s = sum r / sum r^2, where it is 1 - s sum r / n.
  if (result.pairs == 0) return result;
  const auto pairs = static_cast<double>(result.pairs);
  result.scale = squares > 0 ? ratios / squares : 0;
  result.stress = std::max(0.0, 1 - result.scale * ratios / pairs);
  return result;
}

}  // namespace saggio::graph
