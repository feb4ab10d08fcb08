// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "kernels/csr_edges.h"
#include "kernels/reference.h"
#include "kernels/spmm.h"

namespace saggio::kernels {
namespace {

at::Tensor weights(const Adjacency& a, const at::Tensor& weight) {
  return weight.defined() ? plain(weight) : at::ones({a.edges()}, at::kDouble);
}

double edges_of(const Adjacency& a, int64_t row) {
  const int64_t* offsets = a.by_row().row_ptr.const_data_ptr<int64_t>();
  return static_cast<double>(offsets[row + 1] - offsets[row]);
}

// What one edge passes on of one entry's gradient.
double share(const Adjacency& a, Aggregate aggregate, int64_t row, bool won) {
  if (aggregate == Aggregate::Mean) return 1 / edges_of(a, row);
  return aggregate == Aggregate::Sum || won ? 1 : 0;
}

}  // namespace

SpmmResult spmm_reference(const Adjacency& a,
                          Aggregate aggregate,
                          const at::Tensor& x,
                          const at::Tensor& weight) {
  const at::Tensor from = plain(x), factors = weights(a, weight);
  const int64_t D = x.size(1);
  SpmmResult result{at::zeros({a.rows(), D}, at::kDouble), at::full({a.rows(), D}, -1, at::kInt)};
  double* out = result.out.mutable_data_ptr<double>();
  int32_t* winner = result.winner.mutable_data_ptr<int32_t>();
  for_edges(a.by_row(), [&](int64_t e, int64_t i, int64_t j) {
    for (int64_t d = 0; d < D; ++d) {
      const double message =
          factors.const_data_ptr<double>()[e] * from.const_data_ptr<double>()[j * D + d];
      double& entry = out[i * D + d];
      int32_t& won = winner[i * D + d];
      if (aggregate != Aggregate::Max) {
        entry += aggregate == Aggregate::Mean ? message / edges_of(a, i) : message;
      } else if (won < 0 || message > entry || std::isnan(message)) {
        entry = message;
        won = static_cast<int32_t>(e);
      }
    }
  });
  if (aggregate != Aggregate::Max) result.winner.reset();
  return result;
}

at::Tensor spmm_backward_x_reference(const Adjacency& a,
                                     Aggregate aggregate,
                                     const at::Tensor& dout,
                                     const at::Tensor& weight,
                                     const at::Tensor& winner) {
  const at::Tensor from = plain(dout), factors = weights(a, weight);
  const int64_t D = dout.size(1);
  at::Tensor dx = at::zeros({a.columns(), D}, at::kDouble);
  double* to = dx.mutable_data_ptr<double>();
  for_edges(a.by_row(), [&](int64_t e, int64_t i, int64_t j) {
    for (int64_t d = 0; d < D; ++d) {
      const bool won = winner.defined() && winner.const_data_ptr<int32_t>()[i * D + d] == e;
      to[j * D + d] += share(a, aggregate, i, won) * factors.const_data_ptr<double>()[e] *
                       from.const_data_ptr<double>()[i * D + d];
    }
  });
  return dx;
}

at::Tensor spmm_backward_weight_reference(const Adjacency& a,
                                          Aggregate aggregate,
                                          const at::Tensor& dout,
                                          const at::Tensor& x,
                                          const at::Tensor& winner) {
  const at::Tensor left = plain(dout), right = plain(x);
  const int64_t D = x.size(1);
  at::Tensor dweight = at::zeros({a.edges()}, at::kDouble);
  double* to = dweight.mutable_data_ptr<double>();
  for_edges(a.by_row(), [&](int64_t e, int64_t i, int64_t j) {
    for (int64_t d = 0; d < D; ++d) {
      const bool won = winner.defined() && winner.const_data_ptr<int32_t>()[i * D + d] == e;
      to[e] += share(a, aggregate, i, won) * left.const_data_ptr<double>()[i * D + d] *
               right.const_data_ptr<double>()[j * D + d];
    }
  });
  return dweight;
}

}  // namespace saggio::kernels
