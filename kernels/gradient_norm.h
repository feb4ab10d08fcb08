// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace at {
class Tensor;
}

// The global norm of many gradients, and clipping by it (Pascanu et al. 2013, arXiv:1211.5063,
// algorithm 1). Gradients are f32, contiguous, on the CPU; each function reads them once, however
// many tensors there are. Throws std::invalid_argument otherwise.
namespace saggio::kernels {

// sqrt(sum of squares) over all elements. With `trainable`, one for each gradient, undefined or of
// the gradient's size in bool or u8, entries of 0 are left out. Summed in double in an order that
// the sizes alone decide: no overflow, relative error below n 2^-53, the same bits for any number of
// threads. NaN or infinite if an element is.
double gradient_norm(std::span<const at::Tensor> gradients,
                     std::span<const at::Tensor> trainable = {});

// What brings a norm down to `limit`: limit / norm above it, else 1. limit = 0 is no limit; a norm
// that is not finite gives 1: do not step then.
double clip_factor(double norm, double limit);

// Multiplies every gradient, for what cannot scale while it reads (AdamwStep::gradient_scale).
void scale_gradients(std::span<const at::Tensor> gradients, double factor);

// gradient_norm() element by element.
double gradient_norm_reference(std::span<const at::Tensor> gradients,
                               std::span<const at::Tensor> trainable = {});

}  // namespace saggio::kernels
