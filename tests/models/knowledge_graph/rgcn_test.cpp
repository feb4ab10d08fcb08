// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/rgcn.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "tests/models/knowledge_graph/reference.h"

namespace saggio::models {
namespace {

constexpr int64_t kNodes = 11, kRelations = 3, kWidth = 5, kBases = 2;

// Equation 2 with each type's matrix made from the bases, edge by edge.
at::Tensor encode(const reference::Weights& weights, const at::Tensor& facts) {
  const std::vector<reference::Edge> edges = reference::edges_of(facts, kRelations);
  at::Tensor x = weights["nodes"];
  for (int64_t layer = 0; layer < 2; ++layer) {
    const std::string name = "layers." + std::to_string(layer) + ".";
    const at::Tensor bases = weights[name + "bases"].view({kBases, kWidth, kWidth}),
                     coefficients = weights[name + "coefficients"];
    std::vector<at::Tensor> rows;
    for (int64_t i = 0; i < kNodes; ++i) {
      at::Tensor sum = at::zeros({kWidth}, weights.type());
      double count = 0;
      for (const reference::Edge& e : edges)
        if (e.row == i) {
          const at::Tensor matrix = (coefficients[e.type].view({kBases, 1, 1}) * bases).sum(0);
          sum = sum + at::mv(matrix, x[e.col]);
          ++count;
        }
      rows.push_back(at::mv(weights[name + "self"], x[i]) + sum / std::max(count, 1.));
    }
    x = at::stack(rows);
    if (layer == 0) x = at::relu(x);
  }
  return x;
}

std::vector<at::Tensor> by_formula(const Rgcn& model,
                                   const at::Tensor& facts,
                                   const at::Tensor& heads,
                                   const at::Tensor& relations,
                                   at::ScalarType type) {
  const reference::Weights weights(model.parameters(), type);
  const at::Tensor x = encode(weights, facts);
  const at::Tensor query =
      x.index({heads}) * weights["relations"].index({relations.remainder(kRelations)});
  const at::Tensor scores = at::mm(query, x.t());
  scores.square().sum().backward();
  std::vector<at::Tensor> result = {scores};
  for (const NamedTensor& parameter : model.parameters())
    result.push_back(weights[parameter.name].grad());
  return result;
}

TEST(Rgcn, HasTheScoresAndGradientsOfItsFormula) {
  const at::Tensor facts = reference::random_facts(20, kNodes, kRelations, 3);
  const Rgcn model(
      {.width = kWidth, .layers = 2, .bases = kBases}, kNodes, kRelations, results::Stream(5));
  const at::Tensor heads = at::tensor({4, 0, 4}, at::kLong),
                   relations = at::tensor({0, 5, 3}, at::kLong);

  const at::Tensor scores =
      model.score(model.encode(fact_graph(facts, kNodes, kRelations)), heads, relations);
  scores.square().sum().backward();

  const auto exact = by_formula(model, facts, heads, relations, at::kDouble),
             single = by_formula(model, facts, heads, relations, at::kFloat);
  reference::expect_near("scores", scores, single[0], exact[0]);
  for (size_t i = 0; i < model.parameters().size(); ++i)
    reference::expect_near(model.parameters()[i].name,
                           model.parameters()[i].value.grad(),
                           single[i + 1],
                           exact[i + 1]);
}

TEST(Rgcn, ScoresOfCandidatesAreThoseOfTheirNodes) {
  const Rgcn model({.width = kWidth}, kNodes, kRelations, results::Stream(5));
  const SharedGraph graph =
      fact_graph(reference::random_facts(20, kNodes, kRelations, 3), kNodes, kRelations);
  const at::Tensor heads = at::tensor({4, 0}, at::kLong), relations = at::tensor({1, 4}, at::kLong),
                   candidates = at::tensor({0, 10, 3, 4, 4, 9}, at::kLong).view({2, 3});

  const at::Tensor states = model.encode(graph);
  const at::Tensor all = model.score(states, heads, relations);

  // Two sums of kWidth products of three factors in different orders.
  const at::Tensor magnitudes = model.parameters().back().value.detach().abs().max() *
                                states.abs().max() * states.abs().sum(1).max();
  EXPECT_LE(reference::distance(model.score(states, heads, relations, candidates),
                                all.gather(1, candidates)),
            2 * (kWidth + 2) * 0x1p-24 * magnitudes.item<double>());
}

}  // namespace
}  // namespace saggio::models
