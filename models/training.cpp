// SPDX-License-Identifier: MIT
#include "models/training.h"

#include <ATen/ATen.h>

#include <cmath>

namespace saggio::models {

Trainer::Trainer(NamedTensors parameters, const TrainerOptions& options)
    : parameters_(std::move(parameters)),
      options_(options),
      optimizer_(make_optimizer(options.optimizer, parameters_)) {}

StepReport Trainer::step(const std::function<at::Tensor()>& loss) {
  StepReport report;
  report.lr =
      options_.optimizer.lr * schedule_factor(options_.schedule, steps_done_, options_.steps);
  clear_gradients(parameters_);
  const double share = 1 / static_cast<double>(options_.accumulation);
  for (int64_t i = 0; i < options_.accumulation; ++i) {
    const at::Tensor part = loss();
    report.loss += share * part.item<double>();
    (options_.accumulation == 1 ? part : part * share).backward();
  }
  report.gradient_norm = clip_gradients(parameters_, options_.clip);
  report.finite = std::isfinite(report.loss) && std::isfinite(report.gradient_norm);
  if (!report.finite) return report;
  optimizer_->step(report.lr);
  ++steps_done_;
  return report;
}

NamedTensors Trainer::tensors() const {
  NamedTensors all = parameters_;
  for (NamedTensor& tensor : optimizer_->state())
    all.push_back({"optimizer." + tensor.name, tensor.value});
  return all;
}

}  // namespace saggio::models
