// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/bellman_ford_layers.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace saggio::models {
namespace {

constexpr int64_t kRows = 1024;  // updated at once where no gradient is asked for

[[noreturn]] void refuse(const char* key, const std::string& value, const char* allowed) {
  throw std::invalid_argument(fmt::format("{} = '{}', allowed {}", key, value, allowed));
}

kernels::Message message_of(const BellmanFordLayerOptions& options) {
  if (options.message == "distmult") return kernels::Message::DistMult;
  if (options.message == "transe") return kernels::Message::TransE;
  refuse("message", options.message, "distmult, transe");
}

Aggregation aggregation_of(const BellmanFordLayerOptions& options) {
  if (options.aggregation == "sum") return Aggregation::Sum;
  if (options.aggregation == "pna") return Aggregation::Pna;
  refuse("aggregation", options.aggregation, "sum, pna");
}

// linear of [a, b], side by side, without the copy that joins them.
//   a [rows, D], b [rows, Db] -> [rows, out]
at::Tensor linear_of_both(const at::Tensor& a, const at::Tensor& b, const Linear& linear) {
  const int64_t D = a.size(1);
  const at::Tensor of_a = linear.weight.narrow(1, 0, D),
                   of_b = linear.weight.narrow(1, D, linear.weight.size(1) - D);
  return at::addmm(at::addmm(linear.bias, a, of_a.t()), b, of_b.t());
}

}  // namespace

BellmanFordLayers::BellmanFordLayers(const BellmanFordLayerOptions& options,
                                     const std::string& prefix,
                                     Leaves& leaves)
    : message_(message_of(options)), aggregation_(aggregation_of(options)), options_(options) {
  const int64_t D = options.width, inputs = aggregation_ == Aggregation::Sum ? 2 : 13;
  for (int64_t i = 0; i < options.layers; ++i) {
    const std::string name = fmt::format("{}layers.{}.", prefix, i);
    Layer layer;
    if (options.layer_norm) layer.norm = leaves.norm(name + "layer_norm", D);
    layer.linear = leaves.linear(name + "linear", inputs * D, D);
    layers_.push_back(layer);
  }
}

// What nodes are after a layer; all arguments [rows, *].
at::Tensor BellmanFordLayers::update(const Layer& layer,
                                     const at::Tensor& state,
                                     const at::Tensor& messages) const {
  at::Tensor hidden = linear_of_both(state, messages, layer.linear);
  if (options_.layer_norm) hidden = layer.norm(hidden);
  hidden = at::relu(hidden);
  return options_.shortcut ? hidden + state : hidden;
}

at::Tensor BellmanFordLayers::layer(size_t number,
                                    const SharedGraph& graph,
                                    const at::Tensor& state,
                                    const at::Tensor& relations,
                                    const at::Tensor& boundary) const {
  const Layer& layer = layers_.at(number);
  const at::Tensor messages =
      relational_messages(graph, message_, aggregation_, state, relations, boundary).flatten(0, 1);
  const at::Tensor rows = state.flatten(0, 1);
  if (at::GradMode::is_enabled()) return update(layer, rows, messages).view_as(state);
  // What a few rows become on the way stays in the cache.
  const at::Tensor result = at::empty_like(rows);
  for (int64_t begin = 0; begin < rows.size(0); begin += kRows) {
    const int64_t count = std::min(kRows, rows.size(0) - begin);
    result.narrow(0, begin, count)
        .copy_(update(layer, rows.narrow(0, begin, count), messages.narrow(0, begin, count)));
  }
  return result.view_as(state);
}

at::Tensor boundary_of(int64_t nodes, const at::Tensor& at, const at::Tensor& query) {
  const int64_t B = query.size(0);
  return at::zeros({nodes, B, query.size(1)}, query.options().requires_grad(false))
      .index_put({at, at::arange(B)}, query);
}

NodeScorer::NodeScorer(int64_t width, const std::string& prefix, Leaves& leaves)
    : width_(width),
      first_(leaves.linear(prefix + "mlp.0", 2 * width, 2 * width)),
      last_(leaves.linear(prefix + "mlp.2", 2 * width, 1)) {}

at::Tensor NodeScorer::operator()(const at::Tensor& states, const at::Tensor& query) const {
  // The query's share of the first layer is the same for all nodes.
  const at::Tensor of_query =
      at::addmm(first_.bias, query, first_.weight.narrow(1, width_, width_).t());  // [B, 2 D]
  const at::Tensor of_states =
      at::matmul(states, first_.weight.narrow(1, 0, width_).t());  // [C, B, 2 D]
  return last_(at::relu(of_states + of_query)).squeeze(-1).t().contiguous();
}

}  // namespace saggio::models
