// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

namespace saggio::kernels {

// What references compute on: x in f64, contiguous, without its graph.
inline at::Tensor plain(const at::Tensor& x) { return x.detach().to(at::kDouble).contiguous(); }

}  // namespace saggio::kernels
