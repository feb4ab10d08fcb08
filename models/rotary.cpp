// SPDX-License-Identifier: MIT
#include "models/rotary.h"

#include <ATen/ATen.h>

namespace saggio::models {

at::Tensor rotations(int64_t context, int64_t head_width) {
  TORCH_CHECK(head_width % 2 == 0, "rotary: head width ", head_width, ", allowed even numbers");
  const auto options = at::TensorOptions().dtype(at::kDouble);
  const at::Tensor exponents =
      at::arange(0, head_width, 2, options) / static_cast<double>(head_width);
  const at::Tensor angles = at::outer(at::arange(context, options), at::pow(10000., -exponents));
  return at::complex(angles.cos(), angles.sin()).to(at::kComplexFloat);
}

at::Tensor rotate(const at::Tensor& x, const at::Tensor& rotation) {
  const at::Tensor pairs = at::view_as_complex(x.unflatten(-1, {-1, 2}));  // [B, T, *, Dh/2]
  std::vector<int64_t> shape(static_cast<size_t>(pairs.dim()), 1);
  shape[1] = rotation.size(0), shape.back() = rotation.size(1);
  return at::view_as_real(pairs * rotation.view(shape)).flatten(-2);
}

}  // namespace saggio::models
