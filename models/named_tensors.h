// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

// Tensors with names: a model's parameters, an optimizer's moments, what a checkpoint holds.
//
// Shapes in this folder are written with these letters: B batch, T positions, D width, H heads, F
// feed-forward width, V vocabulary; * any leading dimensions.
namespace saggio::models {

struct NamedTensor {
  std::string name;
  at::Tensor value;
};

using NamedTensors =
    std::vector<NamedTensor>;  // names are unique; a copy shares the tensors' memory

}  // namespace saggio::models
