// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/half.h"
#include "kernels/loops/loops.h"

// The loops of kernels/activation.h. Internal linkage: see loops.cpp.
namespace saggio::kernels {
namespace {

// exp(-t) for t in [0, 104]. -t = n ln 2 + r with |r| <= ln 2 / 2, n ln 2 subtracted in two parts of
// which the first is exact; e^r = 1 + r + r^2 P(r), P minimax of degree 4 (error 3.1e-9). The
// exponent field grows by n + 64, and a product takes 2^64 away again, because n reaches -150, where
// results are denormal. Within 1 ulp (tests/kernels/loops_test.cpp). NaN gives some number.
inline float exp_minus(float t) {
  constexpr float kRound = 0x1.8p23F;  // added and subtracted, it rounds to an integer
  const float shifted = t * -0x1.715476p0F + kRound;
  const float n = shifted - kRound;
  const float r = (-t - n * 0x1.63p-1F) - n * -0x1.bd0106p-13F;
  const float series =
      0x1.fffffcp-2F +
      r * (0x1.555492p-3F + r * (0x1.5558f2p-5F + r * (0x1.1239e2p-7F + r * 0x1.6a2434p-10F)));
  const float mantissa = 1.0F + (r + r * r * series);
  const uint32_t raised = (bits_of(shifted) - bits_of(kRound) + 64U) << 23;
  return float_of(bits_of(mantissa) + raised) * 0x1p-64F;
}

// ln(1 + e) for e in [0, 1]: 2 artanh(s) with s = e / (2 + e), minimax in s^2 (error 4.6e-9).
inline float log1p_unit(float e) {
  const float s = e / (2.0F + e), w = s * s;
  const float series =
      0x1.5555p-2F + w * (0x1.99d27cp-3F + w * (0x1.1eb612p-3F + w * 0x1.1ef87p-3F));
  return 2.0F * (s + s * w * series);
}

constexpr float kFar = 104.0F;  // exp(-104) rounds to 0

inline float from_below(float x, float bound) { return x < bound ? bound : x; }  // NaN stays

struct Point {
  float value, slope;
};

// f(x) = x p (1 + lambda H), p = sigma(x / T), H its binary entropy in nats. Both p and q = 1 - p
// are computed without cancellation. Beyond |z| = 104 the curve is at its limits, and stopping there
// keeps infinity times zero out of it.
template <bool kEntropy>
struct Swish {
  float temperature, inverse_temperature, lambda;
  Point at(float x) const {
    const float raw = x * inverse_temperature;
    const uint32_t sign = bits_of(raw) & 0x80000000U, negative = all_if(sign != 0);
    const float far = __builtin_fabsf(raw), distance = far > kFar ? kFar : far;
    const float z = float_of(bits_of(distance) | sign);
    const float e = exp_minus(distance);
    const float larger = 1.0F / (1.0F + e), smaller = e * larger;
    const float p = choose(negative, smaller, larger), q = choose(negative, larger, smaller);
    const float near = from_below(x, -kFar * temperature);
    if constexpr (!kEntropy) return {near * p, p * (1.0F + z * q)};
    const float gain = 1.0F + lambda * (log1p_unit(e) + distance * smaller);
    return {near * p * gain, p * (gain * (1.0F + z * q) - lambda * (z * z * p * q))};
  }
};

struct ReluSquared {
  Point at(float x) const {
    const float r = from_below(x, 0.0F);
    return {r * r, 2.0F * r};
  }
};

template <class T, class F>
inline void forward(const ActivationArrays& arrays, const F& curve, int64_t count) {
  const T* __restrict a = static_cast<const T*>(arrays.a);
  const T* __restrict b = static_cast<const T*>(arrays.b);
  T* __restrict y = static_cast<T*>(arrays.y);
  if (b == nullptr) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) y[i] = store<T>(curve.at(load(a[i])).value);
  } else {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) y[i] = store<T>(curve.at(load(a[i])).value * load(b[i]));
  }
}

template <class T, class F>
inline void backward(const ActivationArrays& arrays, const F& curve, int64_t count) {
  const T* __restrict dy = static_cast<const T*>(arrays.dy);
  const T* __restrict a = static_cast<const T*>(arrays.a);
  const T* __restrict b = static_cast<const T*>(arrays.b);
  T* __restrict da = static_cast<T*>(arrays.da);
  T* __restrict db = static_cast<T*>(arrays.db);
  if (b == nullptr) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) da[i] = store<T>(load(dy[i]) * curve.at(load(a[i])).slope);
  } else {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      const Point f = curve.at(load(a[i]));
      const float d = load(dy[i]);
      da[i] = store<T>(d * load(b[i]) * f.slope);
      db[i] = store<T>(d * f.value);
    }
  }
}

template <class T, class F>
inline void both_ways(const ActivationArrays& arrays, const F& curve, int64_t count) {
  if (arrays.dy == nullptr)
    forward<T>(arrays, curve, count);
  else
    backward<T>(arrays, curve, count);
}

template <class T>
inline void activation_of(const ActivationArrays& arrays,
                          const ActivationConstants& c,
                          int64_t count) {
  switch (c.curve) {
    case Curve::Swish:
      return both_ways<T>(
          arrays, Swish<false>{c.temperature, c.inverse_temperature, c.lambda}, count);
    case Curve::EmSwish:
      return both_ways<T>(
          arrays, Swish<true>{c.temperature, c.inverse_temperature, c.lambda}, count);
    case Curve::ReluSquared:
      return both_ways<T>(arrays, ReluSquared{}, count);
  }
}

inline void activation_loop(const ActivationArrays& arrays,
                            const ActivationConstants& constants,
                            int64_t count) {
  switch (constants.element) {
    case Element::F32:
      return activation_of<float>(arrays, constants, count);
    case Element::Bf16:
      return activation_of<Bf16>(arrays, constants, count);
    case Element::F16:
      return activation_of<F16>(arrays, constants, count);
  }
}

inline float exp_minus_loop(float t) { return exp_minus(t); }

}  // namespace
}  // namespace saggio::kernels
