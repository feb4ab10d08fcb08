// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/lanes.h"
#include "kernels/loops/loops.h"

// The loops of kernels/spmm.h. Internal linkage: see loops.cpp.
namespace saggio::kernels {
namespace {

constexpr int kSpmmVectors = 8;

// What edge e multiplies the row that it gathers by.
inline float factor_of(const SpmmArrays& a, int64_t e) {
  const float weight = a.weight == nullptr ? 1.0F : a.weight[edge_index(a.graph, e)];
  return a.scale == nullptr ? weight : weight * a.scale[a.graph.col[e]];
}

// What edge e will read.
template <int kFloats>
SAGGIO_PREFETCHES void prefetch(const SpmmArrays& a, int64_t e, int64_t column) {
  prefetch_row<kFloats>(a.x + a.graph.col[e] * a.width + column);
  prefetch_edge(a.graph, a.weight, e);
}

struct SumRows {
  const SpmmArrays& a;
  int64_t begin, end;

  template <int kLanes, int kVectors>
  void run(const Columns& columns) const {
    constexpr int64_t kAhead = edges_ahead(kLanes * kVectors);
    const int64_t stop = a.graph.row_ptr[end];
    for (int64_t row = begin; row < end; ++row) {
      typename Lanes<kLanes>::Floats sums[kVectors] = {}, x;
      const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
      for (int64_t e = first; e < last; ++e) {
        if (e + kAhead < stop) prefetch<kLanes * kVectors>(a, e + kAhead, columns.first);
        const float factor = factor_of(a, e);
        const float* from = a.x + a.graph.col[e] * a.width;
        for (int k = 0; k < kVectors; ++k) {
          load_lanes(x, from + columns.of<kLanes, kVectors>(k));
          sums[k] += factor * x;
        }
      }
      if (a.mean && last > first)
        for (auto& sum : sums) sum /= static_cast<float>(last - first);
      for (int k = 0; k < kVectors; ++k)
        store_lanes(sums[k], a.out + row * a.width + columns.of<kLanes, kVectors>(k));
    }
  }
};

// The first of the largest wins, and any NaN.
struct MaxRows {
  const SpmmArrays& a;
  int64_t begin, end;

  template <int kLanes, int kVectors>
  void run(const Columns& columns) const {
    using Ints = typename Lanes<kLanes>::Ints;
    constexpr int64_t kAhead = edges_ahead(kLanes * kVectors);
    const int64_t stop = a.graph.row_ptr[end];
    for (int64_t row = begin; row < end; ++row) {
      typename Lanes<kLanes>::Floats best[kVectors] = {}, x;
      Ints winner[kVectors];
      for (Ints& none : winner) none = Ints{} - 1;
      const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
      for (int64_t e = first; e < last; ++e) {
        if (e + kAhead < stop) prefetch<kLanes * kVectors>(a, e + kAhead, columns.first);
        const float factor = factor_of(a, e);
        const float* from = a.x + a.graph.col[e] * a.width;
        const Ints edge = Ints{} + static_cast<int32_t>(edge_index(a.graph, e));
        const Ints always = Ints{} - static_cast<int32_t>(e == first);
        for (int k = 0; k < kVectors; ++k) {
          load_lanes(x, from + columns.of<kLanes, kVectors>(k));
          x *= factor;
          const Ints take = (x > best[k]) | (x != x) | always;
          best[k] = take ? x : best[k];
          winner[k] = take ? edge : winner[k];
        }
      }
      for (int k = 0; k < kVectors; ++k) {
        const int64_t at = row * a.width + columns.of<kLanes, kVectors>(k);
        store_lanes(best[k], a.out + at);
        store_lanes(winner[k], a.winner + at);
      }
    }
  }
};

// x is the gradient of what MaxRows computed; the graph here is the transposed one, and each entry
// takes from those where its edge won.
struct MaxRowsBackward {
  const SpmmArrays& a;
  int64_t begin, end;

