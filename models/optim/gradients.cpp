// SPDX-License-Identifier: MIT
#include "models/optim/gradients.h"

#include "kernels/gradient_norm.h"
#include "models/optim/parameter_group.h"

namespace saggio::models {

void clear_gradients(const NamedTensors& parameters) {
  for (const NamedTensor& parameter : parameters) parameter.value.mutable_grad().reset();
}

double gradient_norm(const NamedTensors& parameters, const Tensors& masks) {
  return kernels::gradient_norm(gradients(parameters), masks);
}

}  // namespace saggio::models
