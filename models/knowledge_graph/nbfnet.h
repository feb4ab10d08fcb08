// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "models/knowledge_graph/bellman_ford_layers.h"
#include "models/named_tensors.h"
#include "models/triple_scorer.h"
#include "results/random.h"

// NBFNet (Zhu et al. 2021, arXiv:2106.06935): the answers to (head, relation, ?) by message passing
// that starts at the head with the relation's embedding. It has no parameter of a node, so what is
// trained on one graph answers on another with the same relations. Its layers' relation vectors are
// either parameters of their own or linear functions of the query's embedding, of which the paper
// uses one or the other by data set.
namespace saggio::models {

struct NbfnetOptions {
  BellmanFordLayerOptions layers;
  bool relations_by_query = true;

  void visit(auto& v) {
    layers.visit(v);
    v("relations_by_query",
      relations_by_query,
      "a layer's relation vectors are linear in the query's; else parameters of their own",
      true);
  }
};

class Nbfnet {
 public:
  // Parameters are drawn from init.split(their names).
  Nbfnet(const NbfnetOptions& options, int64_t relations, const results::Stream& init);

  // Scores (logits) of candidates, or of all nodes where `candidates` is undefined.
  //   heads       [B] i64 in [0, N)
  //   relations   [B] i64 in [0, 2R)
  //   candidates  [B, C] i64 in [0, N)
  // Returns       [B, C] or [B, N] f32
  at::Tensor forward(const SharedGraph& graph,
                     const at::Tensor& heads,
                     const at::Tensor& relations,
                     const at::Tensor& candidates = {}) const;

  const NamedTensors& parameters() const { return parameters_; }

 private:
  Nbfnet(const NbfnetOptions& options, int64_t relations, Leaves leaves);
  at::Tensor relation_vectors(size_t layer, const at::Tensor& query) const;

  NbfnetOptions options_;
  int64_t types_;
  BellmanFordLayers iteration_;
  std::vector<Linear> relations_;  // of a layer: [2R D, D] and [2R D], or [2R, D] and undefined
  at::Tensor query_;               // [2R, D]
  NodeScorer scorer_;
  NamedTensors parameters_;
};

// The loss that NBFNet is trained with (Zhu et al. 2021, equation 7, with the self-adversarial
// weights of Sun et al. 2019, arXiv:1902.10197, equation 5): the binary cross entropy of the truth,
// and of the others weighted with softmax(their score / temperature), through which no gradient
// flows; half their sum, a mean over the queries. Temperature 0 weighs them alike.
//   scores  [B, 1 + negatives] f32  the truth's first
at::Tensor sampled_loss(const at::Tensor& scores, double temperature);

// A trained NBFNet on a graph.
class NbfnetScorer final : public TripleScorer {
 public:
  NbfnetScorer(std::shared_ptr<const Nbfnet> model, SharedGraph graph)
      : model_(std::move(model)), graph_(std::move(graph)) {}
  at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) override;

 private:
  std::shared_ptr<const Nbfnet> model_;
  SharedGraph graph_;
};

}  // namespace saggio::models
