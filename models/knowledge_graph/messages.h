// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include "models/knowledge_graph/fact_graph.h"

// Relational message passing (kernels/relational.h) that gradients flow through, for a batch of
// queries at once: B is their number, and queries share edges and types but nothing else.
namespace saggio::models {

// Each node's boundary and the sum of its neighbours' messages. The graph is kept until the gradients
// are computed or dropped.
//   x         [N, B, D] f32
//   r         [types, B, D] f32
//   boundary  [N, B, D] f32
// Returns     [N, B, D] f32
at::Tensor message_sums(const SharedGraph& graph,
                        kernels::Message message,
                        const at::Tensor& x,
                        const at::Tensor& r,
                        const at::Tensor& boundary);

// The same messages' statistics: mean, max, min and standard deviation  [N, 4, B D] f32.
at::Tensor message_statistics(const SharedGraph& graph,
                              kernels::Message message,
                              const at::Tensor& x,
                              const at::Tensor& r,
                              const at::Tensor& boundary);

}  // namespace saggio::models
