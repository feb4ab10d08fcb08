// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/csr.h"
#include "kernels/spmm.h"

// The kernels over sparse rows with gradients. Tensors are f32 on the CPU; N rows, C columns, M
// edges, H heads. The same bits for any number of threads.
namespace saggio::models {

// out[i, :] = reduce over the edges e of row i of weight[e] x[col[e], :]: kernels::spmm, whose
// gradients walk the transposed matrix.
//   x       [C, D]
//   weight  [M]     by edge index; undefined: 1
// Returns   [N, D]
at::Tensor gather(const kernels::Adjacency& a,
                  const at::Tensor& x,
                  const at::Tensor& weight = {},
                  kernels::Aggregate aggregate = kernels::Aggregate::Sum);

// Softmax over the edges of each row: kernels::segment_softmax.
//   scores  [M] or [M, H]  by edge index
at::Tensor edge_softmax(const kernels::Adjacency& a, const at::Tensor& scores);

// The row and the column of each edge, by edge index.
struct EdgeEnds {
  at::Tensor row, column;  // [M] i32
};
EdgeEnds edge_ends(const kernels::Adjacency& a);

// A with one more edge (i, i) for each i, of index M + i, at the end of row and column i. Square.
// O(N + M), a copy.
kernels::Adjacency with_loops(const kernels::Adjacency& a);

// D^-1/2 (A + I) D^-1/2 with D the row sums of A + I, or without I: what Kipf and Welling 2017
// (arXiv:1609.02907, eq. 2, the renormalisation trick) put in the place of a Laplacian. The loops
// are kept apart, so that A stays the stored graph: A's own loops count as edges. A row without
// edges, where I is left out, is 0 and not a division by it.
//   weight  [M] f32 by edge index, not negative; undefined: 1
struct Normalised {
  at::Tensor edge;  // [M] f32 by edge index
  at::Tensor loop;  // [N, 1] f32; undefined without I
};
Normalised symmetric_normalised(const kernels::Adjacency& a,
                                bool loops,
                                const at::Tensor& weight = {});

// The product of that matrix with x [N, D]; its values take no gradient.
at::Tensor propagate(const kernels::Adjacency& a, const Normalised& matrix, const at::Tensor& x);

}  // namespace saggio::models
