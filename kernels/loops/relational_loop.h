// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/lanes.h"
#include "kernels/loops/loops.h"

// The loops of kernels/relational.h. Internal linkage: see loops.cpp.
namespace saggio::kernels {
namespace {

constexpr int kSumVectors = 8;
constexpr int kPnaVectors = kNativeLanes == 16 ? 4 : 2;  // six sums each, in registers
constexpr int kGradientVectors = 4;

// m = x * r or x + r at the same column of both.
template <bool kAdd, class Floats>
inline void make_message(Floats& m, const float* x, const float* r) {
  Floats relation;
  load_lanes(m, x);
  load_lanes(relation, r);
  if constexpr (kAdd)
    m += relation;
  else
    m *= relation;
}

template <bool kAdd>
struct RelationalSumRows {
  const RelationalArrays& a;
  int64_t begin, end;

  template <int kLanes, int kVectors>
  void run(const Columns& columns) const {
    constexpr int64_t kAhead = edges_ahead(kLanes * kVectors);
    const int64_t stop = a.graph.row_ptr[end];
    for (int64_t row = begin; row < end; ++row) {
      typename Lanes<kLanes>::Floats sums[kVectors] = {}, m;
      if (a.boundary != nullptr)
        for (int k = 0; k < kVectors; ++k)
          load_lanes(sums[k], a.boundary + row * a.width + columns.of<kLanes, kVectors>(k));
      for (int64_t e = a.graph.row_ptr[row]; e < a.graph.row_ptr[row + 1]; ++e) {
        if (e + kAhead < stop) {
          prefetch_row<kLanes * kVectors>(a.x + a.graph.col[e + kAhead] * a.width + columns.first);
          prefetch_edge(a.graph, a.type, e + kAhead);
        }
        const float* x = a.x + a.graph.col[e] * a.width;
        const float* r = a.r + a.type[edge_index(a.graph, e)] * a.width;
        for (int k = 0; k < kVectors; ++k) {
          const int64_t at = columns.of<kLanes, kVectors>(k);
          make_message<kAdd>(m, x + at, r + at);
          sums[k] += m;
        }
      }
      for (int k = 0; k < kVectors; ++k)
        store_lanes(sums[k], a.out + row * a.width + columns.of<kLanes, kVectors>(k));
    }
  }
};

// What one vector of a row has seen of its messages.
template <int kLanes>
struct Seen {
  using Floats = typename Lanes<kLanes>::Floats;
  using Ints = typename Lanes<kLanes>::Ints;
  Floats sum = {}, squares = {}, max = {}, min = {};
  Ints max_edge = Ints{} - 1, min_edge = Ints{} - 1;

  // `first`: all bits set for the first message of the row, which wins whatever it is.
  void add(const Floats& m, const Ints& edge, const Ints& first) {
    sum += m;
    squares += m * m;
    const Ints above = (m > max) | (m != m) | first, below = (m < min) | (m != m) | first;
    max = above ? m : max;
    min = below ? m : min;
    max_edge = above ? edge : max_edge;
    min_edge = below ? edge : min_edge;
  }
};

template <bool kAdd>
struct PnaRows {
  const RelationalArrays& a;
  int64_t begin, end;

  template <int kLanes, int kVectors>
  void run(const Columns& columns) const {
    using Ints = typename Lanes<kLanes>::Ints;
    constexpr int64_t kAhead = edges_ahead(kLanes * kVectors);
    const int64_t stop = a.graph.row_ptr[end];
    for (int64_t row = begin; row < end; ++row) {
      Seen<kLanes> seen[kVectors];
      typename Lanes<kLanes>::Floats m;
      const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
      for (int64_t e = first; e < last; ++e) {
        if (e + kAhead < stop) {
          prefetch_row<kLanes * kVectors>(a.x + a.graph.col[e + kAhead] * a.width + columns.first);
          prefetch_edge(a.graph, a.type, e + kAhead);
        }
        const int64_t index = edge_index(a.graph, e);
        const float* x = a.x + a.graph.col[e] * a.width;
        const float* r = a.r + a.type[index] * a.width;
        const Ints edge = Ints{} + static_cast<int32_t>(index),
                   always = Ints{} - static_cast<int32_t>(e == first);
        for (int k = 0; k < kVectors; ++k) {
          const int64_t at = columns.of<kLanes, kVectors>(k);
          make_message<kAdd>(m, x + at, r + at);
          seen[k].add(m, edge, always);
        }
      }
      for (int k = 0; k < kVectors; ++k) {
        const int64_t at = columns.of<kLanes, kVectors>(k);
        load_lanes(m, a.boundary + row * a.width + at);
        seen[k].add(m, Ints{} - 1, Ints{} - static_cast<int32_t>(first == last));
        finish(seen[k], row, at, static_cast<float>(last - first + 1));
      }
    }
  }

