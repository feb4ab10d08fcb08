// SPDX-License-Identifier: MIT
#include "models/graph_network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/kernels/noise.h"
#include "tests/models/dense_graph.h"

namespace saggio::models {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr int64_t kNodes = 26, kFeatures = 12, kClasses = 3;
const char* const kKinds[] = {"mlp", "gcn", "gat", "dagnn"};

GraphInput make_input() {
  const kernels::Adjacency pattern = kernels::random_graph(kNodes, kFeatures, 4);
  return {symmetric_graph(kNodes, 30, 3),
          {pattern, kernels::noise({pattern.edges()}, 5).contiguous()}};
}

GraphNetworkOptions options_of(const std::string& kind, int64_t layers = 2) {
  return {.kind = kind, .layers = layers, .width = 5, .heads = 2, .output_heads = 3, .hops = 3};
}

// Biases, which begin at 0, are drawn as well.
GraphNetwork make(const GraphNetworkOptions& options) {
  const GraphNetwork network(options, kFeatures, kClasses, results::Stream(1));
  for (const auto& [name, value] : network.parameters())
    if (name.ends_with("bias")) value.detach().copy_(kernels::noise({1, value.numel()}, 2)[0]);
  return network;
}

// The formulas with dense matrices in double, parallel edges as multiples.
class Reference {
 public:
  Reference(const GraphInput& input, const GraphNetwork& network)
      : x_(dense(input.features.pattern, input.features.value)),
        looped_(dense(input.graph) + at::eye(kNodes, at::kDouble)) {
    const at::Tensor root = looped_.sum(1).rsqrt();
    matrix_ = root.unsqueeze(1) * looped_ * root;
    for (const auto& [name, value] : network.parameters())
      parameters.push_back({name, value.detach().to(at::kDouble).requires_grad_()});
  }

  at::Tensor forward(const GraphNetworkOptions& o) const {
    at::Tensor x = x_;
    for (int64_t i = 0; i < o.layers; ++i) {
      const std::string name = "layer." + std::to_string(i) + ".";
      const bool last = i + 1 == o.layers;
      x = at::mm(x, find(name + "weight"));
      if (o.kind == "gcn") x = at::mm(matrix_, x);
      if (o.kind == "gat") x = attend(x, name, last ? o.output_heads : o.heads, last);
      if (o.kind == "gat" || o.kind == "dagnn") x = x + find(name + "bias");
      if (!last) x = o.kind == "gat" ? at::elu(x) : at::relu(x);
    }
    if (o.kind != "dagnn") return x;
    at::Tensor sum = at::zeros_like(x);
    for (int64_t k = 0; k <= o.hops; ++k, x = at::mm(matrix_, x))
      sum = sum + at::sigmoid(at::mm(x, find("gate")) + find("gate_bias")) * x;
    return sum;
  }

  NamedTensors parameters;

 private:
  at::Tensor find(const std::string& name) const {
    return std::find_if(parameters.begin(),
                        parameters.end(),
                        [&](const NamedTensor& p) { return p.name == name; })
        ->value;
  }
  at::Tensor attend(const at::Tensor& x, const std::string& name, int64_t heads, bool last) const {
    const int64_t D = x.size(1) / heads;
    std::vector<at::Tensor> mixed;
    for (int64_t h = 0; h < heads; ++h) {
      const at::Tensor part = x.narrow(1, h * D, D);
      const at::Tensor receives = at::mv(part, find(name + "target")[h]),
                       sends = at::mv(part, find(name + "source")[h]);
      const at::Tensor powers = looped_ * at::leaky_relu(receives.unsqueeze(1) + sends, 0.2).exp();
      mixed.push_back(at::mm(powers / powers.sum(1, true), part));
    }
    return last ? at::stack(mixed).mean(0) : at::cat(mixed, 1);
  }

