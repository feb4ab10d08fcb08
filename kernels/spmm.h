// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/csr.h"

// Sparse rows times a dense matrix: neighbours' features gathered, weighted and reduced in one pass,
// without a message per edge in memory. Autograd is not here.
//
//   out[i, :] = reduce over the edges e of row i of  weight[e] x[col[e], :]
//
// Tensors are f32 on the CPU, contiguous or copied so. Edges of a row are added in the order in
// which they stand, each entry alone, products and sums rounded apart: the result is the same bits
// for any number of threads and instruction set, with an error below (d + 1) 2^-24 of the sum of
// magnitudes of a row of d edges. O(M D) time, O(N D) memory. Throws std::invalid_argument for
// tensors of another type or shape.
namespace saggio::kernels {

enum class Aggregate {
  Sum,
  Mean,  // the sum over d, the number of edges and not the sum of weights
  Max    // the first of the largest in the order of the edges; a NaN is larger than any number
};

struct SpmmResult {
  at::Tensor out;     // [N, D] f32  rows without edges are 0
  at::Tensor winner;  // [N, D] i32  Max only: index of the edge that won the entry, -1 for none
};

//   x       [C, D] f32  one row for each column of `a`
//   weight  [M]    f32  by edge index; undefined: 1
SpmmResult spmm(const Adjacency& a,
                Aggregate aggregate,
                const at::Tensor& x,
                const at::Tensor& weight = {});

// [C, D] f32, the gradient of x: the same product with the transposed matrix.
//   dout    [N, D] f32
//   winner  as spmm() gave it, for Max
at::Tensor spmm_backward_x(const Adjacency& a,
                           Aggregate aggregate,
                           const at::Tensor& dout,
                           const at::Tensor& weight = {},
                           const at::Tensor& winner = {});

// [M] f32 by edge index, the gradient of the weights: dout[row] . x[col], over the row's d for Mean,
// over the entries that the edge won for Max.
at::Tensor spmm_backward_weight(const Adjacency& a,
                                Aggregate aggregate,
                                const at::Tensor& dout,
                                const at::Tensor& x,
                                const at::Tensor& winner = {});

// The same in double, one edge after the other: inputs of any floating type, results f64.
SpmmResult spmm_reference(const Adjacency& a,
                          Aggregate aggregate,
                          const at::Tensor& x,
                          const at::Tensor& weight = {});
at::Tensor spmm_backward_x_reference(const Adjacency& a,
                                     Aggregate aggregate,
                                     const at::Tensor& dout,
                                     const at::Tensor& weight = {},
                                     const at::Tensor& winner = {});
at::Tensor spmm_backward_weight_reference(const Adjacency& a,
                                          Aggregate aggregate,
                                          const at::Tensor& dout,
                                          const at::Tensor& x,
                                          const at::Tensor& winner = {});

}  // namespace saggio::kernels
