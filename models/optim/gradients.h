// SPDX-License-Identifier: MIT
#pragma once

#include "models/named_tensors.h"
#include "models/optim/optimizer.h"

// What happens to gradients between the backward pass and the step.
namespace saggio::models {

// To "none": nothing to add to, nothing to zero.
void clear_gradients(const NamedTensors& parameters);

// The Euclidean norm of all gradients together, without the entries that `masks` freezes
// (optimizer.h). Not a number if a gradient is none. Throws std::logic_error naming a parameter
// that has no gradient.
double gradient_norm(const NamedTensors& parameters, const Tensors& masks = {});

}  // namespace saggio::models
