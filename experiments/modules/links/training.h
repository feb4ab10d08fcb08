// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "experiments/harness/context.h"
#include "models/training.h"
#include "results/record.h"

// The training loop of link prediction's models: curve, checkpoints, cost, early ends.
namespace saggio::experiments {

struct LinkTraining {
  models::NamedTensors parameters;
  models::TrainerOptions options;
  // The loss of step 0, 1, ...; depends on the step and the parameters alone, so that a run that is
  // continued has the same bits.
  std::function<models::BatchLoss(int64_t step)> batch;
  std::function<void()> after_step = [] {};
};

// Trains to the last step, or until something ends it early, which is then the answer. Goes on from
// the context's checkpoint. The ledger's train_flops are those of the first step times the steps:
// an upper bound where the last batch of an epoch is smaller.
std::optional<results::Record> train(const LinkTraining& training, harness::Context& context);

}  // namespace saggio::experiments
