// SPDX-License-Identifier: MIT
#include "models/relations/relation_model.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace saggio::models {

BatchLoss loss_of(const RelationModel& model, const RelationBatch& batch, int64_t rounds) {
  const at::Tensor scores = model.logits(batch, rounds);
  return {at::cross_entropy_loss(scores, batch.answer), scores};
}

std::vector<RelationAnswer> answers_of(const RelationModel& model,
                                       std::span<const RelationGraph> graphs,
                                       int64_t relations,
                                       int64_t rounds,
                                       int64_t batch,
                                       results::Stream& names) {
  const at::NoGradGuard no_gradients;
  std::vector<RelationAnswer> answers;
  std::vector<const RelationGraph*> part;
  for (size_t i = 0; i < graphs.size(); ++i) {
    part.push_back(&graphs[i]);
    if (static_cast<int64_t>(part.size()) < batch && i + 1 < graphs.size()) continue;
    const auto [sure, best] =
        model.logits(make_batch(part, relations, names), rounds).softmax(-1).max(-1);
    for (int64_t b = 0; b < best.numel(); ++b)
      answers.push_back({best.const_data_ptr<int64_t>()[b],
                         static_cast<double>(sure.const_data_ptr<float>()[b])});
    part.clear();
  }
  return answers;
}

}  // namespace saggio::models
