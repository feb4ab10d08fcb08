// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>
#include <vector>

#include "models/named_tensors.h"
#include "models/optim/optimizer.h"

// The lists of tensors that optimizers work through.
namespace saggio::models {

// Parameters that are treated alike.
struct ParameterGroup {
  NamedTensors parameters;
  Tensors values;
  double decay = 0;
};

// Parameters of two or more dimensions, which decay, and the others; neither is empty.
std::vector<ParameterGroup> groups_by_decay(const NamedTensors& parameters, double decay);

// Gradients in the order of the parameters. Throws std::logic_error naming one that has none.
Tensors gradients(const NamedTensors& parameters);

// The same, scaled in place; a scale of 1 touches nothing.
Tensors scaled_gradients(const NamedTensors& parameters, double scale);

Tensors zeros_like(const Tensors& values);

// Enters "what.NAME" for each tensor of a group.
void append(NamedTensors& state,
            const ParameterGroup& group,
            const Tensors& values,
            std::string_view what);

}  // namespace saggio::models
