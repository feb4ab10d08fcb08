// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>

#include <cmath>

#include "kernels/gradient_norm.h"

namespace saggio::kernels {

double gradient_norm_reference(std::span<const at::Tensor> gradients,
                               std::span<const at::Tensor> trainable) {
  long double sum = 0;
  for (size_t i = 0; i < gradients.size(); ++i) {
    const at::Tensor x = gradients[i].to(at::kDouble).flatten().contiguous();
    const bool masked = i < trainable.size() && trainable[i].defined();
    const at::Tensor mask = masked ? trainable[i].to(at::kBool).flatten() : at::Tensor();
    for (int64_t j = 0; j < x.numel(); ++j) {
      const double g = x.const_data_ptr<double>()[j];
      if (!masked || mask.const_data_ptr<bool>()[j]) sum += static_cast<long double>(g) * g;
    }
  }
  return static_cast<double>(std::sqrt(sum));
}

}  // namespace saggio::kernels
