// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/knowledge_graph/messages.h"
#include "models/relations/leaves.h"

// The generalised Bellman-Ford iteration that NBFNet and ULTRA are made of (Zhu et al. 2021,
// arXiv:2106.06935, equations 3 to 6): what is known of every node as seen from the query's node,
// one hop further with each layer.
namespace saggio::models {

struct BellmanFordLayerOptions {
  int64_t width = 32;
  int64_t layers = 6;
  std::string message = "distmult";
  std::string aggregation = "pna";
  bool layer_norm = true;
  bool shortcut = true;

  void visit(auto& v) {
    v("width", width, "size of a node's state", {1, 1024}, 32);
    v("layers", layers, "iterations: how many hops an answer may be away", {1, 32}, 6);
    v("message", message, "what an edge makes of its sender", {"distmult", "transe"}, "distmult");
    v("aggregation", aggregation, "what a node makes of its messages", {"sum", "pna"}, "pna");
    v("layer_norm", layer_norm, "before the activation of each layer", true);
    v("shortcut", shortcut, "each layer adds to the state before it", true);
  }
};

class BellmanFordLayers {
 public:
  // Makes layers.i.linear [D, 2 D] (pna: [D, 13 D]: state, then messages) and layers.i.layer_norm,
  // all names behind `prefix`. Throws std::invalid_argument for a message or an aggregation that it
  // does not know.
  BellmanFordLayers(const BellmanFordLayerOptions& options,
                    const std::string& prefix,
                    Leaves& leaves);

  // One iteration: relu(norm(linear(state, messages))), added to the state.
  //   state, boundary  [N, B, D] f32
  //   relations        [types, B, D] f32
  at::Tensor layer(size_t number,
                   const SharedGraph& graph,
                   const at::Tensor& state,
                   const at::Tensor& relations,
                   const at::Tensor& boundary) const;

 private:
  struct Layer {
    Linear linear;
    Norm norm;  // undefined without layer_norm
  };
  struct Received;
  Received receive(const SharedGraph& graph,
                   const at::Tensor& state,
                   const at::Tensor& relations,
                   const at::Tensor& boundary) const;
  at::Tensor update(const Layer& layer, const at::Tensor& state, const Received& received) const;
  kernels::Message message_;
  bool pna_;
  BellmanFordLayerOptions options_;
  std::vector<Layer> layers_;
};

// [N, B, D] of 0, but for query[b] at (nodes[b], b): where the iteration starts.
//   at     [B] i64 in [0, nodes)
//   query  [B, D] f32
at::Tensor boundary_of(int64_t nodes, const at::Tensor& at, const at::Tensor& query);

// Scores of nodes from their last states and the query: two linear layers over both, with a relu
// between, mlp.0 [2 D, 2 D] and mlp.2 [1, 2 D].
class NodeScorer {
 public:
  NodeScorer(int64_t width, const std::string& prefix, Leaves& leaves);

  //   states  [C, B, D] f32
  //   query   [B, D] f32
  // Returns   [B, C] f32
  at::Tensor operator()(const at::Tensor& states, const at::Tensor& query) const;

 private:
  int64_t width_;
  Linear first_, last_;
};

}  // namespace saggio::models
