// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "models/optim/parameter_group.h"
#include "models/optim/rules.h"

namespace saggio::models {
namespace {

class Lion final : public Optimizer {
 public:
  Lion(const OptimizerOptions& options, const NamedTensors& parameters)
      : beta1_(options.beta1), beta2_(options.beta2) {
    for (ParameterGroup& group : groups_by_decay(parameters, options.decay)) {
      Tensors means = zeros_like(group.values);
      parts_.push_back({std::move(group), std::move(means)});
    }
  }

  void step(const StepInput& input) override {
    const at::NoGradGuard no_gradients;
    std::vector<Tensors> all;  // before anything moves
    for (const Part& part : parts_)
      all.push_back(scaled_gradients(part.group.parameters, input.gradient_scale));
    for (size_t i = 0; i < parts_.size(); ++i) {
      Part& part = parts_[i];
      Tensors update = at::_foreach_lerp(part.means, all[i], 1 - beta1_);
      at::_foreach_sign_(update);
      at::_foreach_mul_(part.group.values, 1 - input.lr * part.group.decay);
      at::_foreach_add_(part.group.values, update, -input.lr);
      at::_foreach_lerp_(part.means, all[i], 1 - beta2_);
    }
  }

  NamedTensors state() const override {
    NamedTensors state;
    for (const Part& part : parts_) append(state, part.group, part.means, "mean");
    return state;
  }

 private:
  struct Part {
    ParameterGroup group;
    Tensors means;
  };
  double beta1_, beta2_;
  std::vector<Part> parts_;
};

}  // namespace

std::unique_ptr<Optimizer> make_lion(const OptimizerOptions& options,
                                     const NamedTensors& parameters) {
  return std::make_unique<Lion>(options, parameters);
}

}  // namespace saggio::models
