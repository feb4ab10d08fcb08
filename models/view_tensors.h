// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/csr.h"

namespace saggio::graph {
class View;
}

// A stored graph as tensors. They lie where the View's arrays lie, in memory or in a mapped segment,
// and keep those alive, also when the View and its Store are gone. They are read-only: nobody may
// write into them, and a mapped page does not let anybody. Row i of a tensor is edge i of the View,
// the same in the store's answers, in algorithms and in the viewer; parallel edges, their types and
// loops stay what they are.
namespace saggio::models {

struct ViewTensors {
  at::Tensor out_ptr;     // [N+1] i64
  at::Tensor out_target;  // [M]   i32 in [0, N)
  at::Tensor in_ptr;      // [N+1] i64
  at::Tensor in_source;   // [M]   i32 in [0, N)
  at::Tensor in_edge;     // [M]   i32 in [0, M)  position of the edge in the out arrays
  at::Tensor weight;      // [M]   f32            undefined: all are 1
};

// O(1) of a built View; a mapped one is verified first, once, which reads it. Throws graph::Damage.
ViewTensors tensors_of(const graph::View& view);

// Messages go along the edges: targets are the rows, which receive, sources the columns, which send;
// transposed() for the other way. Nothing is copied; Adjacency reads all edges once, O(N + M).
kernels::Adjacency adjacency_of(const graph::View& view);

// [M] i32 by edge index. The one array that is copied: a View's types have 16 bits, kernels take 32.
at::Tensor edge_types_of(const graph::View& view);

}  // namespace saggio::models
