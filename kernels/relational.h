// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "kernels/csr.h"

// Relational message passing: each edge's message is made of its sender and its type and reduced at
// its receiver in one pass, as in NBFNet (Zhu et al. 2021, arXiv:2106.06935, eq. 5 and table 2) and
// ULTRA (Galkin et al. 2023, arXiv:2310.04562). No array has a row for each edge and a column for
// each feature: memory is O(N D + R D), the gradients of the relations add M D / 2048 in partial
// sums. Autograd is not here.
//
//   message of edge e = (i, j), row i receives, column j sends:
//     DistMult  m_e = x[j, :] r[type[e], :]      TransE  m_e = x[j, :] + r[type[e], :]
//
// A graph's direction is thus its Adjacency's: ULTRA's heads receive, so that its rows are the heads
// and its columns the tails; the other way round runs as well and answers wrongly.
//
// A batch of B queries with relations of their own is one matrix of width B D: x [N, B D],
// r [R, B D]. Tensors are f32 on the CPU, contiguous or copied so; edges are added in the order in
// which they stand: the same bits for any number of threads and instruction set. O(M D). Throws
// std::invalid_argument for tensors of another type or shape.
namespace saggio::kernels {

struct TypedEdge {
  int32_t row, col, edge;
};

// Edges [begin, end) of one type in by_type(), at most 2048: a partial sum of r's gradient.
struct TypeChunk {
  int64_t type, begin, end;
};

// A square Adjacency whose edges have types, and its edges grouped by them. 12 bytes an edge.
class RelationalGraph {
 public:
  //   type  [M] i32 in [0, types), by edge index
  RelationalGraph(Adjacency adjacency, const at::Tensor& type, int64_t types);

  const Adjacency& adjacency() const { return adjacency_; }
  const at::Tensor& type() const { return type_; }
  int64_t types() const { return types_; }  // R
  const std::vector<TypedEdge>& by_type() const { return by_type_; }
  const std::vector<TypeChunk>& chunks() const { return chunks_; }

 private:
  Adjacency adjacency_;
  at::Tensor type_;
  int64_t types_;
  std::vector<TypedEdge> by_type_;
  std::vector<TypeChunk> chunks_;
};

enum class Message { DistMult, TransE };

struct RelationalGradients {
  at::Tensor x;         // [N, D] f32
  at::Tensor r;         // [R, D] f32
  at::Tensor boundary;  // [N, D] f32
};

// boundary[i, :] + sum of the messages that reach i  [N, D] f32
//   x         [N, D] f32
//   r         [R, D] f32
//   boundary  [N, D] f32  undefined: 0
at::Tensor relational_sum(const RelationalGraph& graph,
                          Message message,
                          const at::Tensor& x,
                          const at::Tensor& r,
                          const at::Tensor& boundary = {});

RelationalGradients relational_sum_backward(const RelationalGraph& graph,
                                            Message message,
                                            const at::Tensor& dout,
                                            const at::Tensor& x,
                                            const at::Tensor& r);

// What principal neighbourhood aggregation (Corso et al. 2020, arXiv:2004.05718) as NBFNet has it
// sees of a row's messages and its boundary, which is one more of them: n = d_i + 1, and
//   std = sqrt(max(mean of squares - mean^2, 1e-6))
// Of equal messages the first wins, the boundary last. The difference of squares loses digits where
// std is much less than the mean: its error is below 3 (n + 8) 2^-24 (mean of squares) / std.
// The features are these times each of degree_scalers(): 12 D numbers a row, a product that need not
// be written down.
struct RelationalPna {
  at::Tensor statistics;  // [N, 4, D] f32  mean, max, min, std
  at::Tensor winner;      // [N, 2, D] i32  edge index of the max and of the min, -1: the boundary
};
RelationalPna relational_pna(const RelationalGraph& graph,
                             Message message,
                             const at::Tensor& x,
                             const at::Tensor& r,
                             const at::Tensor& boundary);

// From `saved` as relational_pna() gave it. Where std is at its floor it has no slope.
//   dout  [N, 4, D] f32
RelationalGradients relational_pna_backward(const RelationalGraph& graph,
                                            Message message,
                                            const at::Tensor& dout,
                                            const at::Tensor& x,
                                            const at::Tensor& r,
                                            const at::Tensor& boundary,
                                            const RelationalPna& saved);

// PNA's scalers of each row, 1, g and 1 / max(g, 0.01)  [N, 3] f64; g = ln(n) over its mean over all
// rows (0 if no row has an edge).
at::Tensor degree_scalers(const Adjacency& adjacency);

// The same in double, edge by edge: inputs of any floating type, results f64.
at::Tensor relational_sum_reference(const RelationalGraph& graph,
                                    Message message,
                                    const at::Tensor& x,
                                    const at::Tensor& r,
                                    const at::Tensor& boundary = {});
RelationalGradients relational_sum_backward_reference(const RelationalGraph& graph,
                                                      Message message,
                                                      const at::Tensor& dout,
                                                      const at::Tensor& x,
                                                      const at::Tensor& r);
RelationalPna relational_pna_reference(const RelationalGraph& graph,
                                       Message message,
                                       const at::Tensor& x,
                                       const at::Tensor& r,
                                       const at::Tensor& boundary);
RelationalGradients relational_pna_backward_reference(const RelationalGraph& graph,
                                                      Message message,
                                                      const at::Tensor& dout,
                                                      const at::Tensor& x,
                                                      const at::Tensor& r,
                                                      const at::Tensor& boundary,
                                                      const RelationalPna& saved);

}  // namespace saggio::kernels
