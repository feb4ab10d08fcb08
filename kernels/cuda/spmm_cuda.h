// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/loops.h"

struct CUstream_st;  // cudaStream_t points to one

// kernels/spmm.h on a CUDA device, without LibTorch: the arrays of the CPU's loops, in device memory.
// Edges are added in the order in which they stand, without atomics: the same bits at every launch,
// and those of the CPU but for products and sums that are rounded together. Launches return at once;
// their int is a cudaError_t, 0 for success.
namespace saggio::kernels {

int spmm_sum_launch(const SpmmArrays& arrays, int64_t rows, CUstream_st* stream);  // and mean
int spmm_max_launch(const SpmmArrays& arrays, int64_t rows, CUstream_st* stream);

// `arrays.graph` is the transposed one and `rows` its number of rows.
int spmm_max_backward_launch(const SpmmArrays& arrays, int64_t rows, CUstream_st* stream);

// One warp for each row; sums by the lane modulo 32.
int edge_dot_launch(const EdgeDotArrays& arrays, int64_t rows, CUstream_st* stream);

}  // namespace saggio::kernels
