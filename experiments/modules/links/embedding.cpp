// SPDX-License-Identifier: MIT
#include "experiments/modules/links/embedding.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <span>
#include <stdexcept>

#include "models/embedding.h"

namespace saggio::experiments {
namespace {

// Some questions, and which nodes answer them.
models::BatchLoss loss_of(const models::Embedding& model,
                          const data::Answers& answers,
                          std::span<const size_t> questions,
                          int64_t nodes) {
  const auto count = static_cast<int64_t>(questions.size());
  const at::Tensor heads = at::empty({count}, at::kLong), relations = at::empty({count}, at::kLong),
                   truths = at::zeros({count, nodes}, at::kFloat);
  for (int64_t i = 0; i < count; ++i) {
    const size_t question = questions[static_cast<size_t>(i)];
    const data::Query& query = answers.queries()[question];
    heads.data_ptr<int64_t>()[i] = query.node;
    relations.data_ptr<int64_t>()[i] = query.relation;
    for (const int32_t node : answers.of(question)) truths.data_ptr<float>()[i * nodes + node] = 1;
  }
  const at::Tensor scores = model.forward(heads, relations);
  return {models::answer_loss(scores, truths), scores};
}

}  // namespace

LinkLearner embedding_learner(const LinkTask& task,
                              const LinkPredictionConfig& config,
                              const harness::Context& context) {
  if (task.inductive)
    throw std::invalid_argument(fmt::format(
        "model = '{}' with data.inference: a node that was not trained on has no vector; allowed: "
        "models that read the graph, or no data.inference",
        config.model));
  const auto model = std::make_shared<models::Embedding>(
      config.model, config.embedding, task.nodes(), task.relations(), context.stream("init"));
  const auto answers =
      std::make_shared<data::Answers>(data::Answers(task.relations(), {task.training().train}));
  const auto order = std::make_shared<EpochOrder>(
      answers->queries().size(), config.train.batch, context.stream("data").split("order"));
  return {.parameters = model->parameters(),
          .order = order,
          .batch = [=, nodes = task.nodes()](
                       int64_t step) { return loss_of(*model, *answers, order->of(step), nodes); },
          .after_step = [model] { model->constrain(); },
          .scorer = [model] { return std::make_unique<models::Embedding>(*model); }};
}

}  // namespace saggio::experiments
