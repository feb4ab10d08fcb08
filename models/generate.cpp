// SPDX-License-Identifier: MIT
#include "models/generate.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "models/transformer.h"

namespace saggio::models {
namespace {

at::Tensor row(std::span<const int32_t> tokens) {
  at::Tensor result = at::empty({1, static_cast<int64_t>(tokens.size())}, at::kLong);
  std::ranges::copy(tokens, result.mutable_data_ptr<int64_t>());
  return result;
}

// The first token at which the cumulative probability exceeds u in [0, 1); logits [V].
int32_t draw(const at::Tensor& logits, double temperature, double u) {
  if (temperature == 0) return static_cast<int32_t>(logits.argmax().item<int64_t>());
  const at::Tensor sums = at::softmax(logits.to(at::kDouble) / temperature, 0).cumsum(0);
  const std::span<const double> cumulative(sums.const_data_ptr<double>(),
                                           static_cast<size_t>(sums.numel()));
  const auto found = std::ranges::upper_bound(cumulative, u * cumulative.back());
  return static_cast<int32_t>(
      std::min<std::ptrdiff_t>(found - cumulative.begin(), std::ssize(cumulative) - 1));
}

}  // namespace

std::vector<int32_t> generate(const Transformer& model,
                              std::span<const int32_t> prompt,
                              int64_t count,
                              double temperature,
                              results::Stream& stream) {
  TORCH_CHECK(!prompt.empty(), "generate: the prompt is empty, expected at least one token");
  TORCH_CHECK(temperature >= 0, "generate: temperature = ", temperature, ", allowed >= 0");
  std::vector<int32_t> text(prompt.begin(), prompt.end());
  KvCache cache;
  size_t read =
      text.size() -
      std::min(text.size(), static_cast<size_t>(std::max<int64_t>(1, model.context() - 1)));
  for (int64_t i = 0; i < count; ++i) {
    if (cache.length == model.context()) {  // full: begin again with the second half
      cache = {};
      read = text.size() - static_cast<size_t>(std::max<int64_t>(1, model.context() / 2));
    }
    const at::Tensor logits =
        model.forward(row(std::span(text).subspan(read)), cache).select(1, -1)[0];
    read = text.size();
    text.push_back(draw(logits, temperature, stream.uniform()));
  }
  return {text.begin() + static_cast<std::ptrdiff_t>(prompt.size()), text.end()};
}

}  // namespace saggio::models
