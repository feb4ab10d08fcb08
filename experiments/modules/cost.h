// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "models/training.h"
#include "results/record.h"

// What every module that trains tensors says about its cost and its end in the same way.
namespace saggio::experiments {

// Does `work` and returns its floating-point operations (kernels/flop_counter.h); operations that
// could not be counted are entered into the ledger by name.
double counted(results::Ledger& ledger, const std::function<void()>& work);

// Takes a step. The first one is counted, where `flops_per_step` is 0 still, and stands for all.
models::StepReport counted_step(double& flops_per_step,
                                results::Ledger& ledger,
                                const std::function<models::StepReport()>& step);

// Of a run whose step, counted from 1, met a loss or gradient that is no number.
results::Record diverged(int64_t step, const models::StepReport& report);

}  // namespace saggio::experiments
