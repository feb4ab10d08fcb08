// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/relations/relation_batch.h"
#include "models/training.h"

// What answers questions about relations, learned from answers alone.
namespace saggio::models {

class RelationModel {
 public:
  virtual ~RelationModel() = default;

  // Trainable leaves, sharing memory.
  virtual const NamedTensors& parameters() const = 0;
  // Of each answer, after so many rounds; a model without rounds takes no notice of them.
  // Returns  [B, R] f32
  virtual at::Tensor logits(const RelationBatch& batch, int64_t rounds) const = 0;
};

// The mean cross-entropy of the answers.
BatchLoss loss_of(const RelationModel& model, const RelationBatch& batch, int64_t rounds);

struct RelationAnswer {
  int64_t relation = 0;
  double probability = 0;  // by the model
};
// The likeliest answer to each, without gradients, `batch` at a time. `names` as in make_batch.
std::vector<RelationAnswer> answers_of(const RelationModel& model,
                                       std::span<const RelationGraph> graphs,
                                       int64_t relations,
                                       int64_t rounds,
                                       int64_t batch,
                                       results::Stream& names);

}  // namespace saggio::models
