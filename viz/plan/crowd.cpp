// SPDX-License-Identifier: MIT
#include "viz/plan/crowd.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "viz/plan/curve.h"

namespace saggio::viz {
namespace {

constexpr size_t kLooked = 2000;  // threads that an estimate looks at

// Pixels of a segment within the viewport.
float length_within(const Viewport& viewport, const Projected& a, const Projected& b) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  float from = 0, to = 1;
  const auto cut = [&](float begin, float step, float most) {
    if (step == 0) {
      if (begin < 0 || begin > most) to = -1;
      return;
    }
    const float enter = -begin / step, leave = (most - begin) / step;
    from = std::max(from, std::min(enter, leave));
    to = std::min(to, std::max(enter, leave));
  };
  cut(a.x, dx, viewport.width);
  cut(a.y, dy, viewport.height);
  return std::max(0.f, to - from) * std::hypot(dx, dy);
}

constexpr int kPieces = 48;  // of a loop

using LoopCurve = std::array<Point, 4>;

// Calls visit(from, to) for each straight piece of a thread in the picture, Projected both; of a
// loop, if it is worth it.
template <typename Visit, typename Worth>
void for_each_piece(const Thread& t,
                    const Projection& projection,
                    float unit,
                    const Worth& worth,
                    const Visit& visit) {
  if (t.reach == 0) {
    if (const auto seen = projection({t.ax, t.ay, t.az}, {t.bx, t.by, t.bz}))
      visit(seen->first, seen->second);
    return;
  }
  const auto at = projection({t.ax, t.ay, t.az});
  if (!at) return;
  const LoopCurve curve = loop_curve(*at, t.bx, t.reach, unit);
  if (!worth(curve)) return;
  Projected from = *at, to = *at;
  const auto go = [&](Projected& end, int piece) {
    const Point point = point_on(curve, static_cast<float>(piece) / kPieces);
    end.x = point.x;
    end.y = point.y;
  };
  for (int piece = 0; piece < kPieces; ++piece) {
    go(from, piece);
    go(to, piece + 1);
    visit(from, to);
  }
}

}  // namespace

Exposure exposure_of(
    const Crowd& crowd, size_t step, const Camera& camera, const Viewport& viewport, float unit) {
  const size_t threads = crowd.threads.size();
  const size_t wide = std::max(step, sample_step(threads, kLooked));
  const Projection projection(camera, viewport);
  double pixels = 0;
  for (size_t i = 0; i < sample_size(threads, wide); ++i) {
    const size_t at = sampled(i, wide);
    if (at >= threads || crowd.threads[at].id == 0) continue;
    for_each_piece(
        crowd.threads[at],
        projection,
        unit,
        [](const LoopCurve&) { return true; },
        [&](const Projected& p, const Projected& q) { pixels += length_within(viewport, p, q); });
  }
  const double on_a_pixel = pixels * static_cast<double>(wide) / static_cast<double>(step) /
                            (double{viewport.width} * viewport.height);
  const auto crowded = static_cast<float>(std::log2(1 + 20 * on_a_pixel));
  const float one = std::clamp(0.5f - 0.055f * crowded, 0.06f, 0.5f);
  return {one, (0.9f - one) / (4 + crowded)};
}

NearThread nearest_thread(const Crowd& crowd,
                          size_t step,
                          const Projection& projection,
                          float unit,
                          float x,
                          float y,
                          float reach) {
  PickId best = 0;
  float nearest = reach * reach, best_depth = INFINITY;
  const auto may_be_near = [&](const LoopCurve& curve) {  // it lies between its points
    const auto [left, right] = std::minmax({curve[0].x, curve[1].x, curve[2].x, curve[3].x});
    const auto [top, bottom] = std::minmax({curve[0].y, curve[1].y, curve[2].y, curve[3].y});
    return x >= left - reach && x <= right + reach && y >= top - reach && y <= bottom + reach;
  };
  for (size_t i = 0; i < sample_size(crowd.threads.size(), step); ++i) {
    const size_t number = sampled(i, step);
    if (number >= crowd.threads.size() || crowd.threads[number].id == 0) continue;
    const auto look = [&](const Projected& a, const Projected& b) {
      const float dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
      float along = square > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / square : 0;
      along = std::clamp(along, 0.f, 1.f);
      const float right = a.x + along * dx - x, down = a.y + along * dy - y;
      const float distance = right * right + down * down;
      if (!(distance <= nearest)) return;
      const float depth = a.depth + along * (b.depth - a.depth);
      if (distance == nearest && !(depth < best_depth)) return;
      best = crowd.threads[number].id;
      nearest = distance;
      best_depth = depth;
    };
    for_each_piece(crowd.threads[number], projection, unit, may_be_near, look);
  }
  return {best, std::sqrt(nearest)};
}

}  // namespace saggio::viz
