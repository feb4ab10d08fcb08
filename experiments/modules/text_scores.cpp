// SPDX-License-Identifier: MIT
#include "experiments/modules/text_scores.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <vector>

namespace saggio::experiments {

using data::Corpus;
using data::Text;
using models::Transformer;

namespace {

// Runs the model over windows of one length, some at a time. `use` gets logits [B, T, V] and
// targets [B, T].
void forward_windows(const Transformer& model,
                     const Text& text,
                     std::span<const size_t> offsets,
                     size_t length,
                     const std::function<void(const at::Tensor&, const at::Tensor&)>& use) {
  const size_t rows = std::max<size_t>(1, 4096 / length);  // of a size that stays in the cache
  const at::NoGradGuard no_gradients;
  std::vector<int32_t> tokens;
  for (size_t i = 0; i < offsets.size(); i += rows) {
    const auto some = offsets.subspan(i, std::min(rows, offsets.size() - i));
    tokens.resize(some.size() * (length + 1));
    for (size_t row = 0; row < some.size(); ++row)
      text.read(some[row], std::span(tokens).subspan(row * (length + 1), length + 1));
    const Batch batch = batch_of(tokens, length);
    use(model.forward(batch.tokens), batch.targets);
  }
}

}  // namespace

Batch batch_of(std::span<int32_t> windows, size_t length) {
  const auto columns = static_cast<int64_t>(length) + 1,
             rows = static_cast<int64_t>(windows.size()) / columns;
  const at::Tensor all = at::from_blob(windows.data(), {rows, columns}, at::kInt).to(at::kLong);
  return {all.slice(1, 0, columns - 1), all.slice(1, 1)};
}

Score score(const Transformer& model, const Text& text, data::Range part) {
  const data::Sweep sweep(text, part, static_cast<size_t>(model.context()));
  std::map<size_t, std::vector<size_t>> offsets;  // by length; only the last window may be shorter
  for (size_t i = 0; i < sweep.size(); ++i) offsets[sweep[i].predicted].push_back(sweep[i].offset);
  double nats = 0;
  for (const auto& [length, some] : offsets)
    forward_windows(
        model, text, some, length, [&](const at::Tensor& logits, const at::Tensor& targets) {
          nats += models::cross_entropy(logits, targets).item<double>() *
                  static_cast<double>(targets.numel());
        });
  const size_t bytes = text.bytes_in({part.end - sweep.predicted(), part.end});
  return {nats / static_cast<double>(sweep.predicted()),
          nats / std::numbers::ln2 / static_cast<double>(bytes)};
}

std::vector<Guess> guesses(const Transformer& model, const Corpus& corpus) {
  const auto length = static_cast<size_t>(model.context());
  std::vector<size_t> offsets;
  std::vector<Guess> found;
  for (size_t i = 0; i < corpus.answers.size(); ++i) {
    const data::kinship::Answer& answer = corpus.answers[i];
    const size_t end = answer.offset + answer.bytes + 1;
    if (answer.bytes + 1 > length) continue;  // not answered
    offsets.push_back(end - length - 1);
    found.push_back({.question = i});
  }
  auto guess = found.begin();
  const auto look_at = [&](const at::Tensor& logits, const at::Tensor& targets) {  // [n, V], [n]
    const at::Tensor best = logits.argmax(-1).to(at::kInt);
    const at::Tensor of_truth = logits.log_softmax(-1).gather(1, targets.unsqueeze(1));
    const std::string said =
        corpus.text.decode({best.const_data_ptr<int32_t>(), static_cast<size_t>(best.numel())});
    guess->said = said.substr(0, said.find('\n'));
    guess->right = best.eq(targets).all().item<bool>();
    guess->probability = std::exp(of_truth.sum().item<double>());
    ++guess;
  };
  forward_windows(model,
                  corpus.text,
                  offsets,
                  length,
                  [&](const at::Tensor& logits, const at::Tensor& targets) {
                    for (int64_t row = 0; row < logits.size(0); ++row) {
                      const auto asked =
                          static_cast<int64_t>(corpus.answers[guess->question].bytes) + 1;
                      look_at(logits[row].slice(0, model.context() - asked),
                              targets[row].slice(0, model.context() - asked));
                    }
                  });
  return found;
}

}  // namespace saggio::experiments
