// SPDX-License-Identifier: MIT
#pragma once

#include "experiments/modules/links/training.h"

namespace saggio::experiments {

// NBFNet, trained on the training graph and asked about the inference graph. Each fact is asked for
// once an epoch, in either direction by turns (train.batch at a time), with wrong answers drawn from
// the nodes that no training fact makes right. The task outlives the learner.
LinkLearner nbfnet_learner(const LinkTask& task,
                           const LinkPredictionConfig& config,
                           const harness::Context& context);

}  // namespace saggio::experiments
