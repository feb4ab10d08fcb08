// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "models/optim/adamw.h"
#include "models/optim/rules.h"

namespace saggio::models {
namespace {

constexpr double kNearZero = 1e-9;

// One per parameter: of a matrix' entries the share `frozen`, drawn by its name, is 0.
Tensors frozen_masks(const NamedTensors& parameters, double frozen, const results::Stream& stream) {
  Tensors masks;
  for (const auto& [name, value] : parameters) {
    masks.emplace_back();
    if (value.dim() < 2) continue;
    masks.back() = at::empty(value.sizes(), at::kByte);
    results::Stream draw = stream.split(name);
    auto* mask = masks.back().mutable_data_ptr<uint8_t>();
    for (int64_t i = 0; i < value.numel(); ++i) mask[i] = draw.uniform() >= frozen ? 1 : 0;
  }
  return masks;
}

class Velvet final : public Optimizer {
 public:
  Velvet(const OptimizerOptions& options,
         const NamedTensors& parameters,
         int64_t steps,
         const results::Stream& stream)
      : options_(options),
        parameters_(parameters),
        modulator_(options.velvet, options.beta1, steps, stream.split("control")),
        moments_(parameters, options.decay) {
    if (options.velvet.frozen > 0)
      masks_ = frozen_masks(parameters, options.velvet.frozen, stream.split("frozen"));
  }

  void step(const StepInput& input) override {
    recall();  // a checkpoint may have been copied into the state
    last_ = modulator_.next(input.signals);
    remember();
    moments_.step({.lr = input.lr * last_.lr_factor,
                   .gradient_scale = input.gradient_scale,
                   .beta1 = last_.beta1,
                   .beta2 = options_.beta2,
                   .correction_beta1 = last_.correction_beta1},
                  options_.velvet.skip_near_zero ? masks_of_near_zero() : masks_);
  }

  const Tensors& masks() const override { return masks_; }

  NamedTensors state() const override {
    NamedTensors state = moments_.state();
    state.push_back({"modulation", remembered_});
    return state;
  }

  bool needs_entropy() const override { return modulator_.needs_entropy(); }

  std::vector<Quantity> decided() const override {
    return {{"lr_factor", last_.lr_factor}, {"beta1", last_.beta1}};
  }

 private:
  void recall() {
    const auto* n = remembered_.const_data_ptr<double>();
    modulator_.state() = {static_cast<int64_t>(n[0]), n[1], n[2], n[3], n[4]};
  }
  void remember() {
    const ModulationState& s = modulator_.state();
    auto* n = remembered_.mutable_data_ptr<double>();
    n[0] = static_cast<double>(s.steps), n[1] = s.entropy_fast, n[2] = s.entropy_slow;
    n[3] = s.loss_fast, n[4] = s.loss_slow;
  }

  Tensors masks_of_near_zero() const {
    const at::NoGradGuard no_gradients;
    Tensors masks;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      masks.push_back(parameters_[i].value.abs().ge(kNearZero).to(at::kByte));
      if (!masks_.empty() && masks_[i].defined()) masks.back().mul_(masks_[i]);
    }
    return masks;
  }

  OptimizerOptions options_;
  NamedTensors parameters_;
  Modulator modulator_;
  AdamWMoments moments_;
  Tensors masks_;  // none, or one per parameter
  Modulation last_;
  at::Tensor remembered_ = at::zeros({5}, at::kDouble);  // a ModulationState
};

}  // namespace

std::unique_ptr<Optimizer> make_velvet(const OptimizerOptions& options,
                                       const NamedTensors& parameters,
                                       int64_t steps,
                                       const results::Stream& stream) {
  return std::make_unique<Velvet>(options, parameters, steps, stream);
}

}  // namespace saggio::models
