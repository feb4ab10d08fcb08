// SPDX-License-Identifier: MIT
#include "models/propagation.h"

#include <ATen/ATen.h>

#include "models/message_passing.h"

namespace saggio::models {
namespace {

// [K, C] one-hot.
at::Tensor truth(const at::Tensor& labels, const at::Tensor& known, int64_t classes) {
  return at::one_hot(labels.index_select(0, known), classes).to(at::kFloat);
}

}  // namespace

at::Tensor spread(const kernels::Adjacency& a,
                  const at::Tensor& start,
                  const SpreadOptions& options) {
  const Normalised matrix = symmetric_normalised(a, false);
  const at::Tensor isolated = (a.by_row().row_ptr.diff() == 0).unsqueeze(1);
  const at::Tensor kept = at::where(isolated, start, options.keep * start);
  at::Tensor y = start;
  for (int64_t i = 0; i < options.rounds; ++i)
    y = (1 - options.keep) * propagate(a, matrix, y) + kept;
  return y;
}

at::Tensor label_propagation(const kernels::Adjacency& a,
                             const at::Tensor& labels,
                             const at::Tensor& known,
                             int64_t classes,
                             const SpreadOptions& options) {
  const at::Tensor start =
      at::zeros({a.rows(), classes}).index_copy_(0, known, truth(labels, known, classes));
  return spread(a, start, options);
}

at::Tensor correct_and_smooth(const kernels::Adjacency& a,
                              const at::Tensor& probabilities,
                              const at::Tensor& labels,
                              const at::Tensor& known,
                              const SpreadOptions& correct,
                              const SpreadOptions& smooth) {
  const at::Tensor right = truth(labels, known, probabilities.size(1));
  const at::Tensor error = right - probabilities.index_select(0, known);
  const at::Tensor errors =
      spread(a, at::zeros_like(probabilities).index_copy_(0, known, error), correct);
  const at::Tensor size = errors.abs().sum(1, true), scale = error.abs().sum(1).mean();
  const at::Tensor corrected =
      probabilities + at::where(size > 0, errors * (scale / size), at::zeros_like(errors));
  return spread(a, corrected.index_copy(0, known, right), smooth);
}

}  // namespace saggio::models
