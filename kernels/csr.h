// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

// Sparse rows as the graph kernels read them. Edges have an index of their own, so that weights,
// types and scores lie once, in one order, whichever way the graph is walked. Parallel edges and
// self-loops are ordinary edges; rows need not be sorted.
namespace saggio::kernels {

// One direction. Edge at position e of row i, row_ptr[i] <= e < row_ptr[i + 1], joins i and col[e].
struct Csr {
  at::Tensor row_ptr;  // [N+1] i64
  at::Tensor col;      // [M]   i32 in [0, other side's N)
  at::Tensor edge;     // [M]   i32, a permutation of [0, M): the edge's index; undefined: e itself
};

// A sparse matrix by row and by column: the same edges twice, so that a product and its gradient
// both walk rows. Rows receive, columns send. The tensors are borrowed as they are (those of a
// mapped graph are read-only), contiguous, on the CPU, and must not change.
class Adjacency {
 public:
  // Reads all of both, O(N + M), and throws std::invalid_argument where an offset or an index is
  // out of range or an edge of one is not in the other. M is below 2^31.
  Adjacency(Csr by_row, Csr by_column);

  int64_t rows() const { return by_row_.row_ptr.numel() - 1; }
  int64_t columns() const { return by_column_.row_ptr.numel() - 1; }
  int64_t edges() const { return by_row_.col.numel(); }
  const Csr& by_row() const { return by_row_; }
  const Csr& by_column() const { return by_column_; }

  Adjacency transposed() const;

 private:
  Csr by_row_, by_column_;
};

// Both directions from one, edges of a column in the order of their positions. O(N + M).
Adjacency with_transpose(const Csr& by_row, int64_t columns);

}  // namespace saggio::kernels
