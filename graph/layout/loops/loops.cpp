// SPDX-License-Identifier: MIT
// Compiled once per instruction set; SAGGIO_LOOPS is the table's name in each (CMakeLists.txt).
// Includes nothing of the standard library: an inline function that the linker takes from the unit
// with the widest instructions would fault on a processor without them.
#include "graph/layout/loops/loops.h"

namespace saggio::graph {
namespace {

// Vectors of the compiler (GCC and Clang).
constexpr size_t kLanes = 8;
using Floats8 [[gnu::vector_size(4 * kLanes)]] = float;
using Ints8 [[gnu::vector_size(4 * kLanes)]] = int32_t;

// By reference, since vectors are returned otherwise with wide instructions than without.
inline void load(const float* from, Floats8& to) { __builtin_memcpy(&to, from, sizeof to); }

void repel_loop(const Sources& bodies, const Sources& sources, float* force) {
  const float *const x = sources.x, *const y = sources.y, *const z = sources.z;
  const float* const mass = sources.mass;
  const size_t count = sources.count;
  for (size_t lane = 0; lane < kBlock; lane += kLanes) {
    Floats8 px, py, pz, fx, fy, fz;
    load(bodies.x + lane, px);
    load(bodies.y + lane, py);
    load(bodies.z + lane, pz);
    load(force + lane, fx);
    load(force + kBlock + lane, fy);
    load(force + 2 * kBlock + lane, fz);
    for (size_t s = 0; s < count; ++s) {
      const Floats8 dx = px - x[s], dy = py - y[s], dz = pz - z[s];
      const Floats8 square = dx * dx + dy * dy + dz * dz + kSoftening;
      const Floats8 inverse = 1.0F / square;
      const Floats8 weight = mass[s] * inverse * inverse;
      fx += weight * dx;
      fy += weight * dy;
      fz += weight * dz;
    }
    __builtin_memcpy(force + lane, &fx, sizeof fx);
    __builtin_memcpy(force + kBlock + lane, &fy, sizeof fy);
    __builtin_memcpy(force + 2 * kBlock + lane, &fz, sizeof fz);
  }
}

// 1 / sqrt(square), within 5e-6: the guess that is known as the fast one, and two steps of Newton's.
inline void inverse_root(const Floats8& square, Floats8& inverse) {
  inverse = (Floats8)(0x5f375a86 - ((Ints8)square >> 1));
  inverse *= 1.5F - 0.5F * square * inverse * inverse;
  inverse *= 1.5F - 0.5F * square * inverse * inverse;
}

void repel_flat_loop(const Sources& bodies, const Sources& sources, float* force) {
  const float *const x = sources.x, *const y = sources.y, *const mass = sources.mass;
  const size_t count = sources.count;
  for (size_t lane = 0; lane < kBlock; lane += kLanes) {
    Floats8 px, py, fx, fy;
    load(bodies.x + lane, px);
    load(bodies.y + lane, py);
    load(force + lane, fx);
    load(force + kBlock + lane, fy);
    for (size_t s = 0; s < count; ++s) {
      const Floats8 dx = px - x[s], dy = py - y[s];
      const Floats8 square = dx * dx + dy * dy + kSoftening;
      Floats8 inverse;
      inverse_root(square, inverse);
      const Floats8 weight = mass[s] * inverse * inverse * inverse;
      fx += weight * dx;
      fy += weight * dy;
    }
    __builtin_memcpy(force + lane, &fx, sizeof fx);
    __builtin_memcpy(force + kBlock + lane, &fy, sizeof fy);
  }
}

inline float sum_of(const Floats8& v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

void wish_loop(const float (&point)[3], const Wishes& wishes, float (&sum)[4]) {
  Floats8 sx{}, sy{}, sz{}, total{};
  for (size_t i = 0; i < wishes.count; i += kLanes) {
    Floats8 x, y, z, hops, weight;
    load(wishes.x + i, x);
    load(wishes.y + i, y);
    load(wishes.z + i, z);
    load(wishes.hops + i, hops);
    load(wishes.weight + i, weight);
    const Floats8 dx = point[0] - x, dy = point[1] - y, dz = point[2] - z;
    const Floats8 square = dx * dx + dy * dy + dz * dz + 1e-12F;
    Floats8 inverse;
    inverse_root(square, inverse);
    const Floats8 ratio = hops * inverse;
    sx += weight * (x + ratio * dx);
    sy += weight * (y + ratio * dy);
    sz += weight * (z + ratio * dz);
    total += weight;
  }
  sum[0] += sum_of(sx);
  sum[1] += sum_of(sy);
  sum[2] += sum_of(sz);
  sum[3] += sum_of(total);
}

// Bit i of a cell's number to bit 3 i.
inline uint64_t spread(uint32_t v) {
  v = (v | v << 16) & 0x030000ff;
  v = (v | v << 8) & 0x0300f00f;
  v = (v | v << 4) & 0x030c30c3;
  return (v | v << 2) & 0x09249249;
}

void keys_loop(
    const float* points, size_t count, uint32_t first, const Cells& cells, uint64_t* keys) {
  constexpr int32_t kTop = 1 << (kCellBits - 1);
  constexpr float kLast = 2 * kTop - 1;
  constexpr Floats8 kZero{};
  for (size_t begin = 0; begin < count; begin += kLanes) {
    const size_t lanes = count - begin < kLanes ? count - begin : kLanes;
    Ints8 axes[3];
    for (int axis = 0; axis < 3; ++axis) {
      Floats8 at{};
      for (size_t lane = 0; lane < lanes; ++lane) at[lane] = points[3 * (begin + lane) + axis];
      at = (at - cells.low[axis]) * cells.scale;
      at = at > kZero ? at : kZero;
      at = at < kZero + kLast ? at : kZero + kLast;
      axes[axis] = __builtin_convertvector(at, Ints8);
    }
    for (int32_t bit = kTop; bit > 1; bit >>= 1) {
      const int32_t below = bit - 1;
      for (Ints8& axis : axes) {
        // Where the bit is set the first axis turns round, else the two change places.
        const Ints8 set = (axis & bit) != 0, swapped = (axes[0] ^ axis) & below & ~set;
        axes[0] ^= (below & set) | swapped;
        axis ^= swapped;
      }
    }
    axes[1] ^= axes[0];
    axes[2] ^= axes[1];
    Ints8 turned{};
    for (int32_t bit = kTop; bit > 1; bit >>= 1) turned ^= (bit - 1) & ((axes[2] & bit) != 0);
    for (Ints8& axis : axes) axis ^= turned;
    for (size_t lane = 0; lane < lanes; ++lane) {
      const uint64_t key = spread(static_cast<uint32_t>(axes[0][lane])) << 2 |
                           spread(static_cast<uint32_t>(axes[1][lane])) << 1 |
                           spread(static_cast<uint32_t>(axes[2][lane]));
      keys[begin + lane] = key << 32 | (first + static_cast<uint32_t>(begin + lane));
    }
  }
}

inline float above(float a, float b) { return a > b ? a : b; }

void split_loop(const TreeLevel& level,
                const Box& box,
                const uint32_t* parents,
                size_t parent_count,
                Split& result) {
  size_t taken = result.taken, opened = result.opened_count;
  for (size_t p = 0; p < parent_count; ++p) {
    const size_t first = parents[p] * kChildren;
    const float *const x = level.x + first, *const y = level.y + first, *const z = level.z + first;
    const float *const mass = level.mass + first, *const reach = level.reach + first;
    uint32_t far[kChildren];
    for (size_t c = 0; c < kChildren; ++c) {
      const float dx = above(above(box.low[0] - x[c], x[c] - box.high[0]), 0);
      const float dy = above(above(box.low[1] - y[c], y[c] - box.high[1]), 0);
      const float dz = above(above(box.low[2] - z[c], z[c] - box.high[2]), 0);
      far[c] = dx * dx + dy * dy + dz * dz > reach[c];
    }
    // Each goes to the end of both lists, and one of them grows: nothing for the processor to
    // guess.
    for (size_t c = 0; c < kChildren; ++c) {
      result.x[taken] = x[c];
      result.y[taken] = y[c];
      result.z[taken] = z[c];
      result.mass[taken] = mass[c];
      result.opened[opened] = static_cast<uint32_t>(first + c);
      taken += far[c];
      opened += 1 - far[c];
    }
  }
  result.taken = taken;
  result.opened_count = opened;
}

}  // namespace

extern const LayoutLoops SAGGIO_LOOPS;
const LayoutLoops SAGGIO_LOOPS = {repel_loop, repel_flat_loop, wish_loop, keys_loop, split_loop};

}  // namespace saggio::graph
