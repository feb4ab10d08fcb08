// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

#include "kernels/csr_edges.h"
#include "kernels/reference.h"
#include "kernels/relational.h"

namespace saggio::kernels {
namespace {

constexpr double kFloor = 1e-6F;  // the number that the loops have

// visit(edge index, entry of the receiver, of the sender, of the type, feature) for all messages.
template <class Visit>
void for_messages(const RelationalGraph& graph, int64_t D, const Visit& visit) {
  const int32_t* type = graph.type().const_data_ptr<int32_t>();
  for_edges(graph.adjacency().by_row(), [&](int64_t e, int64_t i, int64_t j) {
    for (int64_t d = 0; d < D; ++d) visit(e, i * D + d, j * D + d, type[e] * D + d, d);
  });
}

double messages_of(const RelationalGraph& graph, int64_t row) {  // the boundary is one
  const int64_t* offsets = graph.adjacency().by_row().row_ptr.const_data_ptr<int64_t>();
  return static_cast<double>(offsets[row + 1] - offsets[row] + 1);
}

// Hands dm of each message on to its sender and its type.
struct HandOn {
  Message message;
  at::Tensor x, r;
  RelationalGradients to;

  HandOn(Message kind, const at::Tensor& of_x, const at::Tensor& of_r)
      : message(kind),
        x(plain(of_x)),
        r(plain(of_r)),
        to{at::zeros_like(x), at::zeros_like(r), at::zeros_like(x)} {}
  double value(int64_t sender, int64_t type) const {
    const double a = x.const_data_ptr<double>()[sender], b = r.const_data_ptr<double>()[type];
    return message == Message::TransE ? a + b : a * b;
  }
  void operator()(double dm, int64_t sender, int64_t type) const {
    const bool add = message == Message::TransE;
    to.x.mutable_data_ptr<double>()[sender] += add ? dm : dm * r.const_data_ptr<double>()[type];
    to.r.mutable_data_ptr<double>()[type] += add ? dm : dm * x.const_data_ptr<double>()[sender];
  }
};

}  // namespace

at::Tensor relational_sum_reference(const RelationalGraph& graph,
                                    Message message,
                                    const at::Tensor& x,
                                    const at::Tensor& r,
                                    const at::Tensor& boundary) {
  const HandOn all(message, x, r);
  at::Tensor out = boundary.defined() ? plain(boundary).clone() : at::zeros_like(all.x);
  for_messages(graph, x.size(1), [&](int64_t, int64_t i, int64_t j, int64_t t, int64_t) {
    out.mutable_data_ptr<double>()[i] += all.value(j, t);
  });
  return out;
}

RelationalGradients relational_sum_backward_reference(const RelationalGraph& graph,
                                                      Message message,
                                                      const at::Tensor& dout,
                                                      const at::Tensor& x,
                                                      const at::Tensor& r) {
  HandOn all(message, x, r);
  const at::Tensor gradient = plain(dout);
  for_messages(graph, x.size(1), [&](int64_t, int64_t i, int64_t j, int64_t t, int64_t) {
    all(gradient.const_data_ptr<double>()[i], j, t);
  });
  all.to.boundary = gradient.clone();
  return all.to;
}

RelationalPna relational_pna_reference(const RelationalGraph& graph,
                                       Message message,
                                       const at::Tensor& x,
                                       const at::Tensor& r,
                                       const at::Tensor& boundary) {
  const HandOn all(message, x, r);
  const int64_t N = x.size(0), D = x.size(1);
  const at::Tensor last = plain(boundary), sum = last.clone(), squares = last.square();
  at::Tensor max = at::full({N, D}, -INFINITY, at::kDouble), min = -max;
  const at::Tensor winner = at::full({N, 2, D}, -1, at::kInt);
  const auto see = [&](double m, int64_t i, int64_t d, int64_t e) {
    int32_t* won = winner.mutable_data_ptr<int32_t>() + (i - d) * 2 + d;
    double &top = max.mutable_data_ptr<double>()[i], &bottom = min.mutable_data_ptr<double>()[i];
    if (m > top) {
      top = m;
      won[0] = static_cast<int32_t>(e);
    }
    if (m < bottom) {
      bottom = m;
      won[D] = static_cast<int32_t>(e);
    }
  };
  for_messages(graph, D, [&](int64_t e, int64_t i, int64_t j, int64_t t, int64_t d) {
    const double m = all.value(j, t);
    sum.mutable_data_ptr<double>()[i] += m;
    squares.mutable_data_ptr<double>()[i] += m * m;
    see(m, i, d, e);
  });
  RelationalPna result{at::zeros({N, 4, D}, at::kDouble), winner};
  for (int64_t i = 0; i < N; ++i)
    for (int64_t d = 0; d < D; ++d) {
      const int64_t at = i * D + d;
      see(last.const_data_ptr<double>()[at], at, d, -1);
      const double n = messages_of(graph, i), mean = sum.const_data_ptr<double>()[at] / n;
      const double variance = squares.const_data_ptr<double>()[at] / n - mean * mean;
      const double features[] = {mean,
                                 max.const_data_ptr<double>()[at],
                                 min.const_data_ptr<double>()[at],
                                 std::sqrt(std::max(variance, kFloor))};
      for (int f = 0; f < 4; ++f)
        result.statistics.mutable_data_ptr<double>()[(i * 4 + f) * D + d] = features[f];
    }
  return result;
}

RelationalGradients relational_pna_backward_reference(const RelationalGraph& graph,
                                                      Message message,
                                                      const at::Tensor& dout,
                                                      const at::Tensor& x,
                                                      const at::Tensor& r,
                                                      const at::Tensor& boundary,
                                                      const RelationalPna& saved) {
  const HandOn all(message, x, r);
  const int64_t N = x.size(0), D = x.size(1);
  const at::Tensor above = plain(dout), statistics = plain(saved.statistics),
                   last = plain(boundary);
  const at::Tensor winner = saved.winner.contiguous();
  // What message m of row i receives at feature d.
  const auto gradient = [&](double m, int64_t i, int64_t d, int64_t e) {
    const double n = messages_of(graph, i);
    const auto of = [&](int f) { return above.const_data_ptr<double>()[(i * 4 + f) * D + d]; };
    const double mean = statistics.const_data_ptr<double>()[i * 4 * D + d],
                 std = statistics.const_data_ptr<double>()[(i * 4 + 3) * D + d];
    const int32_t* won = winner.const_data_ptr<int32_t>() + i * 2 * D + d;
    double dm = of(0) / n + (won[0] == e ? of(1) : 0) + (won[D] == e ? of(2) : 0);
    if (static_cast<float>(std) > std::sqrt(1e-6F)) dm += of(3) * (m - mean) / (n * std);
    return dm;
  };
  for_messages(graph, D, [&](int64_t e, int64_t i, int64_t j, int64_t t, int64_t d) {
    all(gradient(all.value(j, t), i / D, d, e), j, t);
  });
  for (int64_t i = 0; i < N; ++i)
    for (int64_t d = 0; d < D; ++d)
      all.to.boundary.mutable_data_ptr<double>()[i * D + d] =
          gradient(last.const_data_ptr<double>()[i * D + d], i, d, -1);
  return all.to;
}

}  // namespace saggio::kernels
