// SPDX-License-Identifier: MIT
#include "graph/layout/pack.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "graph/interrupt.h"

namespace saggio::graph {
namespace {

constexpr float kGap = 1;

struct Frame {
  float left = std::numeric_limits<float>::max(), right = -left, bottom = left, top = -left;
  float width() const { return right - left; }
  float height() const { return top - bottom; }
};

}  // namespace

void pack_parts(std::span<const int32_t> part_of,
                size_t parts,
                std::span<Point> points,
                const std::stop_token& stop) {
  Asker asker(stop);
  std::vector<Frame> frames(parts);
  for (size_t i = 0; i < points.size(); ++i) {
    asker.did();
    Frame& frame = frames[static_cast<size_t>(part_of[i])];
    frame.left = std::min(frame.left, points[i].x);
    frame.right = std::max(frame.right, points[i].x);
    frame.bottom = std::min(frame.bottom, points[i].y);
    frame.top = std::max(frame.top, points[i].y);
  }
  std::vector<size_t> order(parts);
  std::iota(order.begin(), order.end(), size_t{0});
  const auto taller = [&](size_t a, size_t b) { return frames[a].height() > frames[b].height(); };
  std::stable_sort(order.begin(), order.end(), asker.counted(taller));
  double area = 0;
  float widest = 0;
  for (const Frame& frame : frames) {
    area += (double{frame.width()} + kGap) * (double{frame.height()} + kGap);
    widest = std::max(widest, frame.width());
  }
  const float shelf = std::max(widest, static_cast<float>(std::sqrt(area)));
  std::vector<Point> shift(parts);
  float x = 0, y = 0, height = 0;
  for (const size_t part : order) {
    asker.did();
    const Frame& frame = frames[part];
    if (x > 0 && x + frame.width() > shelf) {
      y -= height + kGap;
      x = height = 0;
    }
    shift[part] = {x - frame.left, y - frame.top, 0};
    x += frame.width() + kGap;
    height = std::max(height, frame.height());
  }
  for (size_t i = 0; i < points.size(); ++i)
    points[i] = points[i] + shift[static_cast<size_t>(part_of[i])];
}

}  // namespace saggio::graph
