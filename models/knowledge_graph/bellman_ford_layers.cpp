// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/bellman_ford_layers.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "models/knowledge_graph/pna_linear.h"

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

bool is_pna(const BellmanFordLayerOptions& options) {
  if (options.aggregation == "sum") return false;
  if (options.aggregation == "pna") return true;
  refuse("aggregation", options.aggregation, "sum, pna");
}

}  // namespace

// What nodes make of their messages.
struct BellmanFordLayers::Received {
  at::Tensor messages;  // sum: [N, B, D]; pna: the statistics [N, 4, B D]
  at::Tensor scalers;   // sum: undefined; pna: [N, 3] f32

  Received narrow(int64_t first, int64_t count) const {
    return {messages.narrow(0, first, count),
            scalers.defined() ? scalers.narrow(0, first, count) : scalers};
  }
};

BellmanFordLayers::BellmanFordLayers(const BellmanFordLayerOptions& options,
                                     const std::string& prefix,
                                     Leaves& leaves)
    : message_(message_of(options)), pna_(is_pna(options)), options_(options) {
  const int64_t D = options.width, inputs = pna_ ? 13 : 2;
  for (int64_t i = 0; i < options.layers; ++i) {
    const std::string name = fmt::format("{}layers.{}.", prefix, i);
    Layer layer;
    if (options.layer_norm) layer.norm = leaves.norm(name + "layer_norm", D);
    layer.linear = leaves.linear(name + "linear", inputs * D, D);
    layers_.push_back(layer);
  }
}

BellmanFordLayers::Received BellmanFordLayers::receive(const SharedGraph& graph,
                                                       const at::Tensor& state,
                                                       const at::Tensor& relations,
                                                       const at::Tensor& boundary) const {
  if (!pna_) return {message_sums(graph, message_, state, relations, boundary), {}};
  return {message_statistics(graph, message_, state, relations, boundary),
          kernels::degree_scalers(graph->adjacency()).to(at::kFloat)};
}

// What some nodes are after a layer  [n, B, D]; the linear layer is over their state and messages
// side by side, without the copy that joins them.
at::Tensor BellmanFordLayers::update(const Layer& layer,
                                     const at::Tensor& state,
                                     const Received& received) const {
  const int64_t D = options_.width;
  const at::Tensor& weight = layer.linear.weight;
  const at::Tensor of_state = weight.narrow(1, 0, D),
                   of_messages = weight.narrow(1, D, weight.size(1) - D);
  at::Tensor hidden = at::addmm(layer.linear.bias, state.flatten(0, 1), of_state.t());
  if (pna_)
    hidden = hidden + pna_linear(received.messages, received.scalers, of_messages);
  else
    hidden = at::addmm(hidden, received.messages.flatten(0, 1), of_messages.t());
  if (options_.layer_norm) hidden = layer.norm(hidden);
  hidden = at::relu(hidden).view_as(state);
  return options_.shortcut ? hidden + state : hidden;
}

at::Tensor BellmanFordLayers::layer(size_t number,
                                    const SharedGraph& graph,
                                    const at::Tensor& state,
                                    const at::Tensor& relations,
                                    const at::Tensor& boundary) const {
  const Layer& layer = layers_.at(number);
  const Received received = receive(graph, state, relations, boundary);
  if (at::GradMode::is_enabled()) return update(layer, state, received);
  // What a few rows become on the way stays in the cache.
  const at::Tensor result = at::empty_like(state);
  const int64_t N = state.size(0), step = std::max<int64_t>(1, kRows / state.size(1));
  for (int64_t first = 0; first < N; first += step) {
    const int64_t count = std::min(step, N - first);
    result.narrow(0, first, count)
        .copy_(update(layer, state.narrow(0, first, count), received.narrow(first, count)));
  }
  return result;
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
