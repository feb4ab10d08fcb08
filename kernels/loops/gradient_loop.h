// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/loops.h"

// The loops of kernels/gradient_norm.h. Internal linkage: see loops.cpp.
namespace saggio::kernels {

// Vectors of the compiler (GCC and Clang), because their lanes fix the order of the sum in every
// instruction set; a reduction left to the compiler would add in an order of its own.
using Floats4 [[gnu::vector_size(16)]] = float;
using Doubles4 [[gnu::vector_size(32)]] = double;

// Sixteen entries, each to the sum of its index modulo sixteen.
static inline void add_squares(Doubles4 (&sums)[4], const float* x) {
  for (int j = 0; j < 4; ++j) {
    Floats4 values;
    __builtin_memcpy(&values, x + 4 * j, sizeof values);
    const Doubles4 wide = __builtin_convertvector(values, Doubles4);
    sums[j] += wide * wide;  // exact products: 48 bits
  }
}

template <bool kMasked>
static inline double sum_of_squares_of(const float* x, const uint8_t* trainable, int64_t count) {
  constexpr int64_t kLanes = 16;
  Doubles4 sums[4] = {};
  float block[kLanes];
  const auto fill = [&](int64_t begin, int64_t filled) {
    for (int64_t j = 0; j < kLanes; ++j) block[j] = 0;
    for (int64_t j = 0; j < filled; ++j)
      if (!kMasked || trainable[begin + j] != 0) block[j] = x[begin + j];
  };
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    if (kMasked) fill(i, kLanes);
    add_squares(sums, kMasked ? block : x + i);
  }
  fill(i, count - i);
  add_squares(sums, block);
  double sum = 0;
  for (const Doubles4& lanes : sums)
    for (int j = 0; j < 4; ++j) sum += lanes[j];
  return sum;
}

static inline double sum_of_squares_loop(const float* x, const uint8_t* trainable, int64_t count) {
  return trainable == nullptr ? sum_of_squares_of<false>(x, trainable, count)
                              : sum_of_squares_of<true>(x, trainable, count);
}

static inline void scale_loop(float* x, float factor, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) x[i] *= factor;
}

}  // namespace saggio::kernels
