// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "models/named_tensors.h"
#include "results/random.h"

// Makes the trainable leaves of a model, in order: each is drawn from init.split(its name), so that
// two models agree wherever names and shapes do.
namespace saggio::models {

// y = x W^T + b
struct Linear {
  at::Tensor weight, bias;  // [out, in], [out]
  at::Tensor operator()(const at::Tensor& x) const;
};

// Layer normalisation over the last dimension (Ba et al. 2016, arXiv:1607.06450).
struct Norm {
  at::Tensor weight, bias;  // [D], 1 and 0 at first
  at::Tensor operator()(const at::Tensor& x) const;
};

class Leaves {
 public:
  explicit Leaves(const results::Stream& init) : init_(init) {}

  at::Tensor normal(const std::string& name, at::IntArrayRef shape, double deviation);
  // Uniform in +-1 / sqrt(in), as torch.nn.Linear begins.
  Linear linear(const std::string& name, int64_t in, int64_t out);
  Norm norm(const std::string& name, int64_t width);

  NamedTensors take() { return std::move(made_); }

 private:
  at::Tensor keep(const std::string& name, at::Tensor value);
  at::Tensor uniform(const std::string& name, at::IntArrayRef shape, double bound);

  results::Stream init_;
  NamedTensors made_;
};

}  // namespace saggio::models
