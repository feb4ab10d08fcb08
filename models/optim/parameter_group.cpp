// SPDX-License-Identifier: MIT
#include "models/optim/parameter_group.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "kernels/gradient_norm.h"

namespace saggio::models {

std::vector<ParameterGroup> groups_by_decay(const NamedTensors& parameters, double decay) {
  std::vector<ParameterGroup> groups(2);
  groups[0].decay = decay;
  for (const NamedTensor& parameter : parameters) {
    ParameterGroup& group = groups[parameter.value.dim() >= 2 ? 0 : 1];
    group.parameters.push_back(parameter);
    group.values.push_back(parameter.value);
  }
  std::erase_if(groups, [](const ParameterGroup& group) { return group.values.empty(); });
  return groups;
}

Tensors gradients(const NamedTensors& parameters) {
  Tensors result;
  result.reserve(parameters.size());
  for (const NamedTensor& parameter : parameters) {
    result.push_back(parameter.value.grad());
    if (!result.back().defined())
      throw std::logic_error(fmt::format(
          "parameter {} has no gradient: the loss does not depend on it, or backward has not run",
          parameter.name));
  }
  return result;
}

Tensors scaled_gradients(const NamedTensors& parameters, double scale) {
  Tensors result = gradients(parameters);
  if (scale != 1) kernels::scale_gradients(result, scale);
  return result;
}

Tensors zeros_like(const Tensors& values) {
  Tensors result;
  result.reserve(values.size());
  for (const at::Tensor& value : values)
    result.push_back(at::zeros_like(value, value.options().requires_grad(false)));
  return result;
}

void append(NamedTensors& state,
            const ParameterGroup& group,
            const Tensors& values,
            std::string_view what) {
  for (size_t i = 0; i < values.size(); ++i)
    state.push_back({fmt::format("{}.{}", what, group.parameters[i].name), values[i]});
}

}  // namespace saggio::models
