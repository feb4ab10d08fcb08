// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "models/relations/leaves.h"
#include "models/relations/relation_model.h"

// A plain transformer (pre-norm, no positions, no mask but padding) that reads a graph as a set of
// tokens: one for the question, then one for each edge.
//   token of an edge      relation + as_first[name of from] + as_second[name of to]
//   token of the question   asked  + as_first[name of source] + as_second[name of target]
// Names are drawn anew for every batch, so that a number stands for nobody; the answer is read off
// the question's token.
namespace saggio::models {

struct EdgeTokensOptions {
  int64_t relations = 20;
  int64_t width = 64;
  int64_t layers = 3;
  int64_t heads = 4;
  int64_t ffn_width = 128;

  void visit(auto& v) {
    v("width", width, "edge_tokens: size of the residual stream", {1, 4096});
    v("layers", layers, "edge_tokens: blocks", {1, 64});
    v("heads", heads, "edge_tokens: attention heads; divides the width", {1, 64});
    v("ffn_width", ffn_width, "edge_tokens: hidden units of a feed-forward part", {1, 65536});
  }
};

class EdgeTokens : public RelationModel {
 public:
  // Throws std::invalid_argument if the heads do not divide the width.
  EdgeTokens(const EdgeTokensOptions& options, const results::Stream& init);

  const NamedTensors& parameters() const override { return parameters_; }
  at::Tensor logits(const RelationBatch& batch, int64_t rounds) const override;

 private:
  struct Block {
    Norm attention_norm, ffn_norm;
    Linear qkv, out, up, down;
  };

  at::Tensor embed(const RelationBatch& batch) const;  // [B, M+1, D]
  at::Tensor attend(const Block& block, const at::Tensor& x, const at::Tensor& mask) const;

  EdgeTokensOptions options_;
  NamedTensors parameters_;
  at::Tensor relations_;             // [R + 1, D]; the last: what is asked
  at::Tensor as_first_, as_second_;  // [kNames, D]
  std::vector<Block> blocks_;
  Norm head_norm_;
  Linear head_;
};

}  // namespace saggio::models
