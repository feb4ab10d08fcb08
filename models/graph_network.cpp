// SPDX-License-Identifier: MIT
#include "models/graph_network.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

#include "models/dropout.h"

namespace saggio::models {
namespace {

constexpr double kLeakySlope = 0.2;

struct LayerShape {
  int64_t in, width, heads;
  bool last;
  int64_t biases;
};

bool has_biases(const GraphNetworkOptions& o) { return o.kind == "gat" || o.kind == "dagnn"; }

std::vector<LayerShape> layer_shapes(const GraphNetworkOptions& o,
                                     int64_t features,
                                     int64_t classes) {
  std::vector<LayerShape> shapes;
  const bool gat = o.kind == "gat";
  int64_t in = features;
  for (int64_t i = 0; i < o.layers; ++i) {
    const bool last = i + 1 == o.layers;
    const int64_t heads = !gat ? 1 : last ? o.output_heads : o.heads;
    const int64_t width = last ? classes : o.width;
    shapes.push_back({in, width, heads, last, !has_biases(o) ? 0 : last ? width : heads * width});
    in = o.width * heads;
  }
  return shapes;
}

void check(const GraphNetworkOptions& o) {
  for (const char* kind : {"mlp", "gcn", "gat", "dagnn"})
    if (o.kind == kind) return;
  throw std::invalid_argument(
      fmt::format("model.kind = '{}', allowed for a network: mlp, gcn, gat, dagnn", o.kind));
}

}  // namespace

GraphInput::GraphInput(const kernels::Adjacency& neighbours, SparseMatrix node_features)
    : graph(neighbours),
      features(std::move(node_features)),
      normalised(symmetric_normalised(graph, true)),
      looped(with_loops(graph)),
      ends(edge_ends(looped)) {
  if (features.pattern.rows() != graph.rows())
    throw std::invalid_argument(fmt::format("graph input: features of {} nodes, the graph has {}",
                                            features.pattern.rows(),
                                            graph.rows()));
}

GraphNetwork::GraphNetwork(const GraphNetworkOptions& options,
                           int64_t features,
                           int64_t classes,
                           const results::Stream& init)
    : options_(options) {
  check(options);
  for (const LayerShape& shape : layer_shapes(options, features, classes)) {
    const std::string name = fmt::format("layer.{}.", layers_.size());
    Layer layer;
    layer.weight = parameter(name + "weight", {shape.in, shape.heads * shape.width}, init);
    layer.heads = shape.heads;
    layer.last = shape.last;
    if (options.kind == "gat") {
      layer.target = parameter(name + "target", {shape.heads, shape.width}, init);
      layer.source = parameter(name + "source", {shape.heads, shape.width}, init);
    }
    if (shape.biases > 0) layer.bias = bias(name + "bias", shape.biases);
    layers_.push_back(std::move(layer));
  }
  if (options.kind != "dagnn") return;
  gate_ = parameter("gate", {classes, 1}, init);
  gate_bias_ = bias("gate_bias", 1);
}

at::Tensor GraphNetwork::parameter(const std::string& name,
                                   at::IntArrayRef shape,
                                   const results::Stream& init) {
  at::Tensor value = at::empty(shape, at::kFloat);
  init.split(name).fill_uniform(
      {value.mutable_data_ptr<float>(), static_cast<size_t>(value.numel())});
  const double limit = std::sqrt(6. / static_cast<double>(shape[0] + shape[1]));
  value.mul_(2 * limit).sub_(limit);
  parameters_.push_back({name, value.requires_grad_()});
  return value;
}

at::Tensor GraphNetwork::bias(const std::string& name, int64_t width) {
  parameters_.push_back({name, at::zeros({width}, at::kFloat).requires_grad_()});
  return parameters_.back().value;
}

struct GraphNetwork::Pass {
  const GraphInput& input;
  results::Stream* stream;

  at::Tensor drop(const at::Tensor& x, double p) const {
    return stream != nullptr && p > 0 ? models::dropout(x, p, *stream) : x;
  }
};

// x [N, heads D] -> [N, heads D], or [N, D] averaged in the last layer.
at::Tensor GraphNetwork::attend(const Layer& layer, const at::Tensor& x, Pass& pass) const {
  const at::Tensor heads =
      x.view({-1, layer.heads, x.size(1) / layer.heads}).transpose(0, 1).contiguous();  // [H, N, D]
  const at::Tensor receives = at::matmul(heads, layer.target.unsqueeze(2)).squeeze(2),
                   sends = at::matmul(heads, layer.source.unsqueeze(2)).squeeze(2);  // [H, N]
  const at::Tensor scores = at::leaky_relu(receives.t().index_select(0, pass.input.ends.row) +
                                               sends.t().index_select(0, pass.input.ends.column),
                                           kLeakySlope);  // [M + N, H]
  const at::Tensor alpha =
      pass.drop(edge_softmax(pass.input.looped, scores), options_.attention_dropout);
  const std::vector<at::Tensor> values = heads.unbind(0),
                                weights = alpha.t().contiguous().unbind(0);
  std::vector<at::Tensor> mixed;
  for (size_t h = 0; h < values.size(); ++h)
    mixed.push_back(gather(pass.input.looped, values[h], weights[h]));
  return layer.last ? at::stack(mixed).mean(0) : at::cat(mixed, 1);
}

at::Tensor GraphNetwork::weigh_hops(const at::Tensor& x, const GraphInput& input) const {
  at::Tensor hop = x, sum = at::sigmoid(at::addmm(gate_bias_, x, gate_)) * x;
  for (int64_t k = 0; k < options_.hops; ++k) {
    hop = propagate(input.graph, input.normalised, hop);
    sum = sum + at::sigmoid(at::addmm(gate_bias_, hop, gate_)) * hop;
  }
  return sum;
}

at::Tensor GraphNetwork::forward(const GraphInput& input, results::Stream* dropout) const {
  Pass pass{input, dropout};
  at::Tensor x;
  for (const Layer& layer : layers_) {
    if (!x.defined())  // dropping a feature that is 0 changes nothing
      x = gather(
          input.features.pattern, layer.weight, pass.drop(input.features.value, options_.dropout));
    else
      x = at::mm(pass.drop(x, options_.dropout), layer.weight);
    if (options_.kind == "gcn") x = propagate(input.graph, input.normalised, x);
    if (options_.kind == "gat") x = attend(layer, x, pass);
    if (layer.bias.defined()) x = x + layer.bias;
    if (!layer.last) x = options_.kind == "gat" ? at::elu(x) : at::relu(x);
  }
  return options_.kind == "dagnn" ? weigh_hops(x, input) : x;
}

int64_t parameter_count(const GraphNetworkOptions& options, int64_t features, int64_t classes) {
  check(options);
  int64_t count = options.kind == "dagnn" ? classes + 1 : 0;
  for (const LayerShape& shape : layer_shapes(options, features, classes))
    count +=
        (shape.in + (options.kind == "gat" ? 2 : 0)) * shape.heads * shape.width + shape.biases;
  return count;
}

}  // namespace saggio::models
