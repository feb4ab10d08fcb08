// SPDX-License-Identifier: MIT
#include "kernels/adamw_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string>

namespace saggio::kernels {
namespace {

void check_range(const char* name, double value, bool allowed, const char* range) {
  if (!allowed)
    throw std::invalid_argument(fmt::format("adamw_step: {} = {}, allowed {}", name, value, range));
}

// Cold: composed only when something is wrong, since this is asked of every tensor at every step.
[[noreturn]] void refuse_layout(const AdamwTensor& tensor,
                                const at::Tensor& part,
                                size_t index,
                                const char* name) {
  const auto shape = [](const at::Tensor& x) {
    return x.defined() ? fmt::format("[{}]", fmt::join(x.sizes(), ", ")) : std::string("undefined");
  };
  throw std::invalid_argument(
      fmt::format("adamw_step: the {} of tensor {} is {}{}, expected {}, contiguous, on one device "
                  "with the others",
                  name,
                  index,
                  shape(part),
                  part.defined() && !part.is_contiguous() ? " (not contiguous)" : "",
                  shape(tensor.parameter)));
}

bool fits(const at::Tensor& part, const at::Tensor& parameter) {
  return part.defined() && part.is_contiguous() && part.sizes() == parameter.sizes() &&
         part.device() == parameter.device();
}

}  // namespace

void check_constants(const AdamwStep& step) {
  const auto memory = [](double beta) { return beta >= 0 && beta < 1; };
  const auto part = [](double correction) { return correction > 0 && correction <= 1; };
  check_range("lr", step.lr, step.lr >= 0 && step.lr <= 1e6, "0 to 1e6");
  check_range("beta1", step.beta1, memory(step.beta1), "0 <= beta1 < 1");
  check_range("beta2", step.beta2, memory(step.beta2), "0 <= beta2 < 1");
  check_range("epsilon", step.epsilon, step.epsilon >= 0 && step.epsilon <= 1, "0 to 1");
  check_range("correction1", step.correction1, part(step.correction1), "0 < correction1 <= 1");
  check_range("correction2", step.correction2, part(step.correction2), "0 < correction2 <= 1");
  check_range("gradient_scale",
              step.gradient_scale,
              step.gradient_scale >= 0 && step.gradient_scale <= 1e30,
              "0 to 1e30");
}

void check_layout(const AdamwTensor& tensor, size_t index) {
  const auto check = [&](const at::Tensor& part, const char* name) {
    if (!fits(part, tensor.parameter)) refuse_layout(tensor, part, index, name);
  };
  if (!tensor.parameter.defined()) refuse_layout(tensor, tensor.parameter, index, "parameter");
  check(tensor.parameter, "parameter");
  check(tensor.gradient, "gradient");
  check(tensor.mean, "mean");
  check(tensor.square, "square");
  if (tensor.trainable.defined()) check(tensor.trainable, "trainable");
  if (tensor.master.defined()) check(tensor.master, "master");
  check_range("decay", tensor.decay, tensor.decay >= 0 && tensor.decay <= 1e6, "0 to 1e6");
}

void refuse_type(const at::Tensor& tensor, const char* name, size_t index, const char* allowed) {
  throw std::invalid_argument(fmt::format("adamw_step: the {} of tensor {} is {} on {}, allowed {}",
                                          name,
                                          index,
                                          c10::toString(tensor.scalar_type()),
                                          tensor.device().str(),
                                          allowed));
}

}  // namespace saggio::kernels
