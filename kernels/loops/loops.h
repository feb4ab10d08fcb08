// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// The innermost loops of the CPU kernels, written once and compiled once per instruction set; the
// best set that the processor has is chosen at run time. All sets give the same bits: the loops use
// only correctly rounded operations in one order, and the compiler may not contract a product and a
// sum into one rounding. So a result depends neither on the machine, nor on the number of threads,
// nor on where an array was cut.
namespace saggio::kernels {

enum class Isa { Plain, Avx2, Avx512 };  // Avx2: x86-64-v3; Avx512: x86-64-v4

// One array's part of an AdamW step; arrays of one length that do not overlap.
struct AdamwArrays {
  float* parameter;
  const float* gradient;
  float* mean;
  float* square;
  const uint8_t* trainable;  // null: all; else 0 = frozen
  float keep;                // 1 - lr * decay
};

struct AdamwConstants {
  float beta1, one_minus_beta1, beta2, one_minus_beta2;
  float step_size;  // lr / correction1
  float root;       // 1 / sqrt(correction2)
  float epsilon, gradient_scale;
};

enum class Element { F32, Bf16, F16 };
enum class Curve { Swish, EmSwish, ReluSquared };

// What an activation's loop computes. Forward: y = f(a), or f(a) b where there is a b. Backward
// (dy is not null): da = dy f'(a), or da = dy b f'(a) and db = dy f(a).
struct ActivationArrays {
  const void* dy;
  const void* a;
  const void* b;  // null: not gated
  void* y;
  void* da;
  void* db;
};

struct ActivationConstants {
  Curve curve;
  Element element;
  float temperature, inverse_temperature, lambda;
};

// One direction of a sparse matrix (kernels/csr.h).
struct CsrArrays {
  const int64_t* row_ptr;
  const int32_t* col;
  const int32_t* edge;  // null: an edge's index is its position
};

// Rows gathered, multiplied and reduced. x [columns, width], out [rows, width].
struct SpmmArrays {
  CsrArrays graph;
  const float* weight;  // [M] by edge index; null: 1
  const float* scale;   // [columns], multiplies the weight; null: 1
  const float* x;
  float* out;
  int32_t*
      winner;  // edge index or -1: [rows, width] that the maximum writes, [columns, width] that
               // its backward pass reads
  int64_t width;
  bool mean;
};

// out[e] = left[row] . right[col], [M] by edge index.
struct EdgeDotArrays {
  CsrArrays graph;
  const float* left;
  const float* right;
  const int32_t* winner;  // [rows, width] edge index: only what the edge won; null: all
  float* out;
  int64_t width;
  bool mean;  // divided by the row's number of edges
};

// Softmax over the edges of a row; all but the scratch are [M, heads] by edge index.
struct SegmentArrays {
  CsrArrays graph;
  const float* in;        // scores; backward: their softmax
  const float* gradient;  // backward: of the softmax
  float* out;
  float* scratch;  // (2 + edges of the longest row) x heads
  int64_t heads;
};

constexpr float kVarianceFloor = 1e-6F;

// Messages made of a gathered row of x [columns, width] and a row of r [types, width].
struct RelationalArrays {
  CsrArrays graph;
  const int32_t* type;  // [M] by edge index
  const float* x;
  const float* r;
  const float* boundary;  // [rows, width]; null, in sums only: 0
  float* out;             // [rows, width]; PNA: [rows, 4, width] mean, max, min, std
  int32_t* winner;        // PNA: [rows, 2, width] edge index or -1
  int64_t width;
  bool add;  // x + r, else x r
};

struct TypedPlace {
  int32_t row, col, edge, type;
};
struct TypedRange {
  int64_t type, begin, end;
};

// Gradients of x, by sender (`graph` transposed), and of r, by chunks of edges of one type.
struct GradientArrays {
  CsrArrays graph;
  const int32_t* type;       // [M] by edge index
  const int32_t* edges;      // [M, 3] row, column, edge index, grouped by type
  const TypedRange* ranges;  // the chunks
  const float* x;            // [columns, width]
  const float* r;            // [types, width]
  const float* gradient;  // [rows, width] of each message; PNA: [rows, 4, width], a message m has
                          // the first + m the second, + the third if it was the max, + the fourth
                          // if it was the min
  const int32_t* winner;  // PNA: [rows, 2, width]; null: not PNA
  float* out;             // [columns, width], or [chunks, width]
  int64_t width;
  bool add;
};

// A kernel's loop over rows [begin, end).
template <class Arrays>
using RowLoop = void (*)(const Arrays& arrays, int64_t begin, int64_t end);

struct Loops {
  void (*adamw)(const AdamwArrays& arrays, const AdamwConstants& constants, int64_t count);
  // In double, sixteen sums by index modulo sixteen, added in order.
  double (*sum_of_squares)(const float* x, const uint8_t* trainable, int64_t count);
  void (*scale)(float* x, float factor, int64_t count);
  void (*activation)(const ActivationArrays& arrays,
                     const ActivationConstants& constants,
                     int64_t count);
  float (*exp_minus)(float t);   // exp(-t), t in [0, 104]
  RowLoop<SpmmArrays> spmm_sum;  // and mean
  RowLoop<SpmmArrays> spmm_max, spmm_max_backward;
  RowLoop<EdgeDotArrays> edge_dot;
  RowLoop<SegmentArrays> segment_softmax, segment_softmax_backward;
  RowLoop<RelationalArrays> relational_sum, relational_pna;
  RowLoop<GradientArrays> sender_gradient, type_gradient;
};

bool supported(Isa isa);  // by this build and this processor

// Throws std::invalid_argument if `isa` is not supported.
const Loops& loops(Isa isa);

// The best that is supported.
const Loops& loops();

}  // namespace saggio::kernels
