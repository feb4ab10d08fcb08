// SPDX-License-Identifier: MIT
#pragma once

#include "experiments/modules/links/models.h"

namespace saggio::experiments {

// config.model is one of models/embedding.h. Every question that a training fact answers is asked
// once an epoch, in an order drawn anew, and all nodes are scored: PyKEEN's LCWA loop with inverse
// triples. Throws std::invalid_argument for an inductive task, whose nodes have no vectors.
LinkModel trained_embedding(const LinkTask& task,
                            const LinkPredictionConfig& config,
                            harness::Context& context);

}  // namespace saggio::experiments
