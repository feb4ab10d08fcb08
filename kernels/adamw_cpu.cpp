// SPDX-License-Identifier: MIT
#include <cmath>
#include <vector>

#include "kernels/adamw.h"
#include "kernels/adamw_check.h"
#include "kernels/loops/loops.h"
#include "kernels/parallel.h"
#include "kernels/work_list.h"

namespace saggio::kernels {
namespace {

constexpr int64_t kGrain = int64_t{1} << 13;  // elements; below, a second thread costs more
constexpr int64_t kTensorGrain = 256;         // tensors; likewise, of looking them up

void check_types(const AdamwTensor& tensor, size_t index) {
  const auto check = [&](const at::Tensor& part, const char* name) {
    if (part.scalar_type() != at::kFloat || !part.device().is_cpu())
      refuse_type(part, name, index, "float on cpu");
  };
  check(tensor.parameter, "parameter");
  check(tensor.gradient, "gradient");
  check(tensor.mean, "mean");
  check(tensor.square, "square");
  const at::Tensor& mask = tensor.trainable;
  if (mask.defined() && mask.scalar_type() != at::kBool && mask.scalar_type() != at::kByte)
    refuse_type(mask, "trainable", index, "bool or byte");
  if (tensor.master.defined())
    refuse_type(tensor.master, "master", index, "none beside a float parameter");
}

AdamwArrays arrays_of(const AdamwTensor& tensor, double lr) {
  const at::Tensor& mask = tensor.trainable;
  return {tensor.parameter.mutable_data_ptr<float>(),
          tensor.gradient.const_data_ptr<float>(),
          tensor.mean.mutable_data_ptr<float>(),
          tensor.square.mutable_data_ptr<float>(),
          mask.defined() ? static_cast<const uint8_t*>(mask.const_data_ptr()) : nullptr,
          static_cast<float>(1 - lr * tensor.decay)};
}

AdamwArrays from(const AdamwArrays& whole, int64_t offset) {
  return {whole.parameter + offset,
          whole.gradient + offset,
          whole.mean + offset,
          whole.square + offset,
          whole.trainable == nullptr ? nullptr : whole.trainable + offset,
          whole.keep};
}

AdamwConstants constants_of(const AdamwStep& step) {
  return {static_cast<float>(step.beta1),
          static_cast<float>(1 - step.beta1),
          static_cast<float>(step.beta2),
          static_cast<float>(1 - step.beta2),
          static_cast<float>(step.lr / step.correction1),
          static_cast<float>(1 / std::sqrt(step.correction2)),
          static_cast<float>(step.epsilon),
          static_cast<float>(step.gradient_scale)};
}

}  // namespace

void adamw_step(std::span<const AdamwTensor> tensors, const AdamwStep& step) {
  check_constants(step);
  const auto count = static_cast<int64_t>(tensors.size());
  std::vector<AdamwArrays> arrays(tensors.size());
  // Thousands of small tensors cost as much to look up as to step, so that is shared out as well.
  parallel_ranges(count, kTensorGrain, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      check_layout(tensors[i], i);
      check_types(tensors[i], i);
      arrays[i] = arrays_of(tensors[i], step.lr);
    }
  });
  WorkList work;
  work.reserve(tensors.size());
  for (const AdamwTensor& tensor : tensors) work.add(tensor.parameter.numel());
  const AdamwConstants constants = constants_of(step);
  const Loops& table = loops();
  parallel_ranges(work.size(), kGrain, [&](int64_t begin, int64_t end) {
    work.for_pieces(begin, end, [&](size_t i, int64_t offset, int64_t elements) {
      table.adamw(from(arrays[i], offset), constants, elements);
    });
  });
  // Autograd keeps count of changes, so that a backward pass over the old values is an error.
  for (const AdamwTensor& tensor : tensors) tensor.parameter.unsafeGetTensorImpl()->bump_version();
}

}  // namespace saggio::kernels
