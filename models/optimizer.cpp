// SPDX-License-Identifier: MIT
#include "models/optimizer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace saggio::models {
namespace {

constexpr double kEpsilon = 1e-8;
using Tensors = std::vector<at::Tensor>;

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

// Parameters that decay alike.
struct Group {
  NamedTensors parameters;
  Tensors values;
  double decay = 0;
};

std::vector<Group> groups(const NamedTensors& parameters, double decay) {
  std::vector<Group> result(2);
  result[0].decay = decay;
  for (const NamedTensor& parameter : parameters) {
    Group& group = result[parameter.value.dim() >= 2 ? 0 : 1];
    group.parameters.push_back(parameter);
    group.values.push_back(parameter.value);
  }
  std::erase_if(result, [](const Group& group) { return group.values.empty(); });
  return result;
}

Tensors zeros_like(const Tensors& values) {
  Tensors result;
  result.reserve(values.size());
  for (const at::Tensor& value : values)
    result.push_back(at::zeros_like(value, value.options().requires_grad(false)));
  return result;
}

void append(NamedTensors& state, const Group& group, const Tensors& values, std::string_view what) {
  for (size_t i = 0; i < values.size(); ++i)
    state.push_back({fmt::format("{}.{}", what, group.parameters[i].name), values[i]});
}

class AdamW final : public Optimizer {
 public:
  AdamW(const OptimizerOptions& options, const NamedTensors& parameters) : options_(options) {
    for (Group& group : groups(parameters, options.decay)) {
      Tensors means = zeros_like(group.values), squares = zeros_like(group.values);
      moments_.push_back({std::move(group), std::move(means), std::move(squares)});
    }
  }

  void step(double lr) override {
    const at::NoGradGuard no_gradients;
    std::vector<Tensors> all;
    for (const Moments& m : moments_)
      all.push_back(gradients(m.group.parameters));  // before anything moves
    count_ += 1;
    for (size_t i = 0; i < moments_.size(); ++i) {
      Moments& m = moments_[i];
      const Tensors counts(m.group.values.size(), count_);
      at::_fused_adamw_(m.group.values,
                        all[i],
                        m.means,
                        m.squares,
                        {},
                        counts,
                        lr,
                        options_.beta1,
                        options_.beta2,
                        m.group.decay,
                        kEpsilon,
                        /*amsgrad=*/false,
                        /*maximize=*/false);
    }
  }

  NamedTensors state() const override {
    NamedTensors state = {{"steps", count_}};
    for (const Moments& m : moments_) {
      append(state, m.group, m.means, "mean");
      append(state, m.group, m.squares, "square");
    }
    return state;
  }

 private:
  struct Moments {
    Group group;
    Tensors means, squares;
  };
  OptimizerOptions options_;
  std::vector<Moments> moments_;
  at::Tensor count_ = at::zeros({}, at::kFloat);  // the kernel's type; exact up to 2^24 steps
};

class Sgd final : public Optimizer {
 public:
  Sgd(const OptimizerOptions& options, const NamedTensors& parameters)
      : momentum_(options.momentum) {
    for (Group& group : groups(parameters, options.decay)) {
      Tensors velocities = zeros_like(group.values);
      parts_.push_back({std::move(group), std::move(velocities)});
    }
  }

  void step(double lr) override {
    const at::NoGradGuard no_gradients;
    std::vector<Tensors> all;
    for (const Part& part : parts_) all.push_back(gradients(part.group.parameters));
    for (size_t i = 0; i < parts_.size(); ++i) {
      Part& part = parts_[i];
      at::_foreach_mul_(part.velocities, momentum_);
      at::_foreach_add_(part.velocities, all[i]);
      at::_foreach_mul_(part.group.values, 1 - lr * part.group.decay);
      at::_foreach_add_(part.group.values, part.velocities, -lr);
    }
  }

  NamedTensors state() const override {
    NamedTensors state;
    for (const Part& part : parts_) append(state, part.group, part.velocities, "velocity");
    return state;
  }

 private:
  struct Part {
    Group group;
    Tensors velocities;
  };
  double momentum_;
  std::vector<Part> parts_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          const NamedTensors& parameters) {
  if (options.optimizer == "adamw") return std::make_unique<AdamW>(options, parameters);
  if (options.optimizer == "sgd") return std::make_unique<Sgd>(options, parameters);
  throw std::invalid_argument(
      fmt::format("train.optimizer = '{}', allowed adamw, sgd", options.optimizer));
}

void clear_gradients(const NamedTensors& parameters) {
  for (const NamedTensor& parameter : parameters) parameter.value.mutable_grad().reset();
}

double clip_gradients(const NamedTensors& parameters, double limit) {
  const at::NoGradGuard no_gradients;
  Tensors all = gradients(parameters);
  const double norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(all, 2))).item<double>();
  if (limit > 0 && std::isfinite(norm) && norm > limit) at::_foreach_mul_(all, limit / norm);
  return norm;
}

}  // namespace saggio::models
