// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/loops.h"

struct CUstream_st;  // cudaStream_t points to one

// kernels/segment_softmax.h on a CUDA device: the arrays of the CPU's loops in device memory, of
// which the scratch is not used. Edges are added in order: the same bits at every launch. Launches
// return at once; their int is a cudaError_t, 0 for success.
namespace saggio::kernels {

int segment_softmax_launch(const SegmentArrays& arrays, int64_t rows, CUstream_st* stream);
int segment_softmax_backward_launch(const SegmentArrays& arrays, int64_t rows, CUstream_st* stream);

}  // namespace saggio::kernels
