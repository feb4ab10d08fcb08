// SPDX-License-Identifier: MIT
#include "kernels/cuda/each_entry.cuh"
#include "kernels/cuda/relational_cuda.h"

namespace saggio::kernels {
namespace {

__device__ float make_message(bool add, float x, float r) { return add ? x + r : x * r; }

struct SumEntry {
  RelationalArrays a;
  __device__ void operator()(int64_t row, int64_t column) const {
    float sum = a.boundary == nullptr ? 0 : a.boundary[row * a.width + column];
    for (int64_t e = a.graph.row_ptr[row]; e < a.graph.row_ptr[row + 1]; ++e)
      sum += make_message(a.add,
                          a.x[a.graph.col[e] * a.width + column],
                          a.r[a.type[edge_index(a.graph, e)] * a.width + column]);
    a.out[row * a.width + column] = sum;
  }
};

// What one entry has seen of its messages; the first wins whatever it is, and so does a NaN.
struct Seen {
  float sum = 0, squares = 0, max = 0, min = 0;
  int32_t max_edge = -1, min_edge = -1;
  __device__ void add(float m, int32_t edge, bool first) {
    sum += m;
    squares += m * m;
    if (m > max || m != m || first) {
      max = m;
      max_edge = edge;
    }
    if (m < min || m != m || first) {
      min = m;
      min_edge = edge;
    }
  }
};

struct PnaEntry {
  RelationalArrays a;
  __device__ void operator()(int64_t row, int64_t column) const {
    const int64_t first = a.graph.row_ptr[row], last = a.graph.row_ptr[row + 1];
    Seen seen;
    for (int64_t e = first; e < last; ++e) {
      const int64_t edge = edge_index(a.graph, e);
      const float m = make_message(
          a.add, a.x[a.graph.col[e] * a.width + column], a.r[a.type[edge] * a.width + column]);
      seen.add(m, static_cast<int32_t>(edge), e == first);
    }
    seen.add(a.boundary[row * a.width + column], -1, first == last);
    const float count = static_cast<float>(last - first + 1), mean = seen.sum / count;
    const float variance = seen.squares / count - mean * mean;
    float* to = a.out + row * 4 * a.width + column;
    to[0] = mean;
    to[a.width] = seen.max;
    to[2 * a.width] = seen.min;
    to[3 * a.width] = sqrtf(variance < kVarianceFloor ? kVarianceFloor : variance);
    a.winner[row * 2 * a.width + column] = seen.max_edge;
    a.winner[(row * 2 + 1) * a.width + column] = seen.min_edge;
  }
};

__device__ float gradient_of_message(const GradientArrays& a,
                                     const TypedPlace& place,
                                     int64_t column) {
  if (a.winner == nullptr) return a.gradient[place.row * a.width + column];
  const float m =
      make_message(a.add, a.x[place.col * a.width + column], a.r[place.type * a.width + column]);
  const float* c = a.gradient + place.row * 4 * a.width + column;
  const int32_t* winner = a.winner + place.row * 2 * a.width + column;
  float dm = c[0] + c[a.width] * m;
  if (winner[0] == place.edge) dm += c[2 * a.width];
  if (winner[a.width] == place.edge) dm += c[3 * a.width];
  return dm;
}

struct SenderEntry {
  GradientArrays a;
  __device__ void operator()(int64_t sender, int64_t column) const {
    float sum = 0;
    for (int64_t e = a.graph.row_ptr[sender]; e < a.graph.row_ptr[sender + 1]; ++e) {
      const auto edge = static_cast<int32_t>(edge_index(a.graph, e));
      const TypedPlace place = {a.graph.col[e], static_cast<int32_t>(sender), edge, a.type[edge]};
      const float dm = gradient_of_message(a, place, column);
      sum += a.add ? dm : dm * a.r[place.type * a.width + column];
    }
    a.out[sender * a.width + column] = sum;
  }
};

struct ChunkEntry {
  GradientArrays a;
  __device__ void operator()(int64_t chunk, int64_t column) const {
    const TypedRange range = a.ranges[chunk];
    float sum = 0;
    for (int64_t e = range.begin; e < range.end; ++e) {
      const int32_t* edge = a.edges + 3 * e;
      const TypedPlace place = {edge[0], edge[1], edge[2], static_cast<int32_t>(range.type)};
      const float dm = gradient_of_message(a, place, column);
      sum += a.add ? dm : dm * a.x[place.col * a.width + column];
    }
    a.out[chunk * a.width + column] = sum;
  }
};

struct TypeEntry {
  const float* partial;
  const int64_t* chunk_ptr;
  float* result;
  int64_t width;
  __device__ void operator()(int64_t type, int64_t column) const {
    float sum = 0;
    for (int64_t chunk = chunk_ptr[type]; chunk < chunk_ptr[type + 1]; ++chunk)
      sum += partial[chunk * width + column];
    result[type * width + column] = sum;
  }
};

}  // namespace

int relational_sum_launch(const RelationalArrays& arrays, int64_t rows, CUstream_st* stream) {
  return each_entry(SumEntry{arrays}, rows, arrays.width, stream);
}

int relational_pna_launch(const RelationalArrays& arrays, int64_t rows, CUstream_st* stream) {
  return each_entry(PnaEntry{arrays}, rows, arrays.width, stream);
}

int sender_gradient_launch(const GradientArrays& arrays, int64_t rows, CUstream_st* stream) {
  return each_entry(SenderEntry{arrays}, rows, arrays.width, stream);
}

int type_gradient_launch(const GradientArrays& arrays,
                         int64_t chunks,
                         const int64_t* chunk_ptr,
                         int64_t types,
                         float* result,
                         CUstream_st* stream) {
  const int error = each_entry(ChunkEntry{arrays}, chunks, arrays.width, stream);
  if (error != cudaSuccess) return error;
  return each_entry(
      TypeEntry{arrays.out, chunk_ptr, result, arrays.width}, types, arrays.width, stream);
}

}  // namespace saggio::kernels
