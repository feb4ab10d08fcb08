// SPDX-License-Identifier: MIT
#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "kernels/graph_input.h"
#include "kernels/loops/loops.h"
#include "kernels/parallel.h"
#include "kernels/relational.h"
#include "kernels/relational_input.h"

namespace saggio::kernels {
namespace {

constexpr int kFeatures = 4;
constexpr int64_t kGrain = int64_t{1} << 12;  // entries

void for_rows(int64_t rows, int64_t D, c10::function_ref<void(int64_t row)> body) {
  parallel_ranges(rows,
                  std::max<int64_t>(1, kGrain / std::max<int64_t>(1, D)),
                  [&](int64_t begin, int64_t end) {
                    for (int64_t row = begin; row < end; ++row) body(row);
                  });
}

// d statistics / d m as GradientArrays has it: mean' = 1 / n, std' = (m - mean) / (n std) above the
// floor.
void message_coefficients(
    const float* above, const float* statistics, int64_t D, float count, float* gradient) {
  static const float kFloor = std::sqrt(kVarianceFloor);
  for (int64_t d = 0; d < D; ++d) {
    const float mean = statistics[d], std = statistics[3 * D + d];
    const float slope = std <= kFloor ? 0 : above[3 * D + d] / (count * std);
    gradient[d] = above[d] / count - slope * mean;
    gradient[D + d] = slope;
    gradient[2 * D + d] = above[D + d];
    gradient[3 * D + d] = above[2 * D + d];
  }
}

void boundary_gradient(
    const float* boundary, const float* gradient, const int32_t* winner, int64_t D, float* to) {
  for (int64_t d = 0; d < D; ++d)
    to[d] = gradient[d] + gradient[D + d] * boundary[d] +
            (winner[d] < 0 ? gradient[2 * D + d] : 0.F) +
            (winner[D + d] < 0 ? gradient[3 * D + d] : 0.F);
}

at::Tensor winner_input(const at::Tensor& winner, int64_t N, int64_t D) {
  if (!winner.defined() || winner.scalar_type() != at::kInt ||
      winner.sizes() != at::IntArrayRef{N, 2, D})
    throw std::invalid_argument(
        fmt::format("relational: winner is {}, expected int [{}, 2, {}]: pass on what "
                    "relational_pna() gave",
                    winner.defined() ? winner.toString() : "undefined",
                    N,
                    D));
  return winner.contiguous();
}

}  // namespace

RelationalPna relational_pna(const RelationalGraph& graph,
                             Message message,
                             const at::Tensor& x,
                             const at::Tensor& r,
                             const at::Tensor& boundary) {
  const RelationalInput input(graph, x, r);
  const at::Tensor last = graph_input("relational", "boundary", boundary, input.x.sizes());
  const int64_t N = graph.adjacency().rows(), D = input.width;
  RelationalPna result{at::empty({N, kFeatures, D}, at::kFloat), at::empty({N, 2, D}, at::kInt)};
  const RelationalArrays arrays = {arrays_of(graph.adjacency().by_row()),
                                   graph.type().const_data_ptr<int32_t>(),
                                   input.x.const_data_ptr<float>(),
                                   input.r.const_data_ptr<float>(),
                                   last.const_data_ptr<float>(),
                                   result.statistics.mutable_data_ptr<float>(),
                                   result.winner.mutable_data_ptr<int32_t>(),
                                   D,
                                   message == Message::TransE};
  input.count(graph, "relational_pna", 4);  // the message, added, and its square
  parallel_rows(graph.adjacency().by_row(), 4 * D, [&](int64_t begin, int64_t end) {
    loops().relational_pna(arrays, begin, end);
  });
  return result;
}

RelationalGradients relational_pna_backward(const RelationalGraph& graph,
                                            Message message,
                                            const at::Tensor& dout,
                                            const at::Tensor& x,
                                            const at::Tensor& r,
                                            const at::Tensor& boundary,
                                            const RelationalPna& saved) {
  const RelationalInput input(graph, x, r);
  const int64_t N = graph.adjacency().rows(), D = input.width;
  const at::Tensor last = graph_input("relational", "boundary", boundary, {N, D});
  const at::Tensor above = graph_input("relational", "dout", dout, {N, kFeatures, D});
  const at::Tensor statistics =
      graph_input("relational", "statistics", saved.statistics, {N, kFeatures, D});
  const at::Tensor winner = winner_input(saved.winner, N, D);
  const at::Tensor gradient = at::empty({N, kFeatures, D}, at::kFloat);
  const at::Tensor of_boundary = at::empty({N, D}, at::kFloat);
  const int64_t* offsets = graph.adjacency().by_row().row_ptr.const_data_ptr<int64_t>();
  for_rows(N, D, [&](int64_t row) {
    float* mine = gradient.mutable_data_ptr<float>() + row * kFeatures * D;
    message_coefficients(above.const_data_ptr<float>() + row * kFeatures * D,
                         statistics.const_data_ptr<float>() + row * kFeatures * D,
                         D,
                         static_cast<float>(offsets[row + 1] - offsets[row] + 1),
                         mine);
    boundary_gradient(last.const_data_ptr<float>() + row * D,
                      mine,
                      winner.const_data_ptr<int32_t>() + row * 2 * D,
                      D,
                      of_boundary.mutable_data_ptr<float>() + row * D);
  });
  // For the sender and for the type: the message, its slope in a multiply-add, another for the sum.
  input.count(graph, "relational_pna", 10);
  RelationalGradients result = message_gradients(graph, message, input, gradient, winner);
  result.boundary = of_boundary;
  return result;
}

}  // namespace saggio::kernels
