// SPDX-License-Identifier: MIT
#include "experiments/modules/links/facts.h"

#include <ATen/ops/empty.h>

#include <cstring>

namespace saggio::experiments {

at::Tensor fact_tensor(const std::vector<data::Triple>& facts) {
  static_assert(sizeof(data::Triple) == 3 * sizeof(int32_t));
  const at::Tensor result = at::empty({static_cast<int64_t>(facts.size()), 3}, at::kInt);
  std::memcpy(result.mutable_data_ptr(), facts.data(), facts.size() * sizeof(data::Triple));
  return result;
}

}  // namespace saggio::experiments
