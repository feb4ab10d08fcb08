// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

// The nonlinear part of a feed-forward layer, with gradients: ATen's where it has one pass, our
// kernels (kernels/activation.h, which has the formulas) where it would take several.
//
//   relu, relu2, silu            relu2: So et al. 2021, arXiv:2109.08668
//   gelu, gelu_tanh              Hendrycks and Gimpel 2016, arXiv:1606.08415; by erf and by tanh
//   emswish                      x p (1 + entropy H(p)), p = sigma(x / temperature): "entropy
//                                modulated", the well-posed form of an entropy-regulated activation
//   swiglu, emglu                silu(gate) x, emswish(gate) x: Shazeer 2020, arXiv:2002.05202
//
// A gated layer has a third matrix: at equal parameters its hidden width is two thirds.
namespace saggio::models {

struct ActivationOptions {
  std::string kind = "swiglu";
  double temperature = 1;
  double entropy = 1;
  bool learned_temperature = false;

  void visit(auto& v) {
    v("activation",
      kind,
      "of the feed-forward part; swiglu and emglu are gated",
      {"swiglu", "emglu", "gelu", "gelu_tanh", "silu", "relu", "relu2", "emswish"});
    v("activation_temperature",
      temperature,
      "emswish, emglu, silu, swiglu: T of sigma(x / T)",
      {0.01, 100},
      1);
    v("activation_entropy", entropy, "emswish, emglu: weight of the entropy", {-4, 4}, 1);
    v("learned_temperature",
      learned_temperature,
      "one T per layer is learned, from activation_temperature on",
      false);
  }

  bool gated() const { return kind == "swiglu" || kind == "emglu"; }
};

// Throws std::invalid_argument for an option that the chosen activation does not have.
void check(const ActivationOptions& options);

// f(x) [*, F] f32 -> [*, F]. `temperature` is the learned one, [] f32, or undefined.
at::Tensor activate(const ActivationOptions& options,
                    const at::Tensor& x,
                    const at::Tensor& temperature);

// f(a) b, both [*, F] f32 -> [*, F], for a gated activation.
at::Tensor gate(const ActivationOptions& options,
                const at::Tensor& a,
                const at::Tensor& b,
                const at::Tensor& temperature);

}  // namespace saggio::models
