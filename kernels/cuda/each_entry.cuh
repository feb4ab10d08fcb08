// SPDX-License-Identifier: MIT
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/loops/loops.h"

// One thread for each entry of a matrix: the threads of a row walk its edges side by side, so that
// what they gather at once lies side by side in memory. A row takes as many threads as its width, a
// power of two below a warp and whole warps above.
namespace saggio::kernels {
namespace {

constexpr int kThreads = 256;

__device__ inline int64_t edge_index(const CsrArrays& graph, int64_t e) {
  return graph.edge == nullptr ? e : graph.edge[e];
}

template <class Entry>
__global__ void __launch_bounds__(kThreads)
    each_entry_kernel(Entry entry, int64_t rows, int64_t width, int64_t stride) {
  const int64_t step = int64_t{gridDim.x} * kThreads;
  for (int64_t i = int64_t{blockIdx.x} * kThreads + threadIdx.x; i < rows * stride; i += step)
    if (i % stride < width) entry(i / stride, i % stride);
}

inline int blocks_for(int64_t threads) {
  constexpr int64_t kMost = int64_t{1} << 20;
  const int64_t blocks = (threads + kThreads - 1) / kThreads;
  return static_cast<int>(blocks < kMost ? blocks : kMost);
}

// entry(row, column) for all of them.
template <class Entry>
int each_entry(const Entry& entry, int64_t rows, int64_t width, CUstream_st* stream) {
  if (rows == 0 || width == 0) return cudaSuccess;
  int64_t stride = 1;
  while (stride < width && stride < 32) stride *= 2;
  if (width > 32) stride = (width + 31) / 32 * 32;
  each_entry_kernel<<<blocks_for(rows * stride), kThreads, 0, stream>>>(entry, rows, width, stride);
  return cudaGetLastError();
}

}  // namespace
}  // namespace saggio::kernels
