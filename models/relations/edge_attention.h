// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "models/relations/leaves.h"
#include "models/relations/relation_model.h"

// A state for every pair of people, and attention over triangles: what u is to v listens to all
// (u, w) and (w, v) (Bergen et al. 2021, "Systematic generalization with edge transformers",
// arXiv:2112.00578, eq. 2-4). Deviations: all rounds share their weights, so that their number may
// differ between training and test; pre-norm.
//   x[u, v]    = embedding of what is stated, or of "nothing", or of "the same person"
//   a[u, w, v] = softmax over w of q[u, w] . k[w, v] / sqrt(D / H)      in each of H heads
//   x[u, v]   += W_o (sum over w of a[u, w, v] (v1[u, w] * v2[w, v]));  x += feed-forward(x)
// A round costs O(B N^3 D).
namespace saggio::models {

struct EdgeAttentionOptions {
  int64_t relations = 20;
  int64_t width = 64;
  int64_t heads = 4;

  void visit(auto& v) {
    v("width", width, "edge_attention: size of a pair's state", {1, 4096});
    v("heads", heads, "edge_attention: heads; divides the width", {1, 64});
  }
};

class EdgeAttention : public RelationModel {
 public:
  // Throws std::invalid_argument if the heads do not divide the width.
  EdgeAttention(const EdgeAttentionOptions& options, const results::Stream& init);

  const NamedTensors& parameters() const override { return parameters_; }
  at::Tensor logits(const RelationBatch& batch, int64_t rounds) const override;

 private:
  at::Tensor embed(const RelationBatch& batch) const;                          // [B, N, N, D]
  at::Tensor attend(const at::Tensor& pairs, const at::Tensor& absent) const;  // likewise

  EdgeAttentionOptions options_;
  NamedTensors parameters_;
  at::Tensor relations_;       // [R, D]
  at::Tensor nothing_, self_;  // [D]
  Norm attention_norm_, ffn_norm_, head_norm_;
  Linear queries_, keys_, left_, right_, out_, up_, down_, head_;
};

}  // namespace saggio::models
