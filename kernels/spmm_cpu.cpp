// SPDX-License-Identifier: MIT
#include <ATen/ops/empty.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "kernels/flop_counter.h"
#include "kernels/graph_input.h"
#include "kernels/loops/loops.h"
#include "kernels/spmm.h"

namespace saggio::kernels {
namespace {

at::Tensor weight_input(const Adjacency& a, const at::Tensor& weight) {
  return weight.defined() ? graph_input("spmm", "weight", weight, {a.edges()}) : weight;
}

const float* data_or_null(const at::Tensor& x) {
  return x.defined() ? x.const_data_ptr<float>() : nullptr;
}

// Undefined unless the aggregate is Max.
at::Tensor winner_input(Aggregate aggregate, const at::Tensor& winner, at::IntArrayRef shape) {
  if (aggregate != Aggregate::Max) return {};
  if (!winner.defined() || winner.scalar_type() != at::kInt || winner.sizes() != shape)
    throw std::invalid_argument(
        fmt::format("spmm: winner is {}, expected int [{}]: pass on what spmm() gave",
                    winner.defined() ? winner.toString() : "undefined",
                    fmt::join(shape, ", ")));
  return winner.contiguous();
}

// 1 / d of every row; rows without edges are never asked.
at::Tensor shares(const Csr& csr) {
  const int64_t rows = csr.row_ptr.numel() - 1;
  at::Tensor result = at::empty({rows}, at::kFloat);
  const int64_t* offsets = csr.row_ptr.const_data_ptr<int64_t>();
  float* share = result.mutable_data_ptr<float>();
  for (int64_t i = 0; i < rows; ++i)
    share[i] =
        offsets[i + 1] > offsets[i] ? 1.0F / static_cast<float>(offsets[i + 1] - offsets[i]) : 0.0F;
  return result;
}

// A multiply-add for each edge and entry.
void count(const Adjacency& a, int64_t D) {
  count_kernel("spmm", 2 * static_cast<double>(a.edges()) * static_cast<double>(D));
}

}  // namespace

SpmmResult spmm(const Adjacency& a,
                Aggregate aggregate,
                const at::Tensor& x,
                const at::Tensor& weight) {
  const int64_t D = width_of("spmm", "x", x, a.columns());
  const at::Tensor from = graph_input("spmm", "x", x, {a.columns(), D});
  const at::Tensor factors = weight_input(a, weight);
  SpmmResult result{at::empty({a.rows(), D}, at::kFloat), {}};
  if (aggregate == Aggregate::Max) result.winner = at::empty({a.rows(), D}, at::kInt);
  const SpmmArrays arrays = {
      arrays_of(a.by_row()),
      data_or_null(factors),
      nullptr,
      from.const_data_ptr<float>(),
      result.out.mutable_data_ptr<float>(),
      result.winner.defined() ? result.winner.mutable_data_ptr<int32_t>() : nullptr,
      D,
      aggregate == Aggregate::Mean};
  count(a, D);
  const auto loop = aggregate == Aggregate::Max ? loops().spmm_max : loops().spmm_sum;
  parallel_rows(a.by_row(), D, [&](int64_t begin, int64_t end) { loop(arrays, begin, end); });
  return result;
}

at::Tensor spmm_backward_x(const Adjacency& a,
                           Aggregate aggregate,
                           const at::Tensor& dout,
                           const at::Tensor& weight,
                           const at::Tensor& winner) {
  const int64_t D = width_of("spmm", "dout", dout, a.rows());
  const at::Tensor from = graph_input("spmm", "dout", dout, {a.rows(), D});
  const at::Tensor factors = weight_input(a, weight);
  const at::Tensor won = winner_input(aggregate, winner, {a.rows(), D});
  const at::Tensor scale = aggregate == Aggregate::Mean ? shares(a.by_row()) : at::Tensor();
  at::Tensor dx = at::empty({a.columns(), D}, at::kFloat);
  const SpmmArrays arrays = {
      arrays_of(a.by_column()),
      data_or_null(factors),
      data_or_null(scale),
      from.const_data_ptr<float>(),
      dx.mutable_data_ptr<float>(),
      won.defined() ? const_cast<int32_t*>(won.const_data_ptr<int32_t>()) : nullptr,
      D,
      false};
  count(a, D);
  const auto loop = aggregate == Aggregate::Max ? loops().spmm_max_backward : loops().spmm_sum;
  parallel_rows(a.by_column(), D, [&](int64_t begin, int64_t end) { loop(arrays, begin, end); });
  return dx;
}

at::Tensor spmm_backward_weight(const Adjacency& a,
                                Aggregate aggregate,
                                const at::Tensor& dout,
                                const at::Tensor& x,
                                const at::Tensor& winner) {
  const int64_t D = width_of("spmm", "x", x, a.columns());
  const at::Tensor left = graph_input("spmm", "dout", dout, {a.rows(), D});
  const at::Tensor right = graph_input("spmm", "x", x, {a.columns(), D});
  const at::Tensor won = winner_input(aggregate, winner, {a.rows(), D});
  at::Tensor dweight = at::empty({a.edges()}, at::kFloat);
  const EdgeDotArrays arrays = {arrays_of(a.by_row()),
                                left.const_data_ptr<float>(),
                                right.const_data_ptr<float>(),
                                won.defined() ? won.const_data_ptr<int32_t>() : nullptr,
                                dweight.mutable_data_ptr<float>(),
                                D,
                                aggregate == Aggregate::Mean};
  count(a, D);
  parallel_rows(
      a.by_row(), D, [&](int64_t begin, int64_t end) { loops().edge_dot(arrays, begin, end); });
  return dweight;
}

}  // namespace saggio::kernels
