// SPDX-License-Identifier: MIT
#include <ATen/core/Tensor.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/gradient_norm.h"
#include "kernels/loops/loops.h"
#include "kernels/parallel.h"
#include "kernels/work_list.h"

namespace saggio::kernels {
namespace {

// One partial sum per chunk of the line of all elements; the threads share the chunks.
constexpr int64_t kChunk = int64_t{1} << 14;

void check_gradient(const at::Tensor& x, size_t index) {
  if (!x.defined() || x.scalar_type() != at::kFloat || !x.device().is_cpu() || !x.is_contiguous())
    throw std::invalid_argument(
        fmt::format("gradient_norm: gradient {} is {}, allowed contiguous float tensors on cpu",
                    index,
                    x.defined() ? x.toString() + (x.is_contiguous() ? "" : ", not contiguous")
                                : std::string("undefined")));
}

const uint8_t* mask_of(std::span<const at::Tensor> trainable, const at::Tensor& x, size_t index) {
  if (trainable.empty() || !trainable[index].defined()) return nullptr;
  const at::Tensor& mask = trainable[index];
  const bool bytes = mask.scalar_type() == at::kBool || mask.scalar_type() == at::kByte;
  if (!bytes || !mask.is_contiguous() || mask.sizes() != x.sizes())
    throw std::invalid_argument(fmt::format(
        "gradient_norm: mask {} is {} [{}], expected contiguous bool or byte [{}] as its gradient",
        index,
        mask.toString(),
        fmt::join(mask.sizes(), ", "),
        fmt::join(x.sizes(), ", ")));
  return static_cast<const uint8_t*>(mask.const_data_ptr());
}

}  // namespace

double gradient_norm(std::span<const at::Tensor> gradients, std::span<const at::Tensor> trainable) {
  if (!trainable.empty() && trainable.size() != gradients.size())
    throw std::invalid_argument(
        fmt::format("gradient_norm: {} masks for {} gradients, expected one each",
                    trainable.size(),
                    gradients.size()));
  struct Array {
    const float* values;
    const uint8_t* mask;
  };
  WorkList work;
  std::vector<Array> arrays;
  arrays.reserve(gradients.size());
  work.reserve(gradients.size());
  for (size_t i = 0; i < gradients.size(); ++i) {
    check_gradient(gradients[i], i);
    arrays.push_back({gradients[i].const_data_ptr<float>(), mask_of(trainable, gradients[i], i)});
    work.add(gradients[i].numel());
  }
  const int64_t chunks = (work.size() + kChunk - 1) / kChunk;
  std::vector<double> sums(static_cast<size_t>(chunks));
  const Loops& table = loops();
  parallel_ranges(chunks, 1, [&](int64_t first, int64_t last) {
    for (int64_t chunk = first; chunk < last; ++chunk) {
      double sum = 0;
      const int64_t begin = chunk * kChunk, end = std::min(begin + kChunk, work.size());
      work.for_pieces(begin, end, [&](size_t i, int64_t offset, int64_t count) {
        const Array& array = arrays[i];
        sum += table.sum_of_squares(
            array.values + offset, array.mask == nullptr ? nullptr : array.mask + offset, count);
      });
      sums[static_cast<size_t>(chunk)] = sum;
    }
  });
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.));
}

double clip_factor(double norm, double limit) {
  if (!(limit >= 0))
    throw std::invalid_argument(fmt::format("clip_factor: limit = {}, allowed 0 and above", limit));
  return limit > 0 && std::isfinite(norm) && norm > limit ? limit / norm : 1;
}

void scale_gradients(std::span<const at::Tensor> gradients, double factor) {
  WorkList work;
  std::vector<float*> arrays;
  work.reserve(gradients.size());
  arrays.reserve(gradients.size());
  for (size_t i = 0; i < gradients.size(); ++i) {
    check_gradient(gradients[i], i);
    arrays.push_back(gradients[i].mutable_data_ptr<float>());
    work.add(gradients[i].numel());
  }
  const Loops& table = loops();
  parallel_ranges(work.size(), kChunk, [&](int64_t begin, int64_t end) {
    work.for_pieces(begin, end, [&](size_t i, int64_t offset, int64_t count) {
      table.scale(arrays[i] + offset, static_cast<float>(factor), count);
    });
  });
}

}  // namespace saggio::kernels
