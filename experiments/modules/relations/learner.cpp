// SPDX-License-Identifier: MIT
#include "experiments/modules/relations/learner.h"

#include <algorithm>

#include "experiments/modules/cost.h"
#include "experiments/modules/tensor_probe.h"

namespace saggio::experiments {
namespace {

std::unique_ptr<models::RelationModel> make_model(const RelationCompositionConfig& config,
                                                  const results::Stream& init) {
  if (config.solver == "bellman_ford")
    return std::make_unique<models::BellmanFord>(config.bellman_ford, init);
  if (config.solver == "edge_attention")
    return std::make_unique<models::EdgeAttention>(config.edge_attention, init);
  if (config.solver == "edge_tokens")
    return std::make_unique<models::EdgeTokens>(config.edge_tokens, init);
  return std::make_unique<models::SoftComposition>(config.soft, init);
}

}  // namespace

bool learns(const RelationCompositionConfig& config) {
  return config.solver != "symbolic" && config.solver != "last_edge" && config.solver != "majority";
}

RelationLearner::RelationLearner(const RelationCompositionConfig& config,
                                 const RelationTask& task,
                                 const harness::Context& context)
    : config_(config),
      model_(make_model(config, context.stream("init"))),
      trainer_(model_->parameters(), config.train, context.stream("init").split("trainer")),
      graphs_(graphs_of(task.train)),
      batches_(context.stream("data").split("batches")),
      names_(context.stream("data").split("names")) {}

models::BatchLoss RelationLearner::loss() {
  std::vector<const models::RelationGraph*> drawn;
  for (int64_t i = 0; i < config_.batch; ++i)
    drawn.push_back(&graphs_[batches_.below(graphs_.size())]);
  const models::RelationBatch batch = models::make_batch(drawn, data::kinship::kRelations, names_);
  return models::loss_of(*model_, batch, config_.train_rounds);
}

models::StepReport RelationLearner::step() {
  return trainer_.step([this] { return loss(); });
}

// The first step is counted and stands for all: the largest story of a batch is not always as large.
std::optional<results::Record> RelationLearner::train(harness::Context& context) {
  const int64_t interval = std::max<int64_t>(1, config_.train.steps / 50);
  double sum = 0, flops = 0;
  std::optional<results::Record> early;
  for (int64_t at = 1; !early && at <= config_.train.steps; ++at) {
    const models::StepReport report =
        counted_step(flops, context.ledger(), [this] { return step(); });
    if (!report.finite) {
      early = diverged(at, report);
      break;
    }
    sum += report.loss;
    if (at % interval == 0) {
      context.log(at, "train/nats", sum / static_cast<double>(interval));
      sum = 0;
    }
    context.progress(at, config_.train.steps);
    if (context.should_stop()) early = context.stopped();
  }
  context.ledger().set("", "train_flops", flops * static_cast<double>(trainer_.steps_done()));
  return early;
}

harness::Counts count_relation_model(const RelationCompositionConfig& config) {
  if (!learns(config)) return {{"params", 0}};
  return {{"params", count_elements(make_model(config, results::Stream(0))->parameters())}};
}

}  // namespace saggio::experiments
