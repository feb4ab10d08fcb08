// SPDX-License-Identifier: MIT
#include "graph/layout/point.h"

#include <stdexcept>
#include <string>

namespace saggio::graph {
float radius(std::span<const Point> points) {
  double count = 0, sum[3] = {}, squares = 0;
  for (const Point& p : points) {
    if (!is_placed(p)) continue;
    const double at[3] = {p.x, p.y, p.z};
    ++count;
    for (int axis = 0; axis < 3; ++axis) {
      sum[axis] += at[axis];
      squares += at[axis] * at[axis];
    }
  }
  if (count == 0) return 0;
  for (const double s : sum) squares -= s * s / count;
  return static_cast<float>(std::sqrt(std::max(0.0, squares / count)));
}

std::vector<Point> carried_over(const View& before,
                                std::span<const Point> points,
                                const View& now) {
  if (points.size() != static_cast<size_t>(before.nodes()))
    throw std::invalid_argument("carried_over: " + std::to_string(points.size()) +
                                " positions for a view of " + std::to_string(before.nodes()) +
                                " nodes; give one for each");
  const auto from = before.arrays().node_ids, to = now.arrays().node_ids;
  std::vector<Point> result(to.size(), kNowhere);
  for (size_t i = 0, j = 0; i < from.size() && j < to.size();) {
    if (from[i] == to[j]) result[j] = points[i];
    const bool advance_from = from[i] <= to[j], advance_to = to[j] <= from[i];
    i += advance_from;
    j += advance_to;
  }
  return result;
}

}  // namespace saggio::graph
