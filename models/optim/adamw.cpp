// SPDX-License-Identifier: MIT
#include "models/optim/adamw.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "models/optim/rules.h"

namespace saggio::models {
namespace {

constexpr double kEpsilon = 1e-8;

class AdamW final : public Optimizer {
 public:
  AdamW(const OptimizerOptions& options, const NamedTensors& parameters)
      : beta1_(options.beta1), beta2_(options.beta2), moments_(parameters, options.decay) {}

  void step(const StepInput& input) override {
    moments_.step({.lr = input.lr,
                   .gradient_scale = input.gradient_scale,
                   .beta1 = beta1_,
                   .beta2 = beta2_,
                   .correction_beta1 = beta1_});
  }
  NamedTensors state() const override { return moments_.state(); }

 private:
  double beta1_, beta2_;
  AdamWMoments moments_;
};

}  // namespace

AdamWMoments::AdamWMoments(const NamedTensors& parameters, double decay)
    : parameters_(parameters), products_(at::ones({2}, at::kDouble)) {
  const auto zeros = [](const at::Tensor& value) {
    return at::zeros_like(value, value.options().requires_grad(false));
  };
  for (const auto& [name, value] : parameters)
    tensors_.push_back({.parameter = value,
                        .mean = zeros(value),
                        .square = zeros(value),
                        .decay = value.dim() >= 2 ? decay : 0});
}

void AdamWMoments::step(const Step& step, const Tensors& masks) {
  const at::NoGradGuard no_gradients;
  const Tensors all = gradients(parameters_);
  for (size_t i = 0; i < all.size(); ++i) {
    tensors_[i].gradient = all[i];
    tensors_[i].trainable = masks.empty() ? at::Tensor() : masks[i];
  }
  auto* products = products_.mutable_data_ptr<double>();
  const double product1 = products[0] * step.correction_beta1, product2 = products[1] * step.beta2;
  kernels::adamw_step(tensors_,
                      {.lr = step.lr,
                       .beta1 = step.beta1,
                       .beta2 = step.beta2,
                       .epsilon = kEpsilon,
                       .correction1 = 1 - product1,
                       .correction2 = 1 - product2,
                       .gradient_scale = step.gradient_scale});
  products[0] = product1, products[1] = product2;
}

NamedTensors AdamWMoments::state() const {
  NamedTensors state = {{"products", products_}};
  for (size_t i = 0; i < parameters_.size(); ++i) {
    state.push_back({"mean." + parameters_[i].name, tensors_[i].mean});
    state.push_back({"square." + parameters_[i].name, tensors_[i].square});
  }
  return state;
}

std::unique_ptr<Optimizer> make_adamw(const OptimizerOptions& options,
                                      const NamedTensors& parameters) {
  return std::make_unique<AdamW>(options, parameters);
}

}  // namespace saggio::models