  template <int kLanes>
  void finish(Seen<kLanes>& seen, int64_t row, int64_t at, float count) const {
    typename Lanes<kLanes>::Floats mean = seen.sum / count,
                                   std = seen.squares / count - mean * mean;
    for (int i = 0; i < kLanes; ++i)  // one by one: NaN stays NaN
      std[i] = __builtin_sqrtf(std[i] < kVarianceFloor ? kVarianceFloor : std[i]);
    float* to = a.out + row * 4 * a.width + at;
    store_lanes(mean, to);
    store_lanes(seen.max, to + a.width);
    store_lanes(seen.min, to + 2 * a.width);
    store_lanes(std, to + 3 * a.width);
    store_lanes(seen.max_edge, a.winner + row * 2 * a.width + at);
    store_lanes(seen.min_edge, a.winner + (row * 2 + 1) * a.width + at);
  }
};

// What a message receives of its row's gradient: A + B m, and more where it won.
template <class Floats, class Ints>
inline void gradient_of_message(Floats& dm,
                                const Floats& m,
                                const GradientArrays& a,
                                int64_t row,
                                int64_t at,
                                const Ints& edge) {
  const float* c = a.gradient + row * 4 * a.width + at;
  const int32_t* w = a.winner + row * 2 * a.width + at;
  Floats constant, slope, of_max, of_min;
  Ints max_edge, min_edge;
  load_lanes(constant, c);
  load_lanes(slope, c + a.width);
  load_lanes(of_max, c + 2 * a.width);
  load_lanes(of_min, c + 3 * a.width);
  load_lanes(max_edge, w);
  load_lanes(min_edge, w + a.width);
  dm = constant + slope * m;
  dm += max_edge == edge ? of_max : Floats{};
  dm += min_edge == edge ? of_min : Floats{};
}

// One vector of one edge's gradient: that of the message, times what multiplied the other factor.
template <bool kAdd, bool kPna, int kLanes>
inline void gradient_of_edge(typename Lanes<kLanes>::Floats& dm,
                             const GradientArrays& a,
                             const TypedPlace& place,
                             const float* other,
                             int64_t at) {
  using Ints = typename Lanes<kLanes>::Ints;
  typename Lanes<kLanes>::Floats factor;
  if constexpr (kPna) {
    typename Lanes<kLanes>::Floats m;
    make_message<kAdd>(m, a.x + place.col * a.width + at, a.r + place.type * a.width + at);
    const Ints edge = Ints{} + place.edge;
    gradient_of_message(dm, m, a, place.row, at, edge);
  } else {
    load_lanes(dm, a.gradient + place.row * a.width + at);
  }
  if constexpr (!kAdd) {
    load_lanes(factor, other + at);
    dm *= factor;
  }
}

// Rows that gradient_of_edge() reads of a receiver.
template <bool kPna>
constexpr int kGathered = kPna ? 6 : 1;

// Asks for them.
template <bool kPna, int kFloats>
SAGGIO_PREFETCHES void prefetch_gradient(const GradientArrays& a, int64_t row, int64_t column) {
  constexpr int kWinners = kPna ? 2 : 0, kRows = kGathered<kPna> - kWinners;
  for (int k = 0; k < kRows; ++k)
    prefetch_row<kFloats>(a.gradient + (row * kRows + k) * a.width + column);
  for (int k = 0; k < kWinners; ++k)
    prefetch_row<kFloats>(a.winner + (row * kWinners + k) * a.width + column);
}

// Rows of the transposed graph: the gradient of x.
template <bool kAdd, bool kPna>
struct SenderRows {
  const GradientArrays& a;
  int64_t begin, end;

