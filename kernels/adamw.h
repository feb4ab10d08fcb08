// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

// One step of AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2) on many tensors in
// one pass: every byte is read once and written once, 28 bytes a parameter, and gradient clipping
// costs no pass of its own. With the gradient g scaled and c1, c2 the bias corrections,
//
//   m = beta1 m + (1 - beta1) g     v = beta2 v + (1 - beta2) g^2
//   p = p (1 - lr decay) - (lr / c1) m / (sqrt(v) / sqrt(c2) + epsilon)
//
// The tensors are one line of elements that the threads share, so that neither many small nor one
// large one cost more than their bytes. Results are the same bits for any number of threads and any
// instruction set.
namespace saggio::kernels {

// Tensors of one shape, contiguous, on one device. Kept by the caller from step to step: only
// `gradient` is usually new.
struct AdamwTensor {
  at::Tensor parameter;  // [*] f32 (or bf16: see adamw_step_reference)
  at::Tensor gradient;   // [*] like the parameter
  at::Tensor mean;       // [*] f32, m
  at::Tensor square;     // [*] f32, v
  double decay = 0;
  at::Tensor trainable;  // [*] bool or u8, or undefined: 0 = frozen. Nothing of a frozen entry
                         // changes, whatever its gradient is, NaN included
  at::Tensor master;     // [*] f32, bf16 parameters only, or undefined: steps in the parameter's
                         // place, which becomes its nearest
};

struct AdamwStep {
  double lr = 0;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double correction1 = 1, correction2 = 1;  // 1 - product over the steps so far of beta1, beta2
  double gradient_scale = 1;                // g = gradient_scale * gradient; clip_factor()
  uint64_t rounding_key = 0;  // of the random bits of bf16 without master: a new one for every step
};

// f32 parameters on the CPU. O(elements). Throws std::invalid_argument, before anything moves, for
// tensors that do not fit each other and constants out of range; a gradient that is not finite
// steps where it is asked to: look at gradient_norm() first.
void adamw_step(std::span<const AdamwTensor> tensors, const AdamwStep& step);

// The same in double with plain loops, for tests: any floating type, rounded to it at the end, so
// that f64 tensors are stepped without any rounding to f32. A bf16 parameter takes its gradient in
// bf16 or f32; without master it is rounded at random to one of its two neighbours, so that its
// expectation is right (as steps smaller than half a bf16 ulp would be lost otherwise): entry i of
// tensor t by 16 bits of draw i / 2 of results::Stream(rounding_key).split(t), the low ones for
// even i.
void adamw_step_reference(std::span<const AdamwTensor> tensors, const AdamwStep& step);

}  // namespace saggio::kernels
