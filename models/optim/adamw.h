// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/adamw.h"
#include "models/optim/parameter_group.h"

// AdamW's moments and the step that they take, for the rules that are AdamW or listen to something
// besides it.
namespace saggio::models {

class AdamWMoments {
 public:
  AdamWMoments(const NamedTensors& parameters, double decay);

  struct Step {
    double lr = 0, gradient_scale = 1;
    double beta1 = 0, beta2 = 0;
    double correction_beta1 = 0;  // usually beta1: the bias correction is 1 - their product so far
  };
  // `masks`: one per parameter in the order given (u8, 0 stays as it is) or undefined; or none at
  // all. Throws std::logic_error naming a parameter that has no gradient; nothing has moved then.
  void step(const Step& step, const Tensors& masks = {});

  NamedTensors state() const;

 private:
  NamedTensors parameters_;
  std::vector<kernels::AdamwTensor> tensors_;  // one per parameter
  at::Tensor products_;                        // [2] f64: of all correction_beta1, of all beta2
};

}  // namespace saggio::models
