// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <stdexcept>

#include "models/optim/parameter_group.h"
#include "models/optim/rules.h"

namespace saggio::models {
namespace {

constexpr double kEpsilon = 1e-8;

// The parameters hold y, where gradients are taken; z is what the steps move, and x, the average of
// the z, is what is evaluated: y = (1 - beta1) z + beta1 x.
class ScheduleFree final : public Optimizer {
 public:
  ScheduleFree(const OptimizerOptions& options, const NamedTensors& parameters)
      : beta1_(options.beta1), beta2_(options.beta2) {
    const at::NoGradGuard no_gradients;
    for (ParameterGroup& group : groups_by_decay(parameters, options.decay)) {
      Part part{std::move(group), {}, {}, {}};
      part.squares = zeros_like(part.group.values);
      for (const at::Tensor& value : part.group.values) {
        part.stepped.push_back(value.detach().clone());
        part.averaged.push_back(value.detach().clone());
      }
      parts_.push_back(std::move(part));
    }
  }

  void step(const StepInput& input) override {
    if (evaluating_) throw std::logic_error("a step while the averaged weights are in place");
    const at::NoGradGuard no_gradients;
    std::vector<Tensors> all;  // before anything moves
    for (const Part& part : parts_)
      all.push_back(scaled_gradients(part.group.parameters, input.gradient_scale));
    const double steps = counters_[0].item<double>() + 1;
    const double weight = input.lr * input.lr;
    const double sum = counters_[1].item<double>() + weight;
    counters_[0] = steps, counters_[1] = sum;
    const double correction = 1 - std::pow(beta2_, steps);
    for (size_t i = 0; i < parts_.size(); ++i)
      step(parts_[i], all[i], input.lr, correction, sum > 0 ? weight / sum : 0);
  }

  NamedTensors state() const override {
    NamedTensors state = {{"counters", counters_}};
    for (const Part& part : parts_) {
      append(state, part.group, part.squares, "square");
      append(state, part.group, part.stepped, "stepped");
      append(state, part.group, part.averaged, "averaged");
    }
    return state;
  }

  void swap_for_evaluation() override {
    const at::NoGradGuard no_gradients;
    for (Part& part : parts_)
      for (size_t i = 0; i < part.averaged.size(); ++i) {
        at::Tensor& value = part.group.values[i];
        const at::Tensor other = value.clone();
        value.copy_(part.averaged[i]);
        part.averaged[i].copy_(other);
      }
    evaluating_ = !evaluating_;
  }

 private:
  struct Part {
    ParameterGroup group;  // y
    Tensors squares, stepped, averaged;
  };

  void step(Part& part, const Tensors& gradients, double lr, double correction, double share) {
    at::_foreach_mul_(part.squares, beta2_);
    at::_foreach_addcmul_(part.squares, gradients, gradients, 1 - beta2_);
    Tensors denominator = at::_foreach_div(part.squares, correction);
    at::_foreach_sqrt_(denominator);
    at::_foreach_add_(denominator, kEpsilon);
    Tensors update = at::_foreach_div(gradients, denominator);
    if (part.group.decay > 0) at::_foreach_add_(update, part.group.values, part.group.decay);
    at::_foreach_add_(part.stepped, update, -lr);
    at::_foreach_lerp_(part.averaged, part.stepped, share);
    for (size_t i = 0; i < part.group.values.size(); ++i)
      part.group.values[i].copy_(at::lerp(part.stepped[i], part.averaged[i], beta1_));
  }

  double beta1_, beta2_;
  std::vector<Part> parts_;
  at::Tensor counters_ = at::zeros({2}, at::kDouble);  // steps, sum of lr^2
  bool evaluating_ = false;
};

}  // namespace

std::unique_ptr<Optimizer> make_schedule_free(const OptimizerOptions& options,
                                              const NamedTensors& parameters) {
  return std::make_unique<ScheduleFree>(options, parameters);
}

}  // namespace saggio::models
