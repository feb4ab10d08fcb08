// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// The innermost loops of the CPU kernels, written once and compiled once per instruction set; the
// best set that the processor has is chosen at run time. All sets give the same bits: the loops use
// only correctly rounded operations in one order, and the compiler may not contract a product and a
// sum into one rounding. So a result depends neither on the machine, nor on the number of threads,
// nor on where an array was cut.
namespace saggio::kernels {

enum class Isa { Plain, Avx2, Avx512 };  // Avx2: x86-64-v3; Avx512: x86-64-v4

// One array's part of an AdamW step; arrays of one length that do not overlap.
struct AdamwArrays {
  float* parameter;
  const float* gradient;
  float* mean;
  float* square;
  const uint8_t* trainable;  // null: all; else 0 = frozen
  float keep;                // 1 - lr * decay
};

struct AdamwConstants {
  float beta1, one_minus_beta1, beta2, one_minus_beta2;
  float step_size;  // lr / correction1
  float root;       // 1 / sqrt(correction2)
  float epsilon, gradient_scale;
};

enum class Element { F32, Bf16, F16 };
enum class Curve { Swish, EmSwish, ReluSquared };

// What an activation's loop computes. Forward: y = f(a), or f(a) b where there is a b. Backward
// (dy is not null): da = dy f'(a), or da = dy b f'(a) and db = dy f(a).
struct ActivationArrays {
  const void* dy;
  const void* a;
  const void* b;  // null: not gated
  void* y;
  void* da;
  void* db;
};

struct ActivationConstants {
  Curve curve;
  Element element;
  float temperature, inverse_temperature, lambda;
};

struct Loops {
  void (*adamw)(const AdamwArrays& arrays, const AdamwConstants& constants, int64_t count);
  // In double, sixteen sums by index modulo sixteen, added in order.
  double (*sum_of_squares)(const float* x, const uint8_t* trainable, int64_t count);
  void (*scale)(float* x, float factor, int64_t count);
  void (*activation)(const ActivationArrays& arrays,
                     const ActivationConstants& constants,
                     int64_t count);
  float (*exp_minus)(float t);  // exp(-t), t in [0, 104]
};

bool supported(Isa isa);  // by this build and this processor

// Throws std::invalid_argument if `isa` is not supported.
const Loops& loops(Isa isa);

// The best that is supported.
const Loops& loops();

}  // namespace saggio::kernels
