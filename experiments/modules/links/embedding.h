// SPDX-License-Identifier: MIT
#pragma once

#include "experiments/modules/links/training.h"

namespace saggio::experiments {

// config.model is one of models/embedding.h. Every question that a training fact answers is asked
// once an epoch, and all nodes are scored: PyKEEN's LCWA loop with inverse triples. The task outlives
// the learner. Throws std::invalid_argument for an inductive task, whose nodes have no vectors.
LinkLearner embedding_learner(const LinkTask& task,
                              const LinkPredictionConfig& config,
                              const harness::Context& context);

}  // namespace saggio::experiments