  at::Tensor x_, looped_, matrix_;
};

// Relative to the largest entry: sums of at most 60 terms, six of them on top of each other in the
// deepest network (three layers of a product and a mean each), forward and once more back.
void expect_near(const at::Tensor& got, const at::Tensor& expected) {
  const double size = expected.abs().max().item<double>();
  EXPECT_LE((got.to(at::kDouble) - expected).abs().max().item<double>(), 60 * 12 * kEps * size);
}

TEST(GraphNetwork, IsTheDenseFormulaForwardAndBackward) {
  const GraphInput input = make_input();
  for (const char* kind : kKinds)
    for (const int64_t layers : {1, 2, 3}) {
      SCOPED_TRACE(std::string(kind) + ", layers " + std::to_string(layers));
      const GraphNetworkOptions options = options_of(kind, layers);
      const GraphNetwork network = make(options);
      const Reference reference(input, network);
      const at::Tensor direction = kernels::noise({kNodes, kClasses}, 9);

      const at::Tensor logits = network.forward(input);
      const at::Tensor expected = reference.forward(options);
      logits.backward(direction);
      expected.backward(direction.to(at::kDouble));

      expect_near(logits.detach(), expected.detach());
      for (size_t i = 0; i < network.parameters().size(); ++i) {
        SCOPED_TRACE(network.parameters()[i].name);
        expect_near(network.parameters()[i].value.grad(), reference.parameters[i].value.grad());
      }
    }
}

// The reference itself, whose gradients are ATen's, against differences: error h^2, and the rounding
// of a double over h.
TEST(GraphNetwork, ReferenceHasTheSlopeThatDifferencesShow) {
  const GraphInput input = make_input();
  for (const char* kind : kKinds) {
    const GraphNetworkOptions options = options_of(kind);
    const Reference reference(input, make(options));
    const at::Tensor direction = kernels::noise({kNodes, kClasses}, 9).to(at::kDouble);
    const auto value = [&] { return (reference.forward(options) * direction).sum(); };
    value().backward();
    for (const auto& [name, parameter] : reference.parameters) {
      constexpr double kStep = 1e-5;
      at::Tensor entry = parameter.detach().flatten()[0];
      const double at_first = parameter.grad().flatten()[0].item<double>();

      entry += kStep;
      const double above = value().item<double>();
      entry -= 2 * kStep;
      const double below = value().item<double>();
      entry += kStep;

      EXPECT_NEAR(at_first, (above - below) / (2 * kStep), 1e-6 * (1 + std::abs(above)))
          << kind << " " << name;
    }
  }
}

// Renumbering the nodes renumbers the answers: nothing depends on where a node lies.
TEST(GraphNetwork, DoesNotDependOnTheNumbersOfTheNodes) {
  const GraphInput input = make_input();
  at::Tensor order = at::arange(kNodes, at::kLong);
  results::Stream(6).shuffle(
      std::span(order.mutable_data_ptr<int64_t>(), static_cast<size_t>(kNodes)));
  const auto moved = [&](const kernels::Adjacency& a, bool square) {
    std::vector<std::pair<int64_t, int64_t>> edges(static_cast<size_t>(a.edges()));
    kernels::for_edges(a.by_row(), [&](int64_t index, int64_t i, int64_t j) {
      edges[static_cast<size_t>(index)] = {order[i].item<int64_t>(),
                                           square ? order[j].item<int64_t>() : j};
    });
    const kernels::Csr rows = {at::zeros({kNodes + 1}, at::kLong),
                               at::empty({a.edges()}, at::kInt),
                               at::empty({a.edges()}, at::kInt)};
    int64_t place = 0;
    for (int64_t node = 0; node < kNodes; ++node) {
      for (size_t e = 0; e < edges.size(); ++e)
        if (edges[e].first == node) {
          rows.col[place] = edges[e].second;
          rows.edge[place++] = static_cast<int64_t>(e);
        }
      rows.row_ptr[node + 1] = place;
    }
    return kernels::with_transpose(rows, a.columns());
  };
  const GraphInput renumbered(moved(input.graph, true),
                              {moved(input.features.pattern, false), input.features.value});
  for (const char* kind : kKinds) {
    const GraphNetwork network = make(options_of(kind));

    expect_near(network.forward(renumbered).index_select(0, order).detach(),
                network.forward(input).detach().to(at::kDouble));
  }
}

TEST(GraphNetwork, GivesTheSameBitsForAnyNumberOfThreadsAndSeedsOfItsOwn) {
  const GraphInput input = make_input();
  for (const char* kind : kKinds) {
    const GraphNetwork network = make(options_of(kind));
    results::Stream one(3), two(3), other(4);

    at::set_num_threads(1);
    const at::Tensor first = network.forward(input, &one);
    at::set_num_threads(2);
    const at::Tensor second = network.forward(input, &two);
    at::set_num_threads(1);

    EXPECT_TRUE(kernels::same_bits(first.detach(), second.detach())) << kind;
    EXPECT_FALSE(at::equal(network.forward(input, &other), first)) << kind;
    EXPECT_TRUE(kernels::same_bits(make(options_of(kind)).parameters().front().value.detach(),
                                   network.parameters().front().value.detach()));
  }
}

TEST(GraphNetwork, CountsItsParameters) {
  for (const char* kind : kKinds)
    for (const int64_t layers : {1, 2, 3}) {
      int64_t count = 0;
      const GraphNetwork network = make(options_of(kind, layers));
      for (const auto& [name, value] : network.parameters()) count += value.numel();

      EXPECT_EQ(parameter_count(options_of(kind, layers), kFeatures, kClasses), count) << kind;
    }
  // Kipf and Welling's on Cora: 1433 x 16 + 16 x 7.
  EXPECT_EQ(parameter_count({}, 1433, 7), 23040);
  EXPECT_THROW(make({.kind = "sage"}), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::models
