// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

// The little linear algebra that a viewer needs: points in the world, right-handed, y up; matrices
// column by column, as shaders read them.
namespace saggio::viz {

struct Vec3 {
  float x = 0, y = 0, z = 0;
  bool operator==(const Vec3&) const = default;

  friend Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Vec3 operator*(float s, Vec3 a) { return {s * a.x, s * a.y, s * a.z}; }
};

inline float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline float norm(Vec3 a) { return std::sqrt(dot(a, a)); }
inline Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline bool is_finite(Vec3 a) {
  return std::isfinite(a.x) && std::isfinite(a.y) && std::isfinite(a.z);
}

struct Clip {  // homogeneous; seen if w > 0
  float x = 0, y = 0, z = 0, w = 0;
};

struct Mat4 {
  std::array<float, 16> m{};  // m[4 * column + row]
  bool operator==(const Mat4&) const = default;

  float operator()(size_t row, size_t column) const { return m[4 * column + row]; }
  float& operator()(size_t row, size_t column) { return m[4 * column + row]; }

  Clip operator*(Vec3 p) const {
    const auto row = [&](size_t r) {
      return m[r] * p.x + m[4 + r] * p.y + m[8 + r] * p.z + m[12 + r];
    };
    return {row(0), row(1), row(2), row(3)};
  }
  friend Mat4 operator*(const Mat4& a, const Mat4& b) {
    Mat4 c;
    for (size_t row = 0; row < 4; ++row)
      for (size_t column = 0; column < 4; ++column)
        for (size_t k = 0; k < 4; ++k) c(row, column) += a(row, k) * b(k, column);
    return c;
  }
};

}  // namespace saggio::viz
