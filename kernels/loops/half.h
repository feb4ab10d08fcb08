// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// 16-bit floats as the loops see them: read into float exactly, written to the nearest, ties to
// even. Without branches, so that the loops around them become vector code. Internal linkage: see
// loops.cpp.
namespace saggio::kernels {
namespace {

struct Bf16 {
  uint16_t bits;
};
struct F16 {
  uint16_t bits;
};

inline uint32_t bits_of(float x) { return __builtin_bit_cast(uint32_t, x); }
inline float float_of(uint32_t bits) { return __builtin_bit_cast(float, bits); }

// Both sides computed and one taken, in bits: a conditional operator would invite the compiler to
// compile the code around it twice, once for each outcome.
inline uint32_t all_if(bool condition) { return 0U - static_cast<uint32_t>(condition); }
inline uint32_t choose(uint32_t mask, uint32_t yes, uint32_t no) {
  return (yes & mask) | (no & ~mask);
}
inline float choose(uint32_t mask, float yes, float no) {
  return float_of(choose(mask, bits_of(yes), bits_of(no)));
}

inline float load(float x) { return x; }

inline float load(Bf16 x) { return float_of(uint32_t{x.bits} << 16); }

// Moves exponent and mantissa to their places and corrects the bias (15 to 127). A denormal is an
// integer times 2^-24: setting the exponent of 2^-14 and subtracting 2^-14 makes it so, without a
// denormal float on the way, which the processor may be told to flush.
inline float load(F16 x) {
  const uint32_t sign = uint32_t{x.bits & 0x8000U} << 16;
  const uint32_t magnitude = uint32_t{x.bits & 0x7FFFU} << 13;
  const uint32_t exponent = magnitude & 0x0F800000U;
  const uint32_t normal = magnitude + ((127U - 15U) << 23);
  const uint32_t special = normal + ((128U - 16U) << 23);  // infinity, NaN
  const uint32_t denormal = bits_of(float_of(magnitude + (113U << 23)) - 0x1p-14F);
  const uint32_t finite = choose(all_if(exponent == 0), denormal, normal);
  return float_of(sign | choose(all_if(exponent == 0x0F800000U), special, finite));
}

template <class T>
T store(float x);

template <>
inline float store<float>(float x) {
  return x;
}

template <>
inline Bf16 store<Bf16>(float x) {
  const uint32_t bits = bits_of(x);
  const uint32_t nearest = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
  const uint32_t quiet = (bits >> 16) | 0x40U;
  const uint32_t nan = all_if((bits & 0x7FFFFFFFU) > 0x7F800000U);
  return {static_cast<uint16_t>(choose(nan, quiet, nearest))};
}

// Three cases: too large (or NaN), denormal in 16 bits (adding 1/2 lets the sum's rounding do the
// work: its last bit is worth 2^-24), and normal.
template <>
inline F16 store<F16>(float x) {
  const uint32_t bits = bits_of(x), sign = bits & 0x80000000U, magnitude = bits ^ sign;
  const uint32_t large = 0x7C00U + (all_if(magnitude > 0x7F800000U) & 0x200U);
  const uint32_t small = bits_of(float_of(magnitude) + 0.5F) - bits_of(0.5F);
  const uint32_t odd = (magnitude >> 13) & 1U;
  const uint32_t normal = (magnitude - ((127U - 15U) << 23) + 0xFFFU + odd) >> 13;
  const uint32_t finite = choose(all_if(magnitude < (113U << 23)), small, normal);
  const uint32_t half = choose(all_if(magnitude >= ((127U + 16U) << 23)), large, finite);
  return {static_cast<uint16_t>(half | (sign >> 16))};
}

}  // namespace
}  // namespace saggio::kernels
