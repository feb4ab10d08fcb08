// SPDX-License-Identifier: MIT
#include "models/relations/leaves.h"

#include <ATen/ATen.h>

#include <cmath>

namespace saggio::models {
namespace {

std::span<float> values_of(at::Tensor& tensor) {
  return {tensor.mutable_data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

}  // namespace

at::Tensor Linear::operator()(const at::Tensor& x) const { return at::linear(x, weight, bias); }

at::Tensor Norm::operator()(const at::Tensor& x) const {
  return at::layer_norm(x, weight.sizes(), weight, bias);
}

at::Tensor Leaves::keep(const std::string& name, at::Tensor value) {
  value.requires_grad_();
  made_.push_back({name, value});
  return value;
}

at::Tensor Leaves::normal(const std::string& name, at::IntArrayRef shape, double deviation) {
  at::Tensor value = at::empty(shape);
  init_.split(name).fill_normal(values_of(value));
  return keep(name, value.mul_(deviation));
}

at::Tensor Leaves::uniform(const std::string& name, at::IntArrayRef shape, double bound) {
  at::Tensor value = at::empty(shape);
  init_.split(name).fill_uniform(values_of(value));
  return keep(name, value.mul_(2 * bound).sub_(bound));
}

Linear Leaves::linear(const std::string& name, int64_t in, int64_t out) {
  const double bound = 1 / std::sqrt(static_cast<double>(in));
  Linear made;
  made.weight = uniform(name + ".weight", {out, in}, bound);
  made.bias = uniform(name + ".bias", {out}, bound);
  return made;
}

Norm Leaves::norm(const std::string& name, int64_t width) {
  Norm made;
  made.weight = keep(name + ".weight", at::ones({width}));
  made.bias = keep(name + ".bias", at::zeros({width}));
  return made;
}

}  // namespace saggio::models
