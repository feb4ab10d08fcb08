// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "viz/plan/plan.h"

// Elements that are too many to be drawn one by one: nodes as discs of which the nearest one wins
// each pixel, edges as what lies on a pixel altogether. They hold for every camera, so that they are
// brought to the device once.
namespace saggio::viz {

inline constexpr size_t kHues = 6;  // as many colours of edges are told apart in a crowd

// An edge from one middle to the other.
struct Thread {
  float ax = 0, ay = 0, az = 0;
  float bx = 0, by = 0, bz = 0;
  PickId id = 0;
  uint16_t hue = 0;     // of Crowd::hues
  uint16_t weight = 0;  // 1 to 64: its opacity
};
static_assert(sizeof(Thread) == 32);

struct Crowd {
  std::vector<Ball> nodes;      // by slot
  bool dimmed = false;          // nodes hide nothing that is drawn one by one
  std::vector<Thread> threads;  // in the order of a hash of their slot: the first n of them are a
                                // fair sample, and the same one when others are added
  size_t threads_in_all = 0;    // of which `threads` may be a sample
  std::array<Rgba, kHues> hues{};
};

// Fills `threads` with up to `most` of those that thread_of(i), for i below `count`, gives for
// slots[i]. O(count)
template <typename ThreadOf>
void draw_sample(std::span<const Slot> slots,
                 size_t most,
                 const ThreadOf& thread_of,
                 std::vector<Thread>& threads) {
  constexpr size_t kBuckets = 256;
  const auto bucket = [](Slot slot) { return slot * 2654435761u >> 24; };  // Knuth's hash
  std::array<size_t, kBuckets + 1> begin{};
  for (const Slot slot : slots) ++begin[bucket(slot) + 1];
  for (size_t b = 0; b < kBuckets; ++b) begin[b + 1] += begin[b];
  threads.resize(std::min(most, slots.size()));
  for (const Slot slot : slots)
    if (const size_t at = begin[bucket(slot)]++; at < threads.size()) threads[at] = thread_of(slot);
}

// How dark one thread is drawn and by how much it grows with each doubling, so that neither few nor
// many of them on a pixel look empty or full. Estimated from a sample; the same for all parts of a
// picture.
struct Exposure {
  float one = 0, doubling = 0;  // opacity
};
Exposure exposure_of(const Crowd& crowd,
                     size_t threads,
                     const Camera& camera,
                     const Viewport& viewport);

// The thread of the first `threads` that is nearest to this place in the picture, in front of
// others if it is as near, within `reach` pixels; 0: none. O(threads)
struct NearThread {
  PickId id = 0;
  float distance = 0;  // pixels
};
NearThread nearest_thread(const Crowd& crowd,
                          size_t threads,
                          const Projection& projection,
                          float x,
                          float y,
                          float reach);

}  // namespace saggio::viz
