// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/loops/loops.h"

// Rows of any width as vectors of the instruction set's own width, held in registers while the edges
// of a row go by. Each entry of a row is computed alone, so that the width of a vector does not
// show in the result. Internal linkage: see loops.cpp.
namespace saggio::kernels {
namespace {

#if defined(__AVX512F__)
constexpr int kNativeLanes = 16;
#elif defined(__AVX2__)
constexpr int kNativeLanes = 8;
#else
constexpr int kNativeLanes = 4;
#endif

template <int kLanes>
struct Lanes {
  using Floats [[gnu::vector_size(kLanes * 4)]] = float;
  using Ints [[gnu::vector_size(kLanes * 4)]] = int32_t;
};

// By reference: a vector as an argument has another meaning in each instruction set.
template <class Vector, class T>
inline void load_lanes(Vector& to, const T* from) {
  __builtin_memcpy(&to, from, sizeof to);
}
template <class Vector, class T>
inline void store_lanes(const Vector& from, T* to) {
  __builtin_memcpy(to, &from, sizeof from);
}

// Where the vectors of a group of columns begin. The last one ends where the row ends and may
// overlap the one before: both compute the same there.
struct Columns {
  int64_t first, last;
  template <int kLanes, int kVectors>
  int64_t of(int k) const {
    return k == kVectors - 1 ? last : first + int64_t{k} * kLanes;
  }
};

template <int kLanes, int kVectors, class Pass>
inline void run_with(int64_t vectors, const Columns& columns, const Pass& pass) {
  if constexpr (kVectors > 1)
    if (vectors < kVectors) return run_with<kLanes, kVectors - 1>(vectors, columns, pass);
  pass.template run<kLanes, kVectors>(columns);
}

template <int kLanes, int kMost, class Pass>
inline void cover(int64_t width, const Pass& pass) {
  for (int64_t first = 0; first < width; first += int64_t{kMost} * kLanes) {
    const int64_t needed = (width - first + kLanes - 1) / kLanes;
    const int64_t vectors = needed < kMost ? needed : kMost;
    const int64_t end = first + vectors * kLanes;
    run_with<kLanes, kMost>(vectors, {first, (end < width ? end : width) - kLanes}, pass);
  }
}

// Calls pass.run<lanes, vectors>(columns) for groups of columns that cover [0, width), with up to
// kMost vectors in a group.
template <int kMost, class Pass>
inline void over_columns(int64_t width, const Pass& pass) {
  if (width >= kNativeLanes) return cover<kNativeLanes, kMost>(width, pass);
  if constexpr (kNativeLanes > 8)
    if (width >= 8) return cover<8, 2>(width, pass);
  if constexpr (kNativeLanes > 4)
    if (width >= 4) return cover<4, 2>(width, pass);
  if (width >= 2) return cover<2, 2>(width, pass);
  cover<1, 1>(width, pass);
}

// How many edges before it is read a gathered row is asked for, if each edge gathers so many floats:
// as many as put 256 cache lines on their way, a third of a first-level cache of 48 KB. Fewer do not
// hide the time that a line takes, many more drive each other out.
constexpr int64_t edges_ahead(int64_t floats) {
  const int64_t lines = (floats + 15) / 16;
  return lines > 2 ? 256 / lines : 128;
}

// What only prefetches has no effect that GCC knows of, and a call of it is left out: it must be
// inlined before that is found.
#define SAGGIO_PREFETCHES [[gnu::always_inline]] inline

template <int kCount, class T>
SAGGIO_PREFETCHES void prefetch_row(const T* row) {
  constexpr int kLine = 64 / sizeof(T);
  for (int i = 0; i < kCount; i += kLine) __builtin_prefetch(row + i);
}

inline int64_t edge_index(const CsrArrays& graph, int64_t e) {
  return graph.edge == nullptr ? e : graph.edge[e];
}

// What an edge has by its index, null: nothing. By position it is read in order and needs no help.
template <class T>
SAGGIO_PREFETCHES void prefetch_edge(const CsrArrays& graph, const T* by_index, int64_t e) {
  if (graph.edge != nullptr && by_index != nullptr) __builtin_prefetch(by_index + graph.edge[e]);
}

}  // namespace
}  // namespace saggio::kernels
