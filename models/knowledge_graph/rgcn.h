// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "models/knowledge_graph/fact_graph.h"
#include "models/named_tensors.h"
#include "models/relations/leaves.h"
#include "models/triple_scorer.h"
#include "results/random.h"

// R-GCN (Schlichtkrull et al. 2018, arXiv:1703.06103): nodes' embeddings, improved by their
// neighbours', scored by DistMult. A layer is equation 2 with the basis decomposition of equation 3,
//
//   h_i' = relu( sum over i's edges (j, t) of W_t h_j / c_i + W_0 h_i ),   W_t = sum_b a_tb V_b,
//
// no relu in the last, and with c_i the number of i's edges of all types, as the paper has it for
// link prediction. Since a_tb is a number, a message is sum_b a_tb (V_b h_j): bases are queries of
// message_sums() that are added up, and no edge has a row of its own.
namespace saggio::models {

struct RgcnOptions {
  int64_t width = 64;
  int64_t layers = 2;
  int64_t bases = 2;

  void visit(auto& v) {
    v("width", width, "size of an embedding", {1, 1024});
    v("layers", layers, "rounds of messages", {1, 16});
    v("bases", bases, "matrices that the types' matrices are made of", {1, 256});
  }
};

class Rgcn {
 public:
  // Parameters are drawn from init.split(their names).
  Rgcn(const RgcnOptions& options, int64_t nodes, int64_t relations, const results::Stream& init);

  at::Tensor encode(const SharedGraph& graph) const;  // [N, D] f32

  // Scores (logits) of candidates, or of all nodes where `candidates` is undefined. A relation and
  // its inverse have the same vector: DistMult knows no direction.
  //   states      [N, D] f32  as encode() gives them
  //   heads       [B] i64 in [0, N)
  //   relations   [B] i64 in [0, 2R)
  //   candidates  [B, C] i64 in [0, N)
  // Returns       [B, C] or [B, N] f32
  at::Tensor score(const at::Tensor& states,
                   const at::Tensor& heads,
                   const at::Tensor& relations,
                   const at::Tensor& candidates = {}) const;

  const NamedTensors& parameters() const { return parameters_; }

 private:
  struct Layer {
    at::Tensor bases;         // [K D, D]: V_b below one another
    at::Tensor coefficients;  // [2R, K]
    at::Tensor self;          // [D, D]
  };
  Rgcn(const RgcnOptions& options, int64_t nodes, int64_t relations, Leaves leaves);
  static std::vector<Layer> make_layers(const RgcnOptions& options,
                                        int64_t relations,
                                        Leaves& leaves);
  at::Tensor from_neighbours(const SharedGraph& graph,
                             const at::Tensor& x,
                             const Layer& layer) const;

  RgcnOptions options_;
  int64_t count_;  // R
  at::Tensor embedding_;
  std::vector<Layer> layers_;
  at::Tensor relations_;  // [R, D]
  NamedTensors parameters_;
};

// A trained R-GCN on a graph, encoded once.
class RgcnScorer final : public TripleScorer {
 public:
  RgcnScorer(std::shared_ptr<const Rgcn> model, const SharedGraph& graph);
  at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) override;

 private:
  std::shared_ptr<const Rgcn> model_;
  at::Tensor states_;
};

}  // namespace saggio::models
