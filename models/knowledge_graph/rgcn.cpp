// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/rgcn.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "models/knowledge_graph/messages.h"

namespace saggio::models {
namespace {

// c_i  [N, 1] f32; 1 for a node without edges, whose sum is 0.
at::Tensor edges_of_nodes(const SharedGraph& graph) {
  const at::Tensor& offsets = graph->adjacency().by_row().row_ptr;
  return offsets.diff().clamp_min(1).to(at::kFloat).unsqueeze(1);
}

}  // namespace

Rgcn::Rgcn(const RgcnOptions& options,
           int64_t nodes,
           int64_t relations,
           const results::Stream& init)
    : Rgcn(options, nodes, relations, Leaves(init)) {}

Rgcn::Rgcn(const RgcnOptions& options, int64_t nodes, int64_t relations, Leaves leaves)
    : options_(options),
      count_(relations),
      embedding_(leaves.normal("nodes", {nodes, options.width}, 1)),
      layers_(make_layers(options, relations, leaves)),
      relations_(leaves.normal("relations", {relations, options.width}, 1)),
      parameters_(leaves.take()) {}

std::vector<Rgcn::Layer> Rgcn::make_layers(const RgcnOptions& options,
                                           int64_t relations,
                                           Leaves& leaves) {
  const int64_t D = options.width, K = options.bases;
  const double of_width = 1 / std::sqrt(static_cast<double>(D));
  std::vector<Layer> layers;
  for (int64_t i = 0; i < options.layers; ++i) {
    const std::string name = fmt::format("layers.{}.", i);
    Layer layer;
    layer.bases = leaves.normal(name + "bases", {K * D, D}, of_width);
    layer.coefficients = leaves.normal(
        name + "coefficients", {2 * relations, K}, 1 / std::sqrt(static_cast<double>(K)));
    layer.self = leaves.normal(name + "self", {D, D}, of_width);
    layers.push_back(layer);
  }
  return layers;
}

// sum over the edges of W_t h_j / c_i  [N, D]
at::Tensor Rgcn::from_neighbours(const SharedGraph& graph,
                                 const at::Tensor& x,
                                 const Layer& layer) const {
  const int64_t N = x.size(0), D = options_.width, K = options_.bases;
  const at::Tensor through = at::linear(x, layer.bases).view({N, K, D});
  const at::Tensor coefficients = layer.coefficients.unsqueeze(2).expand({2 * count_, K, D});
  return message_sums(graph,
                      kernels::Message::DistMult,
                      through,
                      coefficients,
                      at::zeros({N, K, D}, at::kFloat))
             .sum(1) /
         edges_of_nodes(graph);
}

at::Tensor Rgcn::encode(const SharedGraph& graph) const {
  at::Tensor x = embedding_;
  for (size_t i = 0; i < layers_.size(); ++i) {
    x = from_neighbours(graph, x, layers_[i]) + at::linear(x, layers_[i].self);
    if (i + 1 < layers_.size()) x = at::relu(x);
  }
  return x;
}

at::Tensor Rgcn::score(const at::Tensor& states,
                       const at::Tensor& heads,
                       const at::Tensor& relations,
                       const at::Tensor& candidates) const {
  const at::Tensor query = at::embedding(states, heads) *
                           at::embedding(relations_, relations.remainder(count_));  // [B, D]
  if (!candidates.defined()) return at::linear(query, states);
  return (at::embedding(states, candidates) * query.unsqueeze(1)).sum(2);
}

RgcnScorer::RgcnScorer(std::shared_ptr<const Rgcn> model, const SharedGraph& graph)
    : model_(std::move(model)) {
  const at::NoGradGuard no_gradients;
  states_ = model_->encode(graph);
}

at::Tensor RgcnScorer::scores(const at::Tensor& heads, const at::Tensor& relations) {
  const at::NoGradGuard no_gradients;
  return model_->score(states_, heads, relations);
}

}  // namespace saggio::models
