// SPDX-License-Identifier: MIT
#include "models/message_passing.h"

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

#include "kernels/csr_edges.h"
#include "kernels/segment_softmax.h"

namespace saggio::models {
namespace {

using kernels::Adjacency;
using kernels::Aggregate;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// An Adjacency on its way to the backward pass; the copy shares the tensors.
struct Kept : torch::CustomClassHolder {
  explicit Kept(const Adjacency& a) : adjacency(a) {}
  Adjacency adjacency;
};

void keep(AutogradContext& context, const Adjacency& a) {
  context.saved_data["adjacency"] = c10::IValue::make_capsule(c10::make_intrusive<Kept>(a));
}

c10::intrusive_ptr<Kept> kept(AutogradContext& context) {
  return c10::static_intrusive_pointer_cast<Kept>(context.saved_data["adjacency"].toCapsule());
}

struct Gather : torch::autograd::Function<Gather> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& x,
                            const std::optional<at::Tensor>& given,
                            const Adjacency& a,
                            Aggregate aggregate) {
    const at::Tensor weight = given.value_or(at::Tensor());
    const kernels::SpmmResult result = kernels::spmm(a, aggregate, x, weight);
    keep(*context, a);
    context->saved_data["aggregate"] = static_cast<int64_t>(aggregate);
    context->save_for_backward({x, weight, result.winner});
    return result.out;
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto held = kept(*context);
    const Adjacency& a = held->adjacency;
    const auto aggregate = static_cast<Aggregate>(context->saved_data["aggregate"].toInt());
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &winner = saved[2], &dout = gradients[0];
    at::Tensor dx, dweight;
    if (context->needs_input_grad(0))
      dx = kernels::spmm_backward_x(a, aggregate, dout, weight, winner);
    if (weight.defined() && context->needs_input_grad(1))
      dweight = kernels::spmm_backward_weight(a, aggregate, dout, x, winner);
    return {dx, dweight, {}, {}};
  }
};

struct EdgeSoftmax : torch::autograd::Function<EdgeSoftmax> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& scores,
                            const Adjacency& a) {
    at::Tensor alpha = kernels::segment_softmax(a, scores);
    keep(*context, a);
    context->save_for_backward({alpha});
    return alpha;
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    return {kernels::segment_softmax_backward(kept(*context)->adjacency, gradients[0], saved[0]),
            {}};
  }
};

void check_square(const char* what, const Adjacency& a) {
  if (a.rows() != a.columns())
    throw std::invalid_argument(
        fmt::format("{}: a matrix of {} rows and {} columns, expected a square one",
                    what,
                    a.rows(),
                    a.columns()));
}

// One direction with its loops.
kernels::Csr looped(const kernels::Csr& csr) {
  const int64_t N = csr.row_ptr.numel() - 1, M = csr.col.numel();
  const kernels::Csr result = {
      at::empty({N + 1}, at::kLong), at::empty({M + N}, at::kInt), at::empty({M + N}, at::kInt)};
  const int64_t* from = csr.row_ptr.const_data_ptr<int64_t>();
  int64_t* offsets = result.row_ptr.mutable_data_ptr<int64_t>();
  int32_t* col = result.col.mutable_data_ptr<int32_t>();
  int32_t* edge = result.edge.mutable_data_ptr<int32_t>();
  for (int64_t i = 0; i <= N; ++i) offsets[i] = from[i] + i;
  int64_t at = 0;  // i loops stand before the edges of row i
  kernels::for_edges(csr, [&](int64_t index, int64_t i, int64_t j) {
    col[at + i] = static_cast<int32_t>(j);
    edge[at + i] = static_cast<int32_t>(index);
    ++at;
  });
  for (int64_t i = 0; i < N; ++i) {
    col[offsets[i + 1] - 1] = static_cast<int32_t>(i);
    edge[offsets[i + 1] - 1] = static_cast<int32_t>(M + i);
  }
  return result;
}

}  // namespace

at::Tensor gather(const Adjacency& a,
                  const at::Tensor& x,
                  const at::Tensor& weight,
                  Aggregate aggregate) {
  const auto given = weight.defined() ? std::optional(weight) : std::nullopt;
  return Gather::apply(x, given, a, aggregate);
}

at::Tensor edge_softmax(const Adjacency& a, const at::Tensor& scores) {
  return EdgeSoftmax::apply(scores, a);
}

EdgeEnds edge_ends(const Adjacency& a) {
  EdgeEnds ends = {at::empty({a.edges()}, at::kInt), at::empty({a.edges()}, at::kInt)};
  int32_t* row = ends.row.mutable_data_ptr<int32_t>();
  int32_t* column = ends.column.mutable_data_ptr<int32_t>();
  kernels::for_edges(a.by_row(), [&](int64_t index, int64_t i, int64_t j) {
    row[index] = static_cast<int32_t>(i);
    column[index] = static_cast<int32_t>(j);
  });
  return ends;
}

Adjacency with_loops(const Adjacency& a) {
  check_square("with_loops", a);
  return {looped(a.by_row()), looped(a.by_column())};
}

Normalised symmetric_normalised(const Adjacency& a, bool loops, const at::Tensor& weight) {
  check_square("symmetric_normalised", a);
  const at::Tensor values =
      weight.defined() ? weight.detach().contiguous() : at::ones({a.edges()}, at::kFloat);
  const float* value = values.const_data_ptr<float>();
  std::vector<double> degree(static_cast<size_t>(a.rows()), loops ? 1. : 0.);
  kernels::for_edges(a.by_row(), [&](int64_t index, int64_t i, int64_t) {
    degree[static_cast<size_t>(i)] += double{value[index]};
  });
  for (double& sum : degree) sum = sum > 0 ? 1 / std::sqrt(sum) : 0;  // of no use to rows without

  Normalised result = {at::empty({a.edges()}, at::kFloat), {}};
  float* edge = result.edge.mutable_data_ptr<float>();
  kernels::for_edges(a.by_row(), [&](int64_t index, int64_t i, int64_t j) {
    edge[index] = static_cast<float>(double{value[index]} * degree[static_cast<size_t>(i)] *
                                     degree[static_cast<size_t>(j)]);
  });
  if (!loops) return result;
  result.loop = at::empty({a.rows(), 1}, at::kFloat);
  for (int64_t i = 0; i < a.rows(); ++i)
    result.loop.mutable_data_ptr<float>()[i] =
        static_cast<float>(degree[static_cast<size_t>(i)] * degree[static_cast<size_t>(i)]);
  return result;
}

at::Tensor propagate(const Adjacency& a, const Normalised& matrix, const at::Tensor& x) {
  const at::Tensor out = gather(a, x, matrix.edge);
  return matrix.loop.defined() ? out + matrix.loop * x : out;
}

}  // namespace saggio::models
