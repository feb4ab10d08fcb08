// SPDX-License-Identifier: MIT
#pragma once

#include "models/relations/leaves.h"
#include "models/relations/relation_model.h"

// Messages that leave the source and go along the edges (Zhu et al. 2021, "Neural Bellman-Ford
// networks", arXiv:2106.06935): DistMult messages, summed, with the source's mark added in every
// round. Deviation: all rounds share their weights, so that there can be more of them when a question
// needs more than any in training.
//   h0[v] = mark if v is the source, else 0
//   m[v]  = h0[v] + sum over edges u -r-> v of h[u] * w_r           (elementwise)
//   h[v]  = h[v] + relu(norm(W [h[v] ; m[v]] + b))
//   logits = W2 relu(W1 [h[target] ; mark] + b1) + b2
namespace saggio::models {

struct BellmanFordOptions {
  int64_t relations = 20;
  int64_t width = 64;

  void visit(auto& v) { v("width", width, "bellman_ford: size of a person's state", {1, 4096}); }
};

class BellmanFord : public RelationModel {
 public:
  BellmanFord(const BellmanFordOptions& options, const results::Stream& init);

  const NamedTensors& parameters() const override { return parameters_; }
  at::Tensor logits(const RelationBatch& batch, int64_t rounds) const override;

 private:
  NamedTensors parameters_;
  at::Tensor mark_;       // [D]
  at::Tensor relations_;  // [R, D]
  Linear update_, hidden_, head_;
  Norm norm_;
};

}  // namespace saggio::models