  template <int kLanes, int kVectors>
  void run(const Columns& columns) const {
    using Floats = typename Lanes<kLanes>::Floats;
    using Ints = typename Lanes<kLanes>::Ints;
    constexpr int64_t kAhead = edges_ahead(2 * kLanes * kVectors);
    const int64_t stop = a.graph.row_ptr[end];
    for (int64_t row = begin; row < end; ++row) {
      Floats sums[kVectors] = {}, x;
      for (int64_t e = a.graph.row_ptr[row]; e < a.graph.row_ptr[row + 1]; ++e) {
        if (e + kAhead < stop) {
          prefetch<kLanes * kVectors>(a, e + kAhead, columns.first);
          prefetch_row<kLanes * kVectors>(a.winner + a.graph.col[e + kAhead] * a.width +
                                          columns.first);
        }
        const float factor = factor_of(a, e);
        const Ints edge = Ints{} + static_cast<int32_t>(edge_index(a.graph, e));
        Ints winner;
        for (int k = 0; k < kVectors; ++k) {
          const int64_t at = a.graph.col[e] * a.width + columns.of<kLanes, kVectors>(k);
          load_lanes(x, a.x + at);
          load_lanes(winner, a.winner + at);
          x *= factor;
          sums[k] += winner == edge ? x : Floats{};
        }
      }
      for (int k = 0; k < kVectors; ++k)
        store_lanes(sums[k], a.out + row * a.width + columns.of<kLanes, kVectors>(k));
    }
  }
};

// Sum of left * right over a row's entries (those that `edge` won, if there are winners), as
// sixteen sums by index modulo sixteen.
template <bool kWon>
inline float dot(
    const float* left, const float* right, const int32_t* winner, int32_t edge, int64_t width) {
  using Floats = Lanes<kNativeLanes>::Floats;
  using Ints = Lanes<kNativeLanes>::Ints;
  constexpr int kSums = 16, kVectors = kSums / kNativeLanes;
  Floats sums[kVectors] = {}, x, y;
  Ints won;
  const auto add = [&](const float* a, const float* b, const int32_t* w) {
    for (int k = 0; k < kVectors; ++k) {
      load_lanes(x, a + k * kNativeLanes);
      load_lanes(y, b + k * kNativeLanes);
      x *= y;
      if constexpr (kWon) {
        load_lanes(won, w + k * kNativeLanes);
        x = won == edge ? x : Floats{};
      }
      sums[k] += x;
    }
  };
  int64_t i = 0;
  for (; i + kSums <= width; i += kSums) add(left + i, right + i, kWon ? winner + i : nullptr);
  if (i < width) {
    float a[kSums] = {}, b[kSums] = {};
    int32_t w[kSums] = {};
    for (int64_t j = 0; i + j < width; ++j) {
      a[j] = left[i + j];
      b[j] = right[i + j];
      if (kWon) w[j] = winner[i + j];
    }
    add(a, b, w);
  }
  float parts[kSums];
  __builtin_memcpy(parts, sums, sizeof parts);
  for (int half = kSums / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) parts[j] += parts[j + half];
  return parts[0];
}

template <bool kWon>
inline void edge_dot_of(const EdgeDotArrays& a, int64_t begin, int64_t end) {
  const int64_t stop = a.graph.row_ptr[end], ahead = edges_ahead(a.width);
  for (int64_t row = begin; row < end; ++row) {
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    const float share = a.mean ? 1.0F / static_cast<float>(last - first) : 1.0F;
    const int32_t* winner = kWon ? a.winner + row * a.width : nullptr;
    for (int64_t e = first; e < last; ++e) {
      if (e + ahead < stop) {
        const float* next = a.right + a.graph.col[e + ahead] * a.width;
        for (int64_t i = 0; i < a.width; i += 16) __builtin_prefetch(next + i);
      }
      const int64_t index = edge_index(a.graph, e);
      a.out[index] = share * dot<kWon>(a.left + row * a.width,
                                       a.right + a.graph.col[e] * a.width,
                                       winner,
                                       static_cast<int32_t>(index),
                                       a.width);
    }
  }
}

inline void spmm_sum_loop(const SpmmArrays& arrays, int64_t begin, int64_t end) {
  over_columns<kSpmmVectors>(arrays.width, SumRows{arrays, begin, end});
}
inline void spmm_max_loop(const SpmmArrays& arrays, int64_t begin, int64_t end) {
  over_columns<kSpmmVectors / 2>(arrays.width, MaxRows{arrays, begin, end});
}
inline void spmm_max_backward_loop(const SpmmArrays& arrays, int64_t begin, int64_t end) {
  over_columns<kSpmmVectors>(arrays.width, MaxRowsBackward{arrays, begin, end});
}
inline void edge_dot_loop(const EdgeDotArrays& arrays, int64_t begin, int64_t end) {
  if (arrays.winner == nullptr)
    edge_dot_of<false>(arrays, begin, end);
  else
    edge_dot_of<true>(arrays, begin, end);
}

}  // namespace
}  // namespace saggio::kernels
