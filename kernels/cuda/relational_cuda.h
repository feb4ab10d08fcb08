// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/loops.h"

struct CUstream_st;  // cudaStream_t points to one

// The walks over edges of kernels/relational.h on a CUDA device: the arrays of the CPU's loops in
// device memory. The scalers of PNA and the coefficients of its gradient are elementwise and not
// here. Edges are added in order, without atomics: the same bits at every launch. Launches return at
// once; their int is a cudaError_t, 0 for success.
namespace saggio::kernels {

int relational_sum_launch(const RelationalArrays& arrays, int64_t rows, CUstream_st* stream);
int relational_pna_launch(const RelationalArrays& arrays, int64_t rows, CUstream_st* stream);

// The gradient of x; `arrays.graph` is the transposed one and `rows` its number of rows.
int sender_gradient_launch(const GradientArrays& arrays, int64_t rows, CUstream_st* stream);

// The gradient of r in two launches: partial sums [chunks, width] into arrays.out, then `result`
// [types, width]. Type t's chunks are chunk_ptr[t] to chunk_ptr[t + 1] - 1; chunk_ptr [types+1] i64
// in device memory.
int type_gradient_launch(const GradientArrays& arrays,
                         int64_t chunks,
                         const int64_t* chunk_ptr,
                         int64_t types,
                         float* result,
                         CUstream_st* stream);

}  // namespace saggio::kernels