  template <int kLanes, int kVectors>
  void run(const Columns& columns) const {
    constexpr int64_t kAhead = edges_ahead(kGathered<kPna> * kLanes * kVectors);
    const int64_t stop = a.graph.row_ptr[end];
    for (int64_t sender = begin; sender < end; ++sender) {
      typename Lanes<kLanes>::Floats sums[kVectors] = {}, dm;
      for (int64_t e = a.graph.row_ptr[sender]; e < a.graph.row_ptr[sender + 1]; ++e) {
        if (e + kAhead < stop) {
          prefetch_gradient<kPna, kLanes * kVectors>(a, a.graph.col[e + kAhead], columns.first);
          prefetch_edge(a.graph, a.type, e + kAhead);
        }
        const auto edge = static_cast<int32_t>(edge_index(a.graph, e));
        const TypedPlace place = {a.graph.col[e], static_cast<int32_t>(sender), edge, a.type[edge]};
        const float* r = a.r + place.type * a.width;
        for (int k = 0; k < kVectors; ++k) {
          gradient_of_edge<kAdd, kPna, kLanes>(dm, a, place, r, columns.of<kLanes, kVectors>(k));
          sums[k] += dm;
        }
      }
      for (int k = 0; k < kVectors; ++k)
        store_lanes(sums[k], a.out + sender * a.width + columns.of<kLanes, kVectors>(k));
    }
  }
};

// Chunks of the edges by type: partial sums of the gradient of r, one row each.
template <bool kAdd, bool kPna>
struct TypeRows {
  const GradientArrays& a;
  int64_t begin, end;

  template <int kLanes, int kVectors>
  void run(const Columns& columns) const {
    constexpr int64_t kAhead = edges_ahead((kGathered<kPna> + 1) * kLanes * kVectors);
    for (int64_t chunk = begin; chunk < end; ++chunk) {
      typename Lanes<kLanes>::Floats sums[kVectors] = {}, dm;
      const TypedRange& range = a.ranges[chunk];
      for (int64_t e = range.begin; e < range.end; ++e) {
        if (e + kAhead < range.end) {
          const int32_t* later = a.edges + 3 * (e + kAhead);
          prefetch_gradient<kPna, kLanes * kVectors>(a, later[0], columns.first);
          prefetch_row<kLanes * kVectors>(a.x + later[1] * a.width + columns.first);
        }
        const int32_t* edge = a.edges + 3 * e;
        const TypedPlace place = {edge[0], edge[1], edge[2], static_cast<int32_t>(range.type)};
        const float* x = a.x + place.col * a.width;
        for (int k = 0; k < kVectors; ++k) {
          gradient_of_edge<kAdd, kPna, kLanes>(dm, a, place, x, columns.of<kLanes, kVectors>(k));
          sums[k] += dm;
        }
      }
      for (int k = 0; k < kVectors; ++k)
        store_lanes(sums[k], a.out + chunk * a.width + columns.of<kLanes, kVectors>(k));
    }
  }
};

inline void relational_sum_loop(const RelationalArrays& arrays, int64_t begin, int64_t end) {
  if (arrays.add)
    over_columns<kSumVectors>(arrays.width, RelationalSumRows<true>{arrays, begin, end});
  else
    over_columns<kSumVectors>(arrays.width, RelationalSumRows<false>{arrays, begin, end});
}

inline void relational_pna_loop(const RelationalArrays& arrays, int64_t begin, int64_t end) {
  if (arrays.add)
    over_columns<kPnaVectors>(arrays.width, PnaRows<true>{arrays, begin, end});
  else
    over_columns<kPnaVectors>(arrays.width, PnaRows<false>{arrays, begin, end});
}

template <template <bool, bool> class Rows>
inline void gradient_loop(const GradientArrays& arrays, int64_t begin, int64_t end) {
  const int64_t width = arrays.width;
  if (arrays.winner == nullptr && arrays.add)
    over_columns<kGradientVectors>(width, Rows<true, false>{arrays, begin, end});
  else if (arrays.winner == nullptr)
    over_columns<kGradientVectors>(width, Rows<false, false>{arrays, begin, end});
  else if (arrays.add)
    over_columns<kGradientVectors>(width, Rows<true, true>{arrays, begin, end});
  else
    over_columns<kGradientVectors>(width, Rows<false, true>{arrays, begin, end});
}

inline void sender_gradient_loop(const GradientArrays& arrays, int64_t begin, int64_t end) {
  gradient_loop<SenderRows>(arrays, begin, end);
}
inline void type_gradient_loop(const GradientArrays& arrays, int64_t begin, int64_t end) {
  gradient_loop<TypeRows>(arrays, begin, end);
}

}  // namespace
}  // namespace saggio::kernels
