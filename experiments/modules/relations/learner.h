// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "experiments/harness/module.h"
#include "experiments/modules/relations/solver.h"
#include "models/training.h"

// The networks of relation_composition and how they learn.
namespace saggio::experiments {

bool learns(const RelationCompositionConfig& config);

// A network with what it learns from: training and the gates share it.
class RelationLearner {
 public:
  // Everything is borrowed. Parameters are drawn from the context's "init".
  RelationLearner(const RelationCompositionConfig& config,
                  const RelationTask& task,
                  const harness::Context& context);

  const models::RelationModel& model() const { return *model_; }
  models::Trainer& trainer() { return trainer_; }
  models::StepReport step();  // on questions drawn anew
  // Trains until the last step, or until something ends it early; that is then the answer.
  std::optional<results::Record> train(harness::Context& context);
  // Answers with the weights as they are.
  RelationSolver solver(const results::Stream& names) const {
    return learned(config_, *model_, names);
  }

 private:
  models::BatchLoss loss();

  const RelationCompositionConfig& config_;
  std::unique_ptr<models::RelationModel> model_;
  models::Trainer trainer_;
  std::vector<models::RelationGraph> graphs_;
  results::Stream batches_, names_;
};

harness::Counts count_relation_model(const RelationCompositionConfig& config);

// What the gates look at; its functions outlive the call.
harness::Probe probe_relation_composition(const RelationCompositionConfig& config,
                                          harness::Context& context);

}  // namespace saggio::experiments
