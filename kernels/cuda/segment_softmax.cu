// SPDX-License-Identifier: MIT
#include "kernels/cuda/each_entry.cuh"
#include "kernels/cuda/segment_softmax_cuda.h"

namespace saggio::kernels {
namespace {

struct SoftmaxEntry {
  SegmentArrays a;
  __device__ void operator()(int64_t row, int64_t head) const {
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    float top = -INFINITY, sum = 0;
    for (int64_t e = first; e < last; ++e) {
      const float score = a.in[edge_index(a.graph, e) * a.heads + head];
      if (score > top || score != score) top = score;
    }
    for (int64_t e = first; e < last; ++e) {
      const int64_t at = edge_index(a.graph, e) * a.heads + head;
      sum += a.out[at] = expf(a.in[at] - top);
    }
    for (int64_t e = first; e < last; ++e) a.out[edge_index(a.graph, e) * a.heads + head] /= sum;
  }
};

struct SoftmaxBackwardEntry {
  SegmentArrays a;
  __device__ void operator()(int64_t row, int64_t head) const {
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    float sum = 0;
    for (int64_t e = first; e < last; ++e) {
      const int64_t at = edge_index(a.graph, e) * a.heads + head;
      sum += a.in[at] * a.gradient[at];
    }
    for (int64_t e = first; e < last; ++e) {
      const int64_t at = edge_index(a.graph, e) * a.heads + head;
      a.out[at] = a.in[at] * (a.gradient[at] - sum);
    }
  }
};

}  // namespace

int segment_softmax_launch(const SegmentArrays& arrays, int64_t rows, CUstream_st* stream) {
  return each_entry(SoftmaxEntry{arrays}, rows, arrays.heads, stream);
}

int segment_softmax_backward_launch(const SegmentArrays& arrays,
                                    int64_t rows,
                                    CUstream_st* stream) {
  return each_entry(SoftmaxBackwardEntry{arrays}, rows, arrays.heads, stream);
}

}  // namespace saggio::kernels
