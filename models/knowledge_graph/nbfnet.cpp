// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/nbfnet.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

namespace saggio::models {
namespace {

std::vector<Linear> make_relations(const NbfnetOptions& options, int64_t types, Leaves& leaves) {
  const int64_t D = options.layers.width;
  std::vector<Linear> relations;
  for (int64_t i = 0; i < options.layers.layers; ++i) {
    const std::string name = fmt::format("layers.{}.relation", i);
    relations.push_back(options.relations_by_query
                            ? leaves.linear(name + "_linear", D, types * D)
                            : Linear{leaves.normal(name + ".weight", {types, D}, 1), {}});
  }
  return relations;
}

// The last states of the candidates only.
//   states [N, B, D], candidates [B, C] -> [C, B, D]
at::Tensor of_candidates(const at::Tensor& states, const at::Tensor& candidates) {
  return states.index({candidates.t(), at::arange(candidates.size(0)).unsqueeze(0)});
}

}  // namespace

Nbfnet::Nbfnet(const NbfnetOptions& options, int64_t relations, const results::Stream& init)
    : Nbfnet(options, relations, Leaves(init)) {}

Nbfnet::Nbfnet(const NbfnetOptions& options, int64_t relations, Leaves leaves)
    : options_(options),
      types_(2 * relations),
      iteration_(options.layers, "", leaves),
      relations_(make_relations(options, types_, leaves)),
      query_(leaves.normal("query.weight", {types_, options.layers.width}, 1)),
      scorer_(options.layers.width, "", leaves),
      parameters_(leaves.take()) {}

// [2R, B, D]
at::Tensor Nbfnet::relation_vectors(size_t layer, const at::Tensor& query) const {
  const Linear& of = relations_.at(layer);
  const int64_t B = query.size(0), D = options_.layers.width;
  if (!of.bias.defined()) return of.weight.unsqueeze(1).expand({types_, B, D});
  return of(query).view({B, types_, D}).transpose(0, 1);
}

at::Tensor Nbfnet::forward(const SharedGraph& graph,
                           const at::Tensor& heads,
                           const at::Tensor& relations,
                           const at::Tensor& candidates) const {
  const at::Tensor query = at::embedding(query_, relations);  // [B, D]
  const at::Tensor boundary = boundary_of(graph->adjacency().rows(), heads, query);
  at::Tensor state = boundary;
  for (size_t i = 0; i < relations_.size(); ++i)
    state = iteration_.layer(i, graph, state, relation_vectors(i, query), boundary);
  return scorer_(candidates.defined() ? of_candidates(state, candidates) : state, query);
}

at::Tensor sampled_loss(const at::Tensor& scores, double temperature) {
  const at::Tensor truth = scores.narrow(1, 0, 1), others = scores.narrow(1, 1, scores.size(1) - 1);
  // Weights all alike are those of an endless temperature.
  const at::Tensor weights =
      at::softmax(temperature > 0 ? others.detach() / temperature : at::zeros_like(others), 1);
  // -log sigmoid(x) = softplus(-x), -log(1 - sigmoid(x)) = softplus(x).
  const at::Tensor of_others = (at::softplus(others) * weights).sum(1);
  return (at::softplus(-truth).squeeze(1) + of_others).mean() / 2;
}

at::Tensor NbfnetScorer::scores(const at::Tensor& heads, const at::Tensor& relations) {
  const at::NoGradGuard no_gradients;
  return model_->forward(graph_, heads, relations);
}

}  // namespace saggio::models
