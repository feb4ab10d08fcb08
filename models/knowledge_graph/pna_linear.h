// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

namespace saggio::models {

// A linear layer over the features of principal neighbourhood aggregation (kernels/relational.h):
// each statistic times each scaler of its row, feature (d 4 + f) 3 + s. They are three times what
// they are made of and are not written down: a few rows at a time, which stay in the cache, forward
// and backward.
//   statistics  [N, 4, B D] f32  of B queries side by side
//   scalers     [N, 3] f32
//   weight      [out, 12 D] f32
// Returns       [N B, out] f32
at::Tensor pna_linear(const at::Tensor& statistics,
                      const at::Tensor& scalers,
                      const at::Tensor& weight);

}  // namespace saggio::models
