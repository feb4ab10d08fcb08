// SPDX-License-Identifier: MIT
#include "graph/layout/start.h"

#include <algorithm>
#include <numeric>

#include "graph/layout/pivots.h"
#include "graph/layout/stress_layout.h"

namespace saggio::graph {
namespace {

// A start with little stress takes about as long as fifteen steps of the layout, so few are its
// pairs of nodes and pivots, and its sweeps.
constexpr size_t kPairs = 500'000, kFewestPivots = 50, kMostPivots = 200;
constexpr int kSweeps = 40;
constexpr size_t kBegunByHops = 200'000;  // nodes for which there are too few pivots, of so many

// In unit length; evenly over all directions as `i` goes on (Fibonacci lattice).
Point direction(size_t i, size_t count, int dimensions) {
  constexpr double kGolden = 2.399963229728653;  // the golden angle
  const double turn = kGolden * static_cast<double>(i);
  const double z =
      dimensions == 2 ? 0 : 1 - (2 * static_cast<double>(i) + 1) / static_cast<double>(count);
  const double flat = std::sqrt(1 - z * z);
  return {static_cast<float>(flat * std::cos(turn)),
          static_cast<float>(flat * std::sin(turn)),
          static_cast<float>(z)};
}

// Of a ball, or a disc, in which so many nodes lie 1 apart.
double room(double nodes, int dimensions) {
  return 0.6 * (dimensions == 2 ? std::sqrt(nodes) : std::cbrt(nodes));
}

Point flat_if(int dimensions, Point p) {
  if (dimensions == 2) p.z = 0;
  return p;
}

Point mean(std::span<const Point> points) {
  double sum[3] = {};
  for (const Point& p : points) {
    sum[0] += p.x;
    sum[1] += p.y;
    sum[2] += p.z;
  }
  const double share = points.empty() ? 0 : 1 / static_cast<double>(points.size());
  return {static_cast<float>(sum[0] * share),
          static_cast<float>(sum[1] * share),
          static_cast<float>(sum[2] * share)};
}

// One component by itself, its nodes numbered as they stand in `components`.
Neighbours part(const Neighbours& neighbours,
                std::span<const NodeIndex> members,
                std::span<const NodeIndex> number) {
  Neighbours result{{0}, {}};
  for (const NodeIndex x : members) {
    for (const NodeIndex y : neighbours[x]) result.to.push_back(number[static_cast<size_t>(y)]);
    result.ptr.push_back(static_cast<int64_t>(result.to.size()));
  }
  return result;
}

std::vector<NodeIndex> numbers_in(const Components& components) {
  std::vector<NodeIndex> result(components.nodes.size());
  for (size_t c = 0; c < components.count(); ++c)
    for (size_t i = 0; i < components[c].size(); ++i)
      result[static_cast<size_t>(components[c][i])] = static_cast<NodeIndex>(i);
  return result;
}

}  // namespace

Components components_of(const Neighbours& neighbours, const std::stop_token& stop) {
  const auto count = static_cast<size_t>(neighbours.nodes());
  std::vector<int32_t> depth(count, -1);
  std::vector<NodeIndex> nodes, reached;
  std::vector<size_t> begin{0};
  for (NodeIndex x = 0; x < neighbours.nodes(); ++x) {
    if (depth[static_cast<size_t>(x)] >= 0) continue;
    hops_from(neighbours, x, depth, reached, stop);
    nodes.insert(nodes.end(), reached.begin(), reached.end());
    begin.push_back(nodes.size());
  }
  std::vector<size_t> by_size(begin.size() - 1);
  std::iota(by_size.begin(), by_size.end(), size_t{0});
  Asker asker(stop);
  const auto larger = [&](size_t a, size_t b) {
    return begin[a + 1] - begin[a] > begin[b + 1] - begin[b];
  };
  std::stable_sort(by_size.begin(), by_size.end(), asker.counted(larger));
  Components result{std::vector<int32_t>(count), {0}, {}};
  result.nodes.reserve(count);
  for (const size_t old : by_size) {
    for (size_t i = begin[old]; i < begin[old + 1]; ++i) {
      asker.did();
      result.of[static_cast<size_t>(nodes[i])] = static_cast<int32_t>(result.begin.size() - 1);
      result.nodes.push_back(nodes[i]);
    }
    result.begin.push_back(result.nodes.size());
  }
  return result;
}

std::vector<Point> drawn_by_component(const Neighbours& neighbours,
                                      const Components& components,
                                      int dimensions,
                                      const DrawComponent& draw) {
  std::vector<Point> result(static_cast<size_t>(neighbours.nodes()));
  const std::vector<NodeIndex> number = numbers_in(components);
  double placed = 0;
  for (size_t c = 0; c < components.count(); ++c) {
    const std::span<const NodeIndex> members = components[c];
    const std::vector<Point> shape = draw(part(neighbours, members, number));
    const auto own = static_cast<double>(members.size());
    const double out = c == 0 ? 0 : room(placed, dimensions) + room(own, dimensions) + 1;
    const Point at = static_cast<float>(out) * direction(c, components.count(), dimensions);
    const Point shift = at - mean(shape);
    for (size_t i = 0; i < members.size(); ++i)
      result[static_cast<size_t>(members[i])] = shape[i] + shift;
    placed += own;
  }
  return result;
}

std::vector<Point> starting_points(const Neighbours& neighbours,
                                   const Components& components,
                                   int dimensions,
                                   uint64_t seed,
                                   const std::stop_token& stop) {
  const auto draw = [&](const Neighbours& connected) {
    const auto nodes = static_cast<size_t>(connected.nodes());
    const size_t pivots = std::clamp(kPairs / nodes, kFewestPivots, kMostPivots);
    if (nodes < kBegunByHops)
      return with_little_stress(connected,
                                {.dimensions = dimensions,
                                 .pivots = pivots,
                                 .most_sweeps = kSweeps,
                                 .seed = seed,
                                 .stop = stop});
    return scaled_hops(connected, choose_pivots(connected, pivots, stop), dimensions, stop);
  };
  std::vector<Point> result = drawn_by_component(neighbours, components, dimensions, draw);
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = result[i] + flat_if(dimensions, 0.3F * scatter(seed, i));
  return result;
}

void place_new(const Neighbours& neighbours,
               const Components& components,
               int dimensions,
               uint64_t seed,
               std::span<Point> points,
               const std::stop_token& stop) {
  std::vector<NodeIndex> known;
  std::vector<Point> known_points;
  for (NodeIndex x = 0; x < neighbours.nodes(); ++x)
    if (is_placed(points[static_cast<size_t>(x)])) {
      known.push_back(x);
      known_points.push_back(points[static_cast<size_t>(x)]);
    }
  const Point middle = mean(known_points);
  const float out = 1 + 1.5F * radius(known_points);
  const auto place = [&](NodeIndex x, const Point& from) {
    const Point noise = scatter(seed, static_cast<uint64_t>(x));
    const Point away = from - middle;
    points[static_cast<size_t>(x)] =
        from + flat_if(dimensions, 0.5F * noise) + (1 / (1 + length(away))) * away;
    known.push_back(x);
  };
  const auto near_neighbours = [&](NodeIndex x) {
    std::vector<Point> around;
    for (const NodeIndex y : neighbours[x])
      if (is_placed(points[static_cast<size_t>(y)]))
        around.push_back(points[static_cast<size_t>(y)]);
    return mean(around);
  };
  size_t followed = 0;
  const auto follow = [&] {
    const auto left = [&] { return known.size() - followed; };
    asking(stop, left, [&](size_t i) {
      for (const NodeIndex y : neighbours[known[followed + i]])
        if (!is_placed(points[static_cast<size_t>(y)])) place(y, near_neighbours(y));
    });
    followed = known.size();
  };
  follow();
  for (size_t c = 0; c < components.count(); ++c) {
    const NodeIndex first = components[c][0];
    if (is_placed(points[static_cast<size_t>(first)])) continue;
    place(first, middle + out * direction(c, components.count(), dimensions));
    follow();
  }
}

}  // namespace saggio::graph
