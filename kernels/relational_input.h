// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/loops/loops.h"
#include "kernels/relational.h"

namespace saggio::kernels {

// x and r of a call, checked and contiguous.
struct RelationalInput {
  at::Tensor x, r;
  int64_t width;
  RelationalInput(const RelationalGraph& graph, const at::Tensor& of_x, const at::Tensor& of_r);
  // So many operations for each edge and entry.
  void count(const RelationalGraph& graph, const char* operation, double each) const;
};

// Both gradients by the loops over senders and over types. gradient and winner as GradientArrays
// says; `winner` undefined: not PNA.
RelationalGradients message_gradients(const RelationalGraph& graph,
                                      Message message,
                                      const RelationalInput& input,
                                      const at::Tensor& gradient,
                                      const at::Tensor& winner);

}  // namespace saggio::kernels
