// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "models/optim/parameter_group.h"
#include "models/optim/rules.h"

namespace saggio::models {
namespace {

class Sgd final : public Optimizer {
 public:
  Sgd(const OptimizerOptions& options, const NamedTensors& parameters)
      : momentum_(options.momentum) {
    for (ParameterGroup& group : groups_by_decay(parameters, options.decay)) {
      Tensors velocities = zeros_like(group.values);
      parts_.push_back({std::move(group), std::move(velocities)});
    }
  }

  void step(const StepInput& input) override {
    const at::NoGradGuard no_gradients;
    std::vector<Tensors> all;  // before anything moves
    for (const Part& part : parts_)
      all.push_back(scaled_gradients(part.group.parameters, input.gradient_scale));
    for (size_t i = 0; i < parts_.size(); ++i) {
      Part& part = parts_[i];
      at::_foreach_mul_(part.velocities, momentum_);
      at::_foreach_add_(part.velocities, all[i]);
      at::_foreach_mul_(part.group.values, 1 - input.lr * part.group.decay);
      at::_foreach_add_(part.group.values, part.velocities, -input.lr);
    }
  }

  NamedTensors state() const override {
    NamedTensors state;
    for (const Part& part : parts_) append(state, part.group, part.velocities, "velocity");
    return state;
  }

 private:
  struct Part {
    ParameterGroup group;
    Tensors velocities;
  };
  double momentum_;
  std::vector<Part> parts_;
};

}  // namespace

std::unique_ptr<Optimizer> make_sgd(const OptimizerOptions& options,
                                    const NamedTensors& parameters) {
  return std::make_unique<Sgd>(options, parameters);
}

}  // namespace saggio::models
