// SPDX-License-Identifier: MIT
#include "kernels/cuda/each_entry.cuh"
#include "kernels/cuda/spmm_cuda.h"

namespace saggio::kernels {
namespace {

__device__ float factor_of(const SpmmArrays& a, int64_t e) {
  const float weight = a.weight == nullptr ? 1.0F : a.weight[edge_index(a.graph, e)];
  return a.scale == nullptr ? weight : weight * a.scale[a.graph.col[e]];
}

struct SumEntry {
  SpmmArrays a;
  __device__ void operator()(int64_t row, int64_t column) const {
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    float sum = 0;
#pragma unroll 4
    for (int64_t e = first; e < last; ++e)
      sum += factor_of(a, e) * a.x[a.graph.col[e] * a.width + column];
    a.out[row * a.width + column] = a.mean && last > first ? sum / (last - first) : sum;
  }
};

struct MaxEntry {
  SpmmArrays a;
  __device__ void operator()(int64_t row, int64_t column) const {
    float best = 0;
    int32_t winner = -1;
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    for (int64_t e = first; e < last; ++e) {
      const float x = factor_of(a, e) * a.x[a.graph.col[e] * a.width + column];
      if (!(x > best || x != x || e == first)) continue;
      best = x;
      winner = static_cast<int32_t>(edge_index(a.graph, e));
    }
    a.out[row * a.width + column] = best;
    a.winner[row * a.width + column] = winner;
  }
};

struct MaxBackwardEntry {
  SpmmArrays a;
  __device__ void operator()(int64_t row, int64_t column) const {
    float sum = 0;
    for (int64_t e = a.graph.row_ptr[row]; e < a.graph.row_ptr[row + 1]; ++e) {
      const int64_t at = a.graph.col[e] * a.width + column;
      if (a.winner[at] == edge_index(a.graph, e)) sum += factor_of(a, e) * a.x[at];
    }
    a.out[row * a.width + column] = sum;
  }
};

__global__ void __launch_bounds__(kThreads) edge_dot_kernel(EdgeDotArrays a, int64_t rows) {
  constexpr int kWarp = 32, kWarps = kThreads / kWarp;
  const int lane = threadIdx.x % kWarp;
  const int64_t step = int64_t{gridDim.x} * kWarps;
  for (int64_t row = int64_t{blockIdx.x} * kWarps + threadIdx.x / kWarp; row < rows; row += step) {
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    for (int64_t e = first; e < last; ++e) {
      const int64_t index = edge_index(a.graph, e);
      float sum = 0;
      for (int64_t i = lane; i < a.width; i += kWarp)
        if (a.winner == nullptr || a.winner[row * a.width + i] == index)
          sum += a.left[row * a.width + i] * a.right[a.graph.col[e] * a.width + i];
      for (int distance = kWarp / 2; distance > 0; distance /= 2)
        sum += __shfl_down_sync(0xFFFFFFFFU, sum, distance);
      if (lane == 0) a.out[index] = a.mean ? sum / (last - first) : sum;
    }
  }
}

}  // namespace

int spmm_sum_launch(const SpmmArrays& arrays, int64_t rows, CUstream_st* stream) {
  return each_entry(SumEntry{arrays}, rows, arrays.width, stream);
}

int spmm_max_launch(const SpmmArrays& arrays, int64_t rows, CUstream_st* stream) {
  return each_entry(MaxEntry{arrays}, rows, arrays.width, stream);
}

int spmm_max_backward_launch(const SpmmArrays& arrays, int64_t rows, CUstream_st* stream) {
  return each_entry(MaxBackwardEntry{arrays}, rows, arrays.width, stream);
}

int edge_dot_launch(const EdgeDotArrays& arrays, int64_t rows, CUstream_st* stream) {
  if (rows == 0) return cudaSuccess;
  edge_dot_kernel<<<blocks_for(rows * 32), kThreads, 0, stream>>>(arrays, rows);
  return cudaGetLastError();
}

}  // namespace saggio::kernels
