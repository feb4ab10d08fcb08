// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

#include "models/optim/parameter_group.h"
#include "models/optim/rules.h"

namespace saggio::models {
namespace {

// About U V^T of g = U S V^T: five Newton-Schulz steps with the coefficients of Jordan et al. 2024,
// which bring all singular values near 1, [0.7, 1.2] or so. [m, n] f32 -> [m, n] f32
at::Tensor orthogonalise(const at::Tensor& g) {
  constexpr double kA = 3.4445, kB = -4.7750, kC = 2.0315;
  const bool tall = g.size(0) > g.size(1);
  at::Tensor x = tall ? g.t() : g;
  x = x / (x.norm() + 1e-7);
  for (int i = 0; i < 5; ++i) {
    const at::Tensor gram = at::mm(x, x.t());
    x = at::addmm(x, at::addmm(gram, gram, gram, kB, kC), x, kA);
  }
  return tall ? x.t() : x;
}

bool is_hidden_matrix(const NamedTensor& parameter) {
  return parameter.value.dim() == 2 && parameter.name.starts_with("block.");
}

class Muon final : public Optimizer {
 public:
  Muon(const OptimizerOptions& options, const NamedTensors& parameters)
      : momentum_(options.momentum), decay_(options.decay) {
    NamedTensors others;
    for (const NamedTensor& parameter : parameters)
      (is_hidden_matrix(parameter) ? matrices_.parameters : others).push_back(parameter);
    for (const NamedTensor& parameter : matrices_.parameters)
      matrices_.values.push_back(parameter.value);
    velocities_ = zeros_like(matrices_.values);
    others_ = make_adamw(options, others);
  }

  void step(const StepInput& input) override {
    const at::NoGradGuard no_gradients;
    const Tensors all = scaled_gradients(matrices_.parameters, input.gradient_scale);
    others_->step(input);
    for (size_t i = 0; i < all.size(); ++i) {
      velocities_[i].mul_(momentum_).add_(all[i]);
      const at::Tensor update = orthogonalise(all[i].add(velocities_[i], momentum_));  // Nesterov
      at::Tensor& value = matrices_.values[i];
      const double size =
          .2 * std::sqrt(static_cast<double>(std::max(value.size(0), value.size(1))));
      value.mul_(1 - input.lr * decay_).add_(update, -input.lr * size);
    }
  }

  NamedTensors state() const override {
    NamedTensors state = others_->state();
    append(state, matrices_, velocities_, "velocity");
    return state;
  }

 private:
  double momentum_, decay_;
  ParameterGroup matrices_;
  Tensors velocities_;
  std::unique_ptr<Optimizer> others_;
};

}  // namespace

std::unique_ptr<Optimizer> make_muon(const OptimizerOptions& options,
                                     const NamedTensors& parameters) {
  return std::make_unique<Muon>(options, parameters);
}

}  // namespace saggio::models
