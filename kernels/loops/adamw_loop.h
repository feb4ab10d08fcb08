// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/half.h"
#include "kernels/loops/loops.h"

// The step of kernels/adamw.h on one array. Internal linkage: see loops.cpp.
namespace saggio::kernels {

template <bool kMasked>
static inline void adamw_on(const AdamwArrays& arrays, const AdamwConstants& c, int64_t count) {
  float* __restrict parameter = arrays.parameter;
  const float* __restrict gradient = arrays.gradient;
  float* __restrict mean = arrays.mean;
  float* __restrict square = arrays.square;
  const uint8_t* __restrict trainable = arrays.trainable;
  const float keep = arrays.keep;
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float g = gradient[i] * c.gradient_scale;
    const float m = c.beta1 * mean[i] + c.one_minus_beta1 * g;
    const float v = c.beta2 * square[i] + c.one_minus_beta2 * g * g;
    const float move = c.step_size * m / (__builtin_sqrtf(v) * c.root + c.epsilon);
    const float p = parameter[i] * keep - move;
    const uint32_t moves = kMasked ? all_if(trainable[i] != 0) : all_if(true);
    parameter[i] = choose(moves, p, parameter[i]);
    mean[i] = choose(moves, m, mean[i]);
    square[i] = choose(moves, v, square[i]);
  }
}

static inline void adamw_loop(const AdamwArrays& arrays,
                              const AdamwConstants& constants,
                              int64_t count) {
  if (arrays.trainable == nullptr)
    adamw_on<false>(arrays, constants, count);
  else
    adamw_on<true>(arrays, constants, count);
}

}  // namespace saggio::kernels
