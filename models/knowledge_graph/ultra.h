// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "models/knowledge_graph/bellman_ford_layers.h"
#include "models/named_tensors.h"
#include "models/triple_scorer.h"
#include "results/checkpoint/torch_file.h"
#include "results/random.h"

// ULTRA (Galkin et al. 2023, arXiv:2310.04562): NBFNet without a parameter of a relation either, so
// that one set of weights answers on any knowledge graph. Relations are nodes of a graph of how
// they meet (fact_graph.h), and an iteration over it that starts at the query's relation gives all
// of them their vectors; a second iteration, over the facts, starts at the head and uses these,
// each layer through a projection of its own.
namespace saggio::models {

struct UltraOptions {
  int64_t width = 64;
  int64_t layers = 6;  // of either iteration

  void visit(auto& v) {
    v("width", width, "size of a relation's and of a node's state", {1, 1024});
    v("layers", layers, "iterations over the relations, and over the nodes", {1, 32});
  }
};

// The two graphs that a query is answered on.
struct UltraGraphs {
  SharedGraph facts, relations;
};
UltraGraphs ultra_graphs(const at::Tensor& facts, int64_t nodes, int64_t relations);

class Ultra {
 public:
  // Parameters are drawn from init.split(their names), which are those of the published
  // checkpoints.
  Ultra(const UltraOptions& options, const results::Stream& init);

  // Takes the tensors "model.NAME" of a published checkpoint as parameters; those of its optimizer,
  // "optimizer.*", are not looked at. Throws std::runtime_error that names what is missing, more,
  // or of another type or shape; nothing has been copied then.
  void load(const results::TorchFile& file);

  // Vectors of all types as the query relations see them.
  //   relations  [B] i64 in [0, 2R)
  // Returns      [2R, B, D] f32
  at::Tensor relation_vectors(const SharedGraph& relation_graph, const at::Tensor& relations) const;

  // Scores (logits) of all nodes, given those vectors.
  //   heads      [B] i64 in [0, N)
  //   relations  [B] i64 in [0, 2R)
  //   vectors    [2R, B, D] f32
  // Returns      [B, N] f32
  at::Tensor forward(const SharedGraph& facts,
                     const at::Tensor& heads,
                     const at::Tensor& relations,
                     const at::Tensor& vectors) const;

  const NamedTensors& parameters() const { return parameters_; }

 private:
  struct Projection {
    Linear first, last;
  };
  Ultra(const UltraOptions& options, Leaves leaves);
  static std::vector<at::Tensor> make_meetings(const UltraOptions& options, Leaves& leaves);
  static std::vector<Projection> make_projections(const UltraOptions& options, Leaves& leaves);

  UltraOptions options_;
  BellmanFordLayers over_relations_;
  std::vector<at::Tensor> meetings_;  // of a layer: [4, D]
  BellmanFordLayers over_nodes_;
  std::vector<Projection> projections_;
  NodeScorer scorer_;
  NamedTensors parameters_;
};

// ULTRA's weights on one graph. The vectors of a query relation are computed once and kept, 16 R^2 D
// bytes for all of them. Queries are answered one by one, whatever a call asks: the nodes' states of
// one are small enough to stay in a cache, of many they are not, and nothing is shared.
class UltraScorer final : public TripleScorer {
 public:
  UltraScorer(std::shared_ptr<const Ultra> model, UltraGraphs graphs);
  at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) override;

 private:
  at::Tensor vectors_of(const at::Tensor& relation);

  std::shared_ptr<const Ultra> model_;
  UltraGraphs graphs_;
  std::vector<at::Tensor> vectors_;  // of a query relation: [2R, D], undefined until it is asked
};

}  // namespace saggio::models
