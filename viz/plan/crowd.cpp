// SPDX-License-Identifier: MIT
#include "viz/plan/crowd.h"

#include <algorithm>
#include <cmath>

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

}  // namespace

Exposure exposure_of(const Crowd& crowd,
                     size_t step,
                     const Camera& camera,
                     const Viewport& viewport) {
  const size_t threads = crowd.threads.size();
  const size_t wide = std::max(step, sample_step(threads, kLooked));
  const Projection projection(camera, viewport);
  double pixels = 0;
  for (size_t i = 0; i < sample_size(threads, wide); ++i) {
    const size_t at = sampled(i, wide);
    if (at >= threads || crowd.threads[at].id == 0) continue;
    const Thread& t = crowd.threads[at];
    if (const auto seen = projection({t.ax, t.ay, t.az}, {t.bx, t.by, t.bz}))
      pixels += length_within(viewport, seen->first, seen->second);
  }
  const double on_a_pixel = pixels * static_cast<double>(wide) / static_cast<double>(step) /
                            (double{viewport.width} * viewport.height);
  const auto crowded = static_cast<float>(std::log2(1 + 20 * on_a_pixel));
  const float one = std::clamp(0.5f - 0.055f * crowded, 0.06f, 0.5f);
  return {one, (0.9f - one) / (4 + crowded)};
}

NearThread nearest_thread(
    const Crowd& crowd, size_t step, const Projection& projection, float x, float y, float reach) {
  PickId best = 0;
  float nearest = reach * reach, best_depth = INFINITY;
  for (size_t i = 0; i < sample_size(crowd.threads.size(), step); ++i) {
    const size_t number = sampled(i, step);
    if (number >= crowd.threads.size() || crowd.threads[number].id == 0) continue;
    const Thread& t = crowd.threads[number];
    const auto seen = projection({t.ax, t.ay, t.az}, {t.bx, t.by, t.bz});
    if (!seen) continue;
    const auto& [a, b] = *seen;
    const float dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    float along = square > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / square : 0;
    along = std::clamp(along, 0.f, 1.f);
    const float right = a.x + along * dx - x, down = a.y + along * dy - y;
    const float distance = right * right + down * down;
    if (!(distance <= nearest)) continue;
    const float depth = a.depth + along * (b.depth - a.depth);
    if (distance == nearest && !(depth < best_depth)) continue;
    best = t.id;
    nearest = distance;
    best_depth = depth;
  }
  return {best, std::sqrt(nearest)};
}

}  // namespace saggio::viz
