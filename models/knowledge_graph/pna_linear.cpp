// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/pna_linear.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace saggio::models {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kStatistics = 4, kScalers = 3;
constexpr int64_t kRows = 1024;  // at once

// [out, 12 D], feature (d 4 + f) 3 + s -> [4 D, 3 out], row f D + d and column s out + o.
at::Tensor by_statistic(const at::Tensor& weight) {
  const int64_t out = weight.size(0), D = weight.size(1) / (kStatistics * kScalers);
  return weight.view({out, D, kStatistics, kScalers})
      .permute({2, 1, 3, 0})
      .reshape({kStatistics * D, kScalers * out});
}
at::Tensor by_feature(const at::Tensor& weight, int64_t out) {
  const int64_t D = weight.size(0) / kStatistics;
  return weight.view({kStatistics, D, kScalers, out}).permute({3, 1, 0, 2}).reshape({out, -1});
}

// Some nodes' share of the arrays, for which the products of one block are computed.
struct Block {
  int64_t first, nodes, queries, width;

  // [4 D] of a node and query side by side, as statistics [N, 4, B D] holds them.
  at::Tensor rows_in(const at::Tensor& statistics) const {
    return statistics.narrow(0, first, nodes)
        .view({nodes, kStatistics, queries, width})
        .transpose(1, 2);
  }
  // [nodes, 1, 3, 1]
  at::Tensor of(const at::Tensor& scalers) const {
    return scalers.narrow(0, first, nodes).view({nodes, 1, kScalers, 1});
  }
  at::Tensor results_in(const at::Tensor& rows) const {
    return rows.narrow(0, first * queries, nodes * queries);
  }
  // [rows, k out] as [nodes, B, k, out]
  at::Tensor by_node(const at::Tensor& rows, int64_t k) const {
    return rows.view({nodes, queries, k, rows.size(1) / k});
  }
  at::Tensor copied(const at::Tensor& statistics) const {
    return rows_in(statistics).reshape({nodes * queries, kStatistics * width});
  }
};

template <class Body>
void for_blocks(const at::Tensor& statistics, int64_t width, const Body& body) {
  const int64_t N = statistics.size(0), B = statistics.size(2) / width;
  const int64_t step = std::max<int64_t>(1, kRows / std::max<int64_t>(1, B));
  for (int64_t first = 0; first < N; first += step)
    body(Block{first, std::min(step, N - first), B, width});
}

struct PnaLinear : torch::autograd::Function<PnaLinear> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& statistics,
                            const at::Tensor& scalers,
                            const at::Tensor& weight) {
    context->save_for_backward({statistics, scalers, weight});
    const at::Tensor w = by_statistic(weight);
    const int64_t D = w.size(0) / kStatistics, out = weight.size(0);
    const at::Tensor result =
        at::empty({statistics.size(0) * statistics.size(2) / D, out}, statistics.options());
    for_blocks(statistics, D, [&](const Block& block) {
      const at::Tensor products = at::mm(block.copied(statistics), w);  // [rows, 3 out]
      at::Tensor to = block.by_node(block.results_in(result), 1).squeeze(2);
      at::sum_out(to, block.by_node(products, kScalers).mul_(block.of(scalers)), 2);
    });
    return result;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &statistics = saved[0], &scalers = saved[1];
    const at::Tensor w = by_statistic(saved[2]), above = gradients[0].contiguous();
    const int64_t D = w.size(0) / kStatistics, out = saved[2].size(0);
    const at::Tensor of_statistics = at::empty_like(statistics), of_w = at::zeros_like(w);
    for_blocks(statistics, D, [&](const Block& block) {
      const at::Tensor products = (block.by_node(block.results_in(above), 1) * block.of(scalers))
                                      .view({-1, kScalers * out});  // their gradient [rows, 3 out]
      of_w.addmm_(block.copied(statistics).t(), products);
      block.rows_in(of_statistics).copy_(block.by_node(at::mm(products, w.t()), kStatistics));
    });
    return {of_statistics, {}, by_feature(of_w, out)};
  }
};

}  // namespace

at::Tensor pna_linear(const at::Tensor& statistics,
                      const at::Tensor& scalers,
                      const at::Tensor& weight) {
  return PnaLinear::apply(statistics, scalers, weight);
}

}  // namespace saggio::models
