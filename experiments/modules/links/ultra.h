// SPDX-License-Identifier: MIT
#pragma once

#include "experiments/modules/links/models.h"

namespace saggio::experiments {

// ULTRA with the published weights of config.ultra; nothing is trained.
LinkModel published_ultra(const LinkTask& task,
                          const LinkPredictionConfig& config,
                          harness::Context& context);

}  // namespace saggio::experiments
