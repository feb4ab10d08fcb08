// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include "models/knowledge_graph/fact_graph.h"

// Relational message passing (kernels/relational.h) that gradients flow through, for a batch of
// queries at once: B is their number, and queries share edges and types but nothing else.
namespace saggio::models {

enum class Aggregation { Sum, Pna };

// What each node makes of its neighbours' messages and its boundary. The graph is kept until the
// gradients are computed or dropped.
//   x         [N, B, D] f32
//   r         [types, B, D] f32
//   boundary  [N, B, D] f32
// Returns     [N, B, D] f32 (Sum) or [N, B, 12 D] f32 (Pna)
at::Tensor relational_messages(const SharedGraph& graph,
                               kernels::Message message,
                               Aggregation aggregation,
                               const at::Tensor& x,
                               const at::Tensor& r,
                               const at::Tensor& boundary);

}  // namespace saggio::models
