// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/ultra.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace saggio::models {
namespace {

constexpr std::string_view kModel = "model.", kOptimizer = "optimizer.";

// How relations meet: relation_graph()'s types of edges.
constexpr int64_t kMeetings = 4;

BellmanFordLayerOptions iteration(const UltraOptions& options) {
  return {.width = options.width,
          .layers = options.layers,
          .message = "distmult",
          .aggregation = "sum",
          .layer_norm = true,
          .shortcut = true};
}

void check_tensor(const results::TorchTensor& stored, const NamedTensor& parameter) {
  if (stored.dtype != "F32" || stored.shape != parameter.value.sizes().vec())
    throw std::runtime_error(fmt::format("ULTRA's checkpoint: {} is {} [{}], expected F32 [{}]",
                                         stored.name,
                                         stored.dtype,
                                         fmt::join(stored.shape, ", "),
                                         fmt::join(parameter.value.sizes(), ", ")));
}

void check_nothing_more(const results::TorchFile& file, const NamedTensors& parameters) {
  std::set<std::string> known;
  for (const NamedTensor& parameter : parameters)
    known.insert(std::string(kModel) + parameter.name);
  for (const results::TorchTensor& stored : file.tensors())
    if (!stored.name.starts_with(kOptimizer) && !known.contains(stored.name))
      throw std::runtime_error(
          fmt::format("ULTRA's checkpoint: {} is no parameter of a model of this width and depth",
                      stored.name));
}

}  // namespace

UltraGraphs ultra_graphs(const at::Tensor& facts, int64_t nodes, int64_t relations) {
  return {fact_graph(facts, nodes, relations), relation_graph(facts, nodes, relations)};
}

Ultra::Ultra(const UltraOptions& options, const results::Stream& init)
    : Ultra(options, Leaves(init)) {}

Ultra::Ultra(const UltraOptions& options, Leaves leaves)
    : options_(options),
      over_relations_(iteration(options), "relation_model.", leaves),
      meetings_(make_meetings(options, leaves)),
      over_nodes_(iteration(options), "entity_model.", leaves),
      projections_(make_projections(options, leaves)),
      scorer_(options.width, "entity_model.", leaves),
      parameters_(leaves.take()) {}

std::vector<at::Tensor> Ultra::make_meetings(const UltraOptions& options, Leaves& leaves) {
  std::vector<at::Tensor> meetings;
  for (int64_t i = 0; i < options.layers; ++i)
    meetings.push_back(leaves.normal(
        fmt::format("relation_model.layers.{}.relation.weight", i), {kMeetings, options.width}, 1));
  return meetings;
}

std::vector<Ultra::Projection> Ultra::make_projections(const UltraOptions& options,
                                                       Leaves& leaves) {
  const int64_t D = options.width;
  std::vector<Projection> projections;
  for (int64_t i = 0; i < options.layers; ++i) {
    const std::string name = fmt::format("entity_model.layers.{}.relation_projection.", i);
    Projection projection;
    projection.first = leaves.linear(name + "0", D, D);
    projection.last = leaves.linear(name + "2", D, D);
    projections.push_back(projection);
  }
  return projections;
}

void Ultra::load(const results::TorchFile& file) {
  std::vector<const results::TorchTensor*> stored;
  for (const NamedTensor& parameter : parameters_) {
    stored.push_back(&file.tensor(std::string(kModel) + parameter.name));
    check_tensor(*stored.back(), parameter);
  }
  check_nothing_more(file, parameters_);
  for (size_t i = 0; i < stored.size(); ++i) {
    const std::vector<std::byte> bytes = stored[i]->row_major();
    std::copy(bytes.begin(),
              bytes.end(),
              static_cast<std::byte*>(parameters_[i].value.mutable_data_ptr()));
  }
}

at::Tensor Ultra::relation_vectors(const SharedGraph& relation_graph,
                                   const at::Tensor& relations) const {
  const int64_t B = relations.size(0), D = options_.width;
  const at::Tensor query = at::ones({B, D}, at::kFloat);
  const at::Tensor boundary = boundary_of(relation_graph->adjacency().rows(), relations, query);
  at::Tensor state = boundary;  // [2R, B, D]
  for (size_t i = 0; i < meetings_.size(); ++i)
    state = over_relations_.layer(
        i, relation_graph, state, meetings_[i].unsqueeze(1).expand({kMeetings, B, D}), boundary);
  return state;
}

at::Tensor Ultra::forward(const SharedGraph& facts,
                          const at::Tensor& heads,
                          const at::Tensor& relations,
                          const at::Tensor& vectors) const {
  const at::Tensor query = vectors.index({relations, at::arange(relations.size(0))});  // [B, D]
  const at::Tensor boundary = boundary_of(facts->adjacency().rows(), heads, query);
  at::Tensor state = boundary;  // [N, B, D]
  for (size_t i = 0; i < projections_.size(); ++i) {
    const Projection& project = projections_[i];
    state = over_nodes_.layer(
        i, facts, state, project.last(at::relu(project.first(vectors))), boundary);
  }
  return scorer_(state, query);
}

UltraScorer::UltraScorer(std::shared_ptr<const Ultra> model, UltraGraphs graphs)
    : model_(std::move(model)),
      graphs_(std::move(graphs)),
      vectors_(static_cast<size_t>(graphs_.relations->adjacency().rows())) {}

// [2R, 1, D] for a relation [1].
at::Tensor UltraScorer::vectors_of(const at::Tensor& relation) {
  at::Tensor& vectors = vectors_.at(static_cast<size_t>(relation.item<int64_t>()));
  if (!vectors.defined()) vectors = model_->relation_vectors(graphs_.relations, relation);
  return vectors;
}

at::Tensor UltraScorer::scores(const at::Tensor& heads, const at::Tensor& relations) {
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> rows;
  for (int64_t b = 0; b < heads.size(0); ++b) {
    const at::Tensor relation = relations.narrow(0, b, 1);
    rows.push_back(
        model_->forward(graphs_.facts, heads.narrow(0, b, 1), relation, vectors_of(relation)));
  }
  return at::cat(rows);
}

}  // namespace saggio::models
