// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "experiments/harness/context.h"
#include "experiments/modules/links/config.h"
#include "models/named_tensors.h"
#include "models/triple_scorer.h"
#include "results/record.h"

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

void enter_parameters(const models::NamedTensors& parameters, results::Ledger& ledger);

}  // namespace saggio::experiments
