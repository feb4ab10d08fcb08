// SPDX-License-Identifier: MIT
#include "experiments/modules/node_classification_session.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "models/transformer.h"

namespace saggio::experiments {
namespace {

at::Tensor indices(const std::vector<int32_t>& values) {
  return at::tensor(at::ArrayRef<int32_t>(values), at::kLong);
}

// 1 for each feature that a node has, or 1 / their number. A node without any has no entry.
models::SparseMatrix feature_matrix(const data::LabelledGraph& graph, bool row_normalised) {
  const auto M = static_cast<int64_t>(graph.feature.size());
  at::Tensor row_ptr = at::empty({graph.nodes + 1}, at::kLong), column = at::empty({M}, at::kInt),
             value = at::ones({M}, at::kFloat);
  std::copy(
      graph.feature_ptr.begin(), graph.feature_ptr.end(), row_ptr.mutable_data_ptr<int64_t>());
  std::copy(graph.feature.begin(), graph.feature.end(), column.mutable_data_ptr<int32_t>());
  if (row_normalised)
    for (size_t i = 0; i + 1 < graph.feature_ptr.size(); ++i) {
      const int64_t begin = graph.feature_ptr[i], end = graph.feature_ptr[i + 1];
      std::fill(value.mutable_data_ptr<float>() + begin,
                value.mutable_data_ptr<float>() + end,
                1 / static_cast<float>(end - begin));
    }
  return {kernels::with_transpose({row_ptr, column, {}}, graph.features), value};
}

at::Tensor l2_of(const NodeTrainOptions& options, const models::NamedTensors& parameters) {
  at::Tensor sum = at::zeros({}, at::kFloat);
  for (const auto& [name, value] : parameters)
    if (options.l2_on == "all" || name.starts_with("layer.0.")) sum = sum + value.square().sum();
  return options.l2 / 2 * sum;
}

}  // namespace

NodeTask::NodeTask(const data::LabelledGraph& graph,
                   const kernels::Adjacency& adjacency,
                   bool row_normalised)
    : input(adjacency, feature_matrix(graph, row_normalised)),
      labels(indices(graph.label)),
      train(indices(graph.train)),
      valid(indices(graph.valid)),
      test(indices(graph.test)),
      features(graph.features),
      classes(graph.classes) {}

double accuracy_of(const at::Tensor& scores, const at::Tensor& labels, const at::Tensor& nodes) {
  const at::Tensor said = scores.index_select(0, nodes).argmax(1);
  return said.eq(labels.index_select(0, nodes)).to(at::kDouble).mean().item<double>();
}

NodeScore score_nodes(const at::Tensor& logits, const at::Tensor& labels, const at::Tensor& nodes) {
  return {accuracy_of(logits, labels, nodes),
          models::cross_entropy(logits.index_select(0, nodes), labels.index_select(0, nodes))
              .item<double>()};
}

NodeSession::NodeSession(const NodeClassificationConfig& config,
                         const harness::Context& context,
                         const NodeTask& source)
    : task(source),
      options(config.train),
      network(config.model.network, source.features, source.classes, context.stream("init")),
      trainer(
          network.parameters(), config.train.trainer, context.stream("init").split("optimizer")),
      dropout(context.stream("dropout")) {}

models::StepReport NodeSession::step() {
  return trainer.step([&] {
    const at::Tensor logits = network.forward(task.input, &dropout).index_select(0, task.train);
    const at::Tensor loss = models::cross_entropy(logits, task.labels.index_select(0, task.train));
    return models::BatchLoss{options.l2 > 0 ? loss + l2_of(options, network.parameters()) : loss,
                             logits};
  });
}

std::optional<results::Record> NodeSession::train(const EachEpoch& each) {
  models::EarlyStopping stopping(options.stop);
  std::vector<at::Tensor> best;
  const at::NoGradGuard no_gradients;
  while (trainer.steps_done() < options.trainer.steps && !stopping.over()) {
    const models::StepReport report = [&] {
      const at::AutoGradMode gradients(true);
      return step();
    }();
    const NodeScore valid = report.finite
                                ? score_nodes(network.forward(task.input), task.labels, task.valid)
                                : NodeScore{};
    if (auto record = each(report, valid)) return record;
    if (!stopping.observe(valid.nats, valid.accuracy) || !stopping.keeps_best()) continue;
    best.clear();
    for (const auto& [name, value] : network.parameters()) best.push_back(value.clone());
  }
  for (size_t i = 0; i < best.size(); ++i) network.parameters()[i].value.detach().copy_(best[i]);
  return std::nullopt;
}

}  // namespace saggio::experiments
