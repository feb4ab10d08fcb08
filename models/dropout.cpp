// SPDX-License-Identifier: MIT
#include "models/dropout.h"

#include <ATen/ATen.h>

#include <span>

namespace saggio::models {

at::Tensor dropout(const at::Tensor& x, double p, results::Stream& stream) {
  TORCH_CHECK(p >= 0 && p < 1, "dropout: p = ", p, ", allowed 0 <= p < 1");
  at::Tensor mask = at::empty(x.sizes(), at::kFloat);
  const std::span<float> values(mask.mutable_data_ptr<float>(), static_cast<size_t>(mask.numel()));
  stream.fill_uniform(values);
  const auto threshold = static_cast<float>(p), scale = static_cast<float>(1 / (1 - p));
  for (float& value : values) value = value < threshold ? 0 : scale;
  return x * mask.to(x.options());
}

}  // namespace saggio::models
