// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "graph/view/view.h"

// Where nodes lie. The unit of every layout is about the length of an edge; x goes right, y up, z
// towards the reader. Flat layouts have z = 0.
namespace saggio::graph {

struct Point {
  float x = 0, y = 0, z = 0;
  bool operator==(const Point&) const = default;
};

inline Point operator+(const Point& a, const Point& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Point operator-(const Point& a, const Point& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Point operator*(float s, const Point& a) { return {s * a.x, s * a.y, s * a.z}; }
inline float length(const Point& a) { return std::sqrt(a.x * a.x + a.y * a.y + a.z * a.z); }

// Of a node that no layout has placed yet.
inline constexpr Point kNowhere{std::numeric_limits<float>::quiet_NaN(), 0, 0};
inline bool is_placed(const Point& a) {
  return std::isfinite(a.x) && std::isfinite(a.y) && std::isfinite(a.z);
}

// SplitMix64's mixing of bits (Steele, Lea, Flood 2014).
inline uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// Three numbers in [-1, 1) that depend on seed and index alone: the only chance in the layouts.
inline Point scatter(uint64_t seed, uint64_t index) {
  const uint64_t bits = mixed(mixed(seed) + (index + 1) * 0x9e3779b97f4a7c15U);
  const auto unit = [bits](int shift) {  // 21 bits, exactly
    return static_cast<float>(bits >> shift & 0x1fffff) * 0x1p-20F - 1;
  };
  return {unit(0), unit(21), unit(42)};
}

// The root mean square distance from the mean; 0 without points. Those nowhere do not count.
float radius(std::span<const Point> points);

// The positions of one View's nodes for another View of the same store: kNowhere for nodes that the
// first one does not have. O(N).
std::vector<Point> carried_over(const View& before, std::span<const Point> points, const View& now);

}  // namespace saggio::graph
