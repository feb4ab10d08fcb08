// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <cmath>
#include <cstring>
#include <span>

#include "results/random.h"

namespace saggio::kernels {

// Normal numbers of variance 1, f32, from a stream of their own.
inline at::Tensor noise(at::IntArrayRef shape, uint64_t key) {
  at::Tensor x = at::empty(shape, at::kFloat);
  results::Stream(key).fill_normal({x.mutable_data_ptr<float>(), static_cast<size_t>(x.numel())});
  return x;
}

// Multiples of 1/64: products and sums of two are exact, so that float and double agree on which of
// several is the largest.
inline at::Tensor coarse_noise(at::IntArrayRef shape, uint64_t key) {
  at::Tensor x = noise(shape, key);
  for (float& value : std::span(x.mutable_data_ptr<float>(), static_cast<size_t>(x.numel())))
    value = std::round(value * 64) / 64;
  return x;
}

// Same bits, not only same numbers: 0 and -0 differ, NaN equals itself.
inline bool same_bits(const at::Tensor& x, const at::Tensor& y) {
  const at::Tensor a = x.contiguous(), b = y.contiguous();
  return a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type() &&
         (a.nbytes() == 0 || std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0);
}

}  // namespace saggio::kernels
