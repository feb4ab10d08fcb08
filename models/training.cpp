// SPDX-License-Identifier: MIT
#include "models/training.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "kernels/gradient_norm.h"
#include "models/optim/gradients.h"
#include "models/transformer.h"

namespace saggio::models {
namespace {

// How often the weights have been averaged after so many steps.
int64_t averaged_after(const TrainerOptions& options, int64_t steps) {
  const auto last =
      static_cast<int64_t>(std::ceil(options.average * static_cast<double>(options.steps)));
  return std::max<int64_t>(0, steps - (options.steps - last));
}

}  // namespace

Trainer::Trainer(NamedTensors parameters,
                 const TrainerOptions& options,
                 const results::Stream& stream)
    : parameters_(std::move(parameters)),
      options_(options),
      optimizer_(make_optimizer(options.optimizer, parameters_, options.steps, stream)) {
  if (options.average == 0) return;
  if (options.optimizer.optimizer == "schedule_free")
    throw std::invalid_argument(fmt::format(
        "train.average = {} with train.optimizer = 'schedule_free', which averages by itself; "
        "allowed: 0",
        options.average));
  for (const NamedTensor& parameter : parameters_)
    averages_.push_back({"average." + parameter.name, parameter.value.detach().clone()});
}

StepReport Trainer::step(const std::function<BatchLoss()>& batch) {
  if (evaluating_) throw std::logic_error("a training step while the weights are being evaluated");
  StepReport report;
  report.lr =
      options_.optimizer.lr * schedule_factor(options_.schedule, steps_done_, options_.steps);
  clear_gradients(parameters_);
  const double share = 1 / static_cast<double>(options_.accumulation);
  const bool listens = optimizer_->needs_entropy();
  double entropy = 0;
  for (int64_t i = 0; i < options_.accumulation; ++i) {
    const BatchLoss part = batch();
    report.loss += share * part.loss.item<double>();
    if (listens) entropy += share * mean_entropy(part.logits);
    (options_.accumulation == 1 ? part.loss : part.loss * share).backward();
  }
  report.gradient_norm = gradient_norm(parameters_, optimizer_->masks());
  report.finite = std::isfinite(report.loss) && std::isfinite(report.gradient_norm);
  if (!report.finite) return report;
  optimizer_->step({.lr = report.lr,
                    .gradient_scale = kernels::clip_factor(report.gradient_norm, options_.clip),
                    .signals = {.loss = report.loss, .entropy = entropy}});
  report.decided = optimizer_->decided();
  if (listens) report.decided.push_back({"entropy", entropy});
  ++steps_done_;
  average();
  return report;
}

void Trainer::average() {
  const int64_t count = averages_.empty() ? 0 : averaged_after(options_, steps_done_);
  if (count == 0) return;
  const at::NoGradGuard no_gradients;
  for (size_t i = 0; i < averages_.size(); ++i)
    averages_[i].value.lerp_(parameters_[i].value, 1 / static_cast<double>(count));
}

void Trainer::swap_for_evaluation() {
  evaluating_ = !evaluating_;
  optimizer_->swap_for_evaluation();
  if (averages_.empty() || averaged_after(options_, steps_done_) == 0) return;
  const at::NoGradGuard no_gradients;
  for (size_t i = 0; i < averages_.size(); ++i) {
    const at::Tensor trained = parameters_[i].value.clone();
    parameters_[i].value.copy_(averages_[i].value);
    averages_[i].value.copy_(trained);
  }
}

NamedTensors Trainer::tensors() const {
  NamedTensors all = parameters_;
  for (NamedTensor& tensor : optimizer_->state())
    all.push_back({"optimizer." + tensor.name, tensor.value});
  all.insert(all.end(), averages_.begin(), averages_.end());
  return all;
}

}  // namespace saggio::models
