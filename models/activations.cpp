// SPDX-License-Identifier: MIT
#include "models/activations.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>

#include <stdexcept>

#include "kernels/activation.h"

namespace saggio::models {
namespace {

using kernels::Activation;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Activate : torch::autograd::Function<Activate> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Activation& f) {
    context->save_for_backward({x});
    keep(*context, f);
    return kernels::activate(f, x);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    return {kernels::activate_backward(kept(*context), gradients[0], saved[0]), {}};
  }

  static void keep(AutogradContext& context, const Activation& f) {
    context.saved_data["kind"] = static_cast<int64_t>(f.kind);
    context.saved_data["temperature"] = f.temperature;
    context.saved_data["lambda"] = f.lambda;
  }
  static Activation kept(AutogradContext& context) {
    return {.kind = static_cast<Activation::Kind>(context.saved_data["kind"].toInt()),
            .temperature = context.saved_data["temperature"].toDouble(),
            .lambda = context.saved_data["lambda"].toDouble()};
  }
};

struct Gate : torch::autograd::Function<Gate> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& a,
                            const at::Tensor& b,
                            const Activation& f) {
    context->save_for_backward({a, b});
    Activate::keep(*context, f);
    return kernels::gate(f, a, b);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor both =
        kernels::gate_backward(Activate::kept(*context), gradients[0], saved[0], saved[1]);
    const auto halves = both.chunk(2, -1);
    return {halves[0], halves[1], {}};
  }
};

Activation fused(const ActivationOptions& options, double temperature) {
  const std::string& name = options.kind;
  if (name == "relu2") return {.kind = Activation::Kind::ReluSquared};
  if (name == "silu" || name == "swiglu")
    return {.kind = Activation::Kind::Swish, .temperature = temperature};
  return {.kind = Activation::Kind::EmSwish, .temperature = temperature, .lambda = options.entropy};
}

// f(x; T) = T f(x / T; 1): the learned T stays outside of the kernel.
at::Tensor with_learned(const Activation& f, const at::Tensor& x, const at::Tensor& temperature) {
  return temperature * Activate::apply(x / temperature, f);
}

}  // namespace

void check(const ActivationOptions& o) {
  const bool swish = o.kind == "silu" || o.kind == "swiglu",
             entropic = o.kind == "emswish" || o.kind == "emglu";
  if (!swish && !entropic && (o.temperature != 1 || o.learned_temperature))
    throw std::invalid_argument(
        fmt::format("model.activation = '{}' has no temperature: leave out "
                    "model.activation_temperature and model.learned_temperature",
                    o.kind));
  if (!entropic && o.entropy != 1)
    throw std::invalid_argument(fmt::format(
        "model.activation = '{}' has no entropy: leave out model.activation_entropy, or take "
        "emswish or emglu",
        o.kind));
}

at::Tensor activate(const ActivationOptions& options,
                    const at::Tensor& x,
                    const at::Tensor& temperature) {
  const std::string& name = options.kind;
  if (name == "relu") return at::relu(x);
  if (name == "gelu") return at::gelu(x);
  if (name == "gelu_tanh") return at::gelu(x, "tanh");
  if (temperature.defined()) return with_learned(fused(options, 1), x, temperature);
  if (name == "silu" && options.temperature == 1) return at::silu(x);
  return Activate::apply(x, fused(options, options.temperature));
}

at::Tensor gate(const ActivationOptions& options,
                const at::Tensor& a,
                const at::Tensor& b,
                const at::Tensor& temperature) {
  if (temperature.defined()) return with_learned(fused(options, 1), a, temperature) * b;
  return Gate::apply(a, b, fused(options, options.temperature));
}

}  // namespace saggio::models
