// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "viz/plan/pages.h"
#include "viz/plan/plan.h"

// Elements that are too many to be drawn one by one: nodes as discs of which the nearest one wins
// each pixel, edges as what lies on a pixel altogether. They hold for every camera, so that they are
// brought to the device once.
namespace saggio::viz {

inline constexpr size_t kHues = 6;  // as many colours of edges are told apart in a crowd

// An edge from one middle to the other; of a loop, `a` is its node's middle, bx its radius.
struct Thread {
  float ax = 0, ay = 0, az = 0;
  float bx = 0, by = 0, bz = 0;
  PickId id = 0;
  uint16_t hue = 0;    // of Crowd::hues
  uint8_t weight = 0;  // 1 to 64: its opacity
  uint8_t reach = 0;   // of a loop, in radii, as a Line's bend; else 0
};
static_assert(sizeof(Thread) == 32);

// An id of 0 is a gap: nothing is drawn there.
struct Crowd {
  Pages<Ball> nodes;                          // in the order of their slots
  bool dimmed = false;                        // nodes hide nothing that is drawn one by one
  Pages<Thread> threads;                      // likewise
  size_t nodes_there = 0, threads_there = 0;  // without gaps
  size_t threads_in_all = 0;                  // of which `threads` may be a sample
  std::array<Rgba, kHues> hues{};
  size_t hue_count = kHues;  // so many of them are used
};

// A sample of what is numbered from 0 on, one of every `step`, a power of two: the number of the
// i-th. It is fair to all, holds the sample of a longer step, and the numbers stay when others are
// added; the last one may lie beyond the end.
inline size_t sampled(size_t i, size_t step) {
  for (; step > 1; step /= 2) {  // one of two, by a hash of which two they are
    uint32_t hash = static_cast<uint32_t>(i) * 2654435761u;
    hash = (hash ^ hash >> 15) * 2246822519u;
    i = 2 * i + (hash >> 31);
  }
  return i;
}
// How many of so many there are then, the last one included.
inline size_t sample_size(size_t count, size_t step) { return (count + step - 1) / step; }
// The shortest step that leaves at most so many.
inline size_t sample_step(size_t count, size_t most) {
  size_t step = 1;
  while (sample_size(count, step) > std::max<size_t>(most, 1)) step *= 2;
  return step;
}

// How dark one thread is drawn and by how much it grows with each doubling, so that neither few nor
// many of them on a pixel look empty or full. Estimated from a sample; the same for all parts of a
// picture.
struct Exposure {
  float one = 0, doubling = 0;  // opacity
};
Exposure exposure_of(
    const Crowd& crowd, size_t step, const Camera& camera, const Viewport& viewport, float unit);

// The thread of the sample of this step that is nearest to this place in the picture, in front of
// others if it is as near, within `reach` pixels; 0: none. O(threads)
struct NearThread {
  PickId id = 0;
  float distance = 0;  // pixels
};
NearThread nearest_thread(const Crowd& crowd,
                          size_t step,
                          const Projection& projection,
                          float unit,
                          float x,
                          float y,
                          float reach);

}  // namespace saggio::viz
