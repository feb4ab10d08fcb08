// SPDX-License-Identifier: MIT
#include "models/relations/bellman_ford.h"

#include <ATen/ATen.h>

namespace saggio::models {

BellmanFord::BellmanFord(const BellmanFordOptions& options, const results::Stream& init) {
  const int64_t D = options.width;
  Leaves leaves(init);
  mark_ = leaves.normal("mark", {D}, 1);
  relations_ = leaves.normal("relations", {options.relations, D}, 1);
  update_ = leaves.linear("update", 2 * D, D);
  norm_ = leaves.norm("norm", D);
  hidden_ = leaves.linear("hidden", 2 * D, D);
  head_ = leaves.linear("head", D, options.relations);
  parameters_ = leaves.take();
}

at::Tensor BellmanFord::logits(const RelationBatch& batch, int64_t rounds) const {
  const int64_t B = batch.size(), N = batch.people(), D = mark_.size(0);
  const at::Tensor questions = at::arange(B, at::kLong);
  const at::Tensor edges = batch.stated.matmul(relations_);  // [B, N, N, D], by from, then to
  const at::Tensor is_source = at::one_hot(batch.source, N).to(at::kFloat).unsqueeze(-1);
  const at::Tensor start = is_source * mark_;  // [B, N, D]
  at::Tensor state = start;
  for (int64_t i = 0; i < rounds; ++i) {
    const at::Tensor messages = start + (state.unsqueeze(2) * edges).sum(1);
    state = state + norm_(update_(at::cat({state, messages}, -1))).relu();
  }
  const at::Tensor asked = state.index({questions, batch.target});  // [B, D]
  return head_(hidden_(at::cat({asked, mark_.expand({B, D})}, -1)).relu());
}

}  // namespace saggio::models
