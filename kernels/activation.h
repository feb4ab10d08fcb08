// SPDX-License-Identifier: MIT
#pragma once

namespace at {
class Tensor;
}

// Activations of one pass each, forward and backward, alone or as a gate. The backward pass takes
// the inputs of the forward pass and computes the rest again: nothing but they needs to be kept,
// where a chain of eager operations keeps each intermediate. Autograd is not here.
//
//   swish         f(x) = x p, p = sigma(x / T)                 SiLU at T = 1 (Hendrycks and Gimpel 2016)
//   em-swish      f(x) = x p (1 + lambda H), H = -p ln p - (1 - p) ln(1 - p) in nats
//   ReLU squared  f(x) = max(x, 0)^2                           (So et al. 2021, arXiv:2109.08668)
//
// f(x; T) = T f(x / T; 1): a learned T is two products outside. At infinity each has its limit (0
// on the left), NaN stays NaN.
//
// Tensors are f32, bf16 or f16 on the CPU, all of one type and shape [*, F]; 16-bit ones are
// computed in f32. Their rows may lie apart, as the halves of one [*, 2F] tensor do; any other
// layout (an expanded gradient) is copied first. The result is the same bits for any number of
// threads and instruction set. Error in f32: a few ulp of the result where x / T is exact (T a power
// of two), as much again times |x / T| elsewhere. O(elements).
namespace saggio::kernels {

struct Activation {
  enum class Kind { Swish, EmSwish, ReluSquared };
  Kind kind = Kind::Swish;
  double temperature = 1;  // T, a positive normal float; ReLU squared has none
  double lambda = 0;       // finite; em-swish only, where 0 gives the bits of swish
};

// f(x)  [*, F]
at::Tensor activate(const Activation& f, const at::Tensor& x);

// dy f'(x)  [*, F]
at::Tensor activate_backward(const Activation& f, const at::Tensor& dy, const at::Tensor& x);

// f(a) b  [*, F]: SwiGLU (Shazeer 2020, arXiv:2002.05202) with swish, its kin with the others.
at::Tensor gate(const Activation& f, const at::Tensor& a, const at::Tensor& b);

// [*, 2F]: the gradient of a, dy b f'(a), then that of b, dy f(a), side by side as a gated layer's
// product produced them.
at::Tensor gate_backward(const Activation& f,
                         const at::Tensor& dy,
                         const at::Tensor& a,
                         const at::Tensor& b);

// The same in double by the formulas above: inputs of any floating type and layout, result f64.
at::Tensor activate_reference(const Activation& f, const at::Tensor& x);
at::Tensor activate_backward_reference(const Activation& f,
                                       const at::Tensor& dy,
                                       const at::Tensor& x);
at::Tensor gate_reference(const Activation& f, const at::Tensor& a, const at::Tensor& b);
at::Tensor gate_backward_reference(const Activation& f,
                                   const at::Tensor& dy,
                                   const at::Tensor& a,
                                   const at::Tensor& b);

}  // namespace saggio::kernels
