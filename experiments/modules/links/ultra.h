// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "experiments/harness/context.h"
#include "experiments/modules/links/config.h"
#include "models/triple_scorer.h"

namespace saggio::experiments {

// ULTRA with the published weights of config.ultra; nothing is trained. Enters its parameters into
// the ledger.
std::unique_ptr<models::TripleScorer> published_ultra(const LinkTask& task,
                                                      const LinkPredictionConfig& config,
                                                      harness::Context& context);

double ultra_parameters();  // how many it has

}  // namespace saggio::experiments
