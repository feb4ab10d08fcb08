// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/message_passing.h"
#include "models/named_tensors.h"
#include "results/random.h"

// Networks that give every node of a graph its class, from the node's sparse features and its
// neighbours. They hold parameters and nothing else; the graph comes in with each pass.
//
//   mlp    s(X W0) W1: the neighbours are not looked at
//   gcn    A^ s(A^ X W0) W1, A^ = D^-1/2 (A + I) D^-1/2, s = relu; more layers likewise
//          (Kipf and Welling 2017, arXiv:1609.02907, eq. 9)
//   gat    h_i = b + sum over j of softmax_j(leaky(t . W x_i + u . W x_j)) W x_j over the neighbours and
//          i itself, `heads` of them side by side, `output_heads` averaged in the last layer; s = elu,
//          leaky slope 0.2 (Velickovic et al. 2018, arXiv:1710.10903, eq. 1-6). The attention vector
//          of the paper is [t, u]; b is in its authors' code
//   dagnn  Z = s(X W0 + b0) W1 + b1, out = sum over k = 0..hops of sigmoid(A^k Z g + c) A^k Z: each
//          node weighs how far it looks (Liu et al. 2020, arXiv:2007.09296, eq. 8; biases as in its
//          authors' code)
//
// N nodes, M edges, F features, C classes, D width of a layer (of a head), H heads; f32.
namespace saggio::models {

struct GraphNetworkOptions {
  std::string kind = "gcn";
  int64_t layers = 2;
  int64_t width = 16;
  int64_t heads = 8;
  int64_t output_heads = 1;
  int64_t hops = 10;
  double dropout = 0.5;
  double attention_dropout = 0.6;

  void visit(auto& v) {
    v("layers", layers, "matrices that follow each other", {1, 64});
    v("width", width, "hidden units; gat: of each head", {1, 8192});
    v("heads", heads, "gat: of a hidden layer, side by side", {1, 64});
    v("output_heads", output_heads, "gat: of the last layer, averaged", {1, 64});
    v("hops", hops, "dagnn: how far a node may look", {0, 256});
    v("dropout", dropout, "of what each layer is given, the features too", {0, 0.95});
    v("attention_dropout", attention_dropout, "gat: of the weights of the neighbours", {0, 0.95});
  }
};

struct SparseMatrix {
  kernels::Adjacency pattern;  // N rows, F columns
  at::Tensor value;            // [nonzeros] f32 by edge index
};

// A graph as the networks read it, with what can be known of it before any pass.
struct GraphInput {
  GraphInput(const kernels::Adjacency& neighbours, SparseMatrix node_features);

  kernels::Adjacency graph;  // rows receive; borrowed from whoever stores it
  SparseMatrix features;
  Normalised normalised;      // A^
  kernels::Adjacency looped;  // graph with a loop at each node, a copy: gat's softmax has to see it
  EdgeEnds ends;              // of looped
};

class GraphNetwork {
 public:
  // Glorot and Bengio 2010's uniform values, each parameter from init.split(its name); gates and
  // attention vectors likewise. Biases begin at 0.
  GraphNetwork(const GraphNetworkOptions& options,
               int64_t features,
               int64_t classes,
               const results::Stream& init);

  // Logits [N, C]. With `dropout` the options' dropouts are applied, drawn from it.
  at::Tensor forward(const GraphInput& input, results::Stream* dropout = nullptr) const;

  // "layer.0.weight", ...; trainable leaves.
  const NamedTensors& parameters() const { return parameters_; }

 private:
  struct Layer {
    at::Tensor weight;          // [in, heads D]
    at::Tensor target, source;  // [heads, D], gat only
    at::Tensor bias;            // [heads D], the last of gat [D]; gat and dagnn only
    int64_t heads = 1;
    bool last = false;
  };
  struct Pass;

  at::Tensor parameter(const std::string& name, at::IntArrayRef shape, const results::Stream& init);
  at::Tensor bias(const std::string& name, int64_t width);
  at::Tensor attend(const Layer& layer, const at::Tensor& x, Pass& pass) const;
  at::Tensor weigh_hops(const at::Tensor& x, const GraphInput& input) const;

  GraphNetworkOptions options_;
  NamedTensors parameters_;
  std::vector<Layer> layers_;
  at::Tensor gate_, gate_bias_;  // [C, 1], [1], dagnn only
};

// Elements of all parameters, without making them.
int64_t parameter_count(const GraphNetworkOptions& options, int64_t features, int64_t classes);

}  // namespace saggio::models
