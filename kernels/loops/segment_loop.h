// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/activation_loop.h"
#include "kernels/loops/lanes.h"
#include "kernels/loops/loops.h"

// The loops of kernels/segment_softmax.h. Internal linkage: see loops.cpp.
namespace saggio::kernels {
namespace {

// exp(-t) for t >= 0 or infinite; NaN stays.
inline float exp_minus_any(float t) {
  const float near = t > kFar ? kFar : t;
  return choose(all_if(t == t), exp_minus(near), t);
}

// kHeads is the number of heads, 0 any: with one head the compiler must see that there is one.
template <int kHeads>
inline void segment_softmax_of(const SegmentArrays& a, int64_t begin, int64_t end) {
  const int64_t H = kHeads > 0 ? kHeads : a.heads;
  float* __restrict top = a.scratch;
  float* __restrict sum = top + H;
  float* __restrict values = sum + H;
  for (int64_t row = begin; row < end; ++row) {
    const int64_t first = a.graph.row_ptr[row], count = a.graph.row_ptr[row + 1] - first;
    for (int64_t h = 0; h < H; ++h) {
      top[h] = -__builtin_inff();
      sum[h] = 0;
    }
    for (int64_t e = 0; e < count; ++e) {
      const float* from = a.in + edge_index(a.graph, first + e) * H;
      for (int64_t h = 0; h < H; ++h) {
        values[e * H + h] = from[h];
        top[h] = from[h] > top[h] || from[h] != from[h] ? from[h] : top[h];
      }
    }
    for (int64_t e = 0; e < count; ++e)
      for (int64_t h = 0; h < H; ++h) values[e * H + h] = top[h] - values[e * H + h];
#pragma omp simd
    for (int64_t i = 0; i < count * H; ++i) values[i] = exp_minus_any(values[i]);
    for (int64_t e = 0; e < count; ++e)
      for (int64_t h = 0; h < H; ++h) sum[h] += values[e * H + h];
    for (int64_t e = 0; e < count; ++e) {
      float* to = a.out + edge_index(a.graph, first + e) * H;
      for (int64_t h = 0; h < H; ++h) to[h] = values[e * H + h] / sum[h];
    }
  }
}

template <int kHeads>
inline void segment_softmax_backward_of(const SegmentArrays& a, int64_t begin, int64_t end) {
  const int64_t H = kHeads > 0 ? kHeads : a.heads;
  float* __restrict sum = a.scratch;
  for (int64_t row = begin; row < end; ++row) {
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    for (int64_t h = 0; h < H; ++h) sum[h] = 0;
    for (int64_t e = first; e < last; ++e) {
      const int64_t at = edge_index(a.graph, e) * H;
      for (int64_t h = 0; h < H; ++h) sum[h] += a.in[at + h] * a.gradient[at + h];
    }
    for (int64_t e = first; e < last; ++e) {
      const int64_t at = edge_index(a.graph, e) * H;
      for (int64_t h = 0; h < H; ++h) a.out[at + h] = a.in[at + h] * (a.gradient[at + h] - sum[h]);
    }
  }
}

inline void segment_softmax_loop(const SegmentArrays& arrays, int64_t begin, int64_t end) {
  if (arrays.heads == 1)
    segment_softmax_of<1>(arrays, begin, end);
  else
    segment_softmax_of<0>(arrays, begin, end);
}

inline void segment_softmax_backward_loop(const SegmentArrays& arrays, int64_t begin, int64_t end) {
  if (arrays.heads == 1)
    segment_softmax_backward_of<1>(arrays, begin, end);
  else
    segment_softmax_backward_of<0>(arrays, begin, end);
}

}  // namespace
}  // namespace saggio::kernels
