// SPDX-License-Identifier: MIT
#include "graph/layout/curve.h"

#include <algorithm>
#include <array>

#include "graph/interrupt.h"
#include "graph/parallel.h"

namespace saggio::graph {
namespace {

constexpr float kReach = 3.5F;   // of the cube to each side, in root mean squares
constexpr size_t kChunk = 4096;  // points that one thread takes at a time

struct None {};

Cells cells_for(std::span<const Point> points) {
  double sum[3] = {};
  for (const Point& p : points) {
    sum[0] += p.x;
    sum[1] += p.y;
    sum[2] += p.z;
  }
  const float reach = kReach * radius(points);
  Cells cells{{}, reach > 0 ? (1 << kCellBits) / (2 * reach) : 0};
  for (int axis = 0; axis < 3; ++axis)
    cells.low[axis] = static_cast<float>(sum[axis] / static_cast<double>(points.size())) - reach;
  return cells;
}

void sort(std::vector<uint64_t>& keys, const std::stop_token& stop) {
  static_assert(sizeof(uint64_t) * 8 >= 32 + 3 * kCellBits);
  std::vector<uint64_t> other(keys.size());
  for (int digit = 0; digit < 3; ++digit) {
    ask(stop);
    const int shift = 32 + digit * kCellBits;
    const auto bucket = [shift](uint64_t key) { return key >> shift & ((1U << kCellBits) - 1); };
    std::array<uint32_t, (1U << kCellBits) + 1> begin{};
    for (const uint64_t key : keys) ++begin[bucket(key) + 1];
    for (size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    for (const uint64_t key : keys) other[begin[bucket(key)]++] = key;
    keys.swap(other);
  }
}

}  // namespace

std::vector<uint32_t> along_curve(const LayoutLoops& loops,
                                  std::span<const Point> points,
                                  size_t threads,
                                  const std::stop_token& stop) {
  static_assert(sizeof(Point) == 3 * sizeof(float));
  const Cells cells = cells_for(points);
  std::vector<uint64_t> keys(points.size());
  in_parallel<None>(threads, (points.size() + kChunk - 1) / kChunk, [&](size_t chunk, None&) {
    ask(stop);
    const size_t first = chunk * kChunk;
    loops.keys(&points[first].x,
               std::min(kChunk, points.size() - first),
               static_cast<uint32_t>(first),
               cells,
               &keys[first]);
  });
  sort(keys, stop);
  return {keys.begin(), keys.end()};
}

}  // namespace saggio::graph
