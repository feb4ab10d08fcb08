// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "models/optim/optimizer.h"

// The rules behind make_optimizer (optimizer.h), one file each.
namespace saggio::models {

std::unique_ptr<Optimizer> make_adamw(const OptimizerOptions& options,
                                      const NamedTensors& parameters);
std::unique_ptr<Optimizer> make_velvet(const OptimizerOptions& options,
                                       const NamedTensors& parameters,
                                       int64_t steps,
                                       const results::Stream& stream);
std::unique_ptr<Optimizer> make_lion(const OptimizerOptions& options,
                                     const NamedTensors& parameters);
std::unique_ptr<Optimizer> make_sgd(const OptimizerOptions& options,
                                    const NamedTensors& parameters);
std::unique_ptr<Optimizer> make_muon(const OptimizerOptions& options,
                                     const NamedTensors& parameters);
std::unique_ptr<Optimizer> make_schedule_free(const OptimizerOptions& options,
                                              const NamedTensors& parameters);

}  // namespace saggio::models
