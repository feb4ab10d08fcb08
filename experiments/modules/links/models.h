// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "experiments/harness/module.h"
#include "experiments/modules/links/training.h"

// The models of link prediction by name.
namespace saggio::experiments {

struct LinkModel {
  std::unique_ptr<models::TripleScorer> scorer;  // of task.inference()'s nodes
  std::optional<results::Record> early;          // training ended early: this is the run's record
};

// Makes the model that config.model names, trained where it learns; the task outlives it. Enters
// its parameters and what its training cost into the ledger.
LinkModel make_link_model(const LinkTask& task,
                          const LinkPredictionConfig& config,
                          harness::Context& context);

// Whether the model is trained here.
bool learns(const LinkPredictionConfig& config);

// The untrained model with what it learns from, if it learns.
std::optional<LinkLearner> link_learner(const LinkTask& task,
                                        const LinkPredictionConfig& config,
                                        const harness::Context& context);

harness::Counts count_link_model(const LinkPredictionConfig& config);  // reads the facts

// What the gates look at; its functions outlive the call.
harness::Probe probe_link_prediction(const LinkPredictionConfig& config, harness::Context& context);

}  // namespace saggio::experiments
