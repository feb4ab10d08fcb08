// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/nbfnet.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "tests/models/knowledge_graph/reference.h"

namespace saggio::models {
namespace {

constexpr int64_t kNodes = 13, kRelations = 3;

NbfnetOptions options_of(bool pna, bool transe, bool by_query) {
  return {.layers = {.width = 6,
                     .layers = 3,
                     .message = transe ? "transe" : "distmult",
                     .aggregation = pna ? "pna" : "sum"},
          .relations_by_query = by_query};
}

struct Asked {
  at::Tensor heads = at::tensor({4, 0, 4, 12}, at::kLong);
  at::Tensor relations = at::tensor({0, 5, 3, 2}, at::kLong);
};

at::Tensor weights_of_scores() {
  results::Stream stream(11);
  at::Tensor w = at::empty({4, kNodes});
  stream.fill_normal({w.mutable_data_ptr<float>(), static_cast<size_t>(w.numel())});
  return w;
}

// Scores, then the gradients of their weighted sum, by the formulas in a precision.
std::vector<at::Tensor> by_formula(
    const Nbfnet& model, const at::Tensor& facts, bool pna, bool transe, at::ScalarType type) {
  const reference::Weights weights(model.parameters(), type);
  const Asked asked;
  const at::Tensor scores = reference::nbfnet(weights,
                                              reference::edges_of(facts, kRelations),
                                              {.pna = pna, .transe = transe},
                                              kNodes,
                                              asked.heads,
                                              asked.relations);
  (scores * weights_of_scores().to(type)).sum().backward();
  std::vector<at::Tensor> result = {scores};
  for (const NamedTensor& parameter : model.parameters())
    result.push_back(weights[parameter.name].grad());
  return result;
}

class NbfnetKinds : public testing::TestWithParam<std::tuple<bool, bool, bool>> {};

TEST_P(NbfnetKinds, HaveTheScoresAndGradientsOfTheirFormula) {
  const auto [pna, transe, by_query] = GetParam();
  const at::Tensor facts = reference::random_facts(40, kNodes, kRelations, 3);
  const Nbfnet model(options_of(pna, transe, by_query), kRelations, results::Stream(5));
  const Asked asked;

  const at::Tensor scores =
      model.forward(fact_graph(facts, kNodes, kRelations), asked.heads, asked.relations);
  (scores * weights_of_scores()).sum().backward();

  const auto exact = by_formula(model, facts, pna, transe, at::kDouble),
             single = by_formula(model, facts, pna, transe, at::kFloat);
  reference::expect_near("scores", scores, single[0], exact[0]);
  for (size_t i = 0; i < model.parameters().size(); ++i)
    reference::expect_near(model.parameters()[i].name,
                           model.parameters()[i].value.grad(),
                           single[i + 1],
                           exact[i + 1]);
}

std::string name_of(const testing::TestParamInfo<std::tuple<bool, bool, bool>>& kind) {
  const auto [pna, transe, by_query] = kind.param;
  return std::string(pna ? "Pna" : "Sum") + (transe ? "TransE" : "DistMult") +
         (by_query ? "ByQuery" : "OfTheirOwn");
}

INSTANTIATE_TEST_SUITE_P(Nbfnet,
                         NbfnetKinds,
                         testing::Combine(testing::Bool(), testing::Bool(), testing::Bool()),
                         name_of);

TEST(Nbfnet, ScoresOfCandidatesAreThoseOfTheirNodes) {
  const SharedGraph graph =
      fact_graph(reference::random_facts(40, kNodes, kRelations, 3), kNodes, kRelations);
  const Nbfnet model(options_of(true, false, true), kRelations, results::Stream(5));
  const Asked asked;
  const at::Tensor candidates =
      at::tensor({0, 12, 3, 3, 1, 2, 5, 6, 7, 12, 11, 10}, at::kLong).view({4, 3});

  const at::Tensor all = model.forward(graph, asked.heads, asked.relations),
                   some = model.forward(graph, asked.heads, asked.relations, candidates);

  // One product of matrices with fewer rows: sums of 6 and 12 terms in another order.
  EXPECT_LE(reference::distance(some, all.gather(1, candidates)),
            32 * 0x1p-24 * all.abs().max().item<double>());
}

// A ring of 10 nodes and 3 layers: three nodes of it have seen nothing of the head, and all that
// they have seen looks alike.
TEST(Nbfnet, NodesBeyondItsLayersLookAlike) {
  at::Tensor facts = at::empty({10, 3}, at::kInt);
  for (int32_t i = 0; i < 10; ++i) {
    int32_t* row = facts.mutable_data_ptr<int32_t>() + 3L * i;
    row[0] = i, row[1] = 0, row[2] = (i + 1) % 10;
  }
  const Nbfnet model(options_of(false, false, true), 1, results::Stream(5));

  const at::Tensor scores = model.forward(
      fact_graph(facts, 10, 1), at::zeros({1}, at::kLong), at::zeros({1}, at::kLong))[0];

  const auto apart = [&](int64_t node) {
    return std::abs(scores[node].item<double>() - scores[5].item<double>());
  };
  const double rounding = 32 * 0x1p-24 * scores.abs().max().item<double>();
  for (const int64_t far : {4, 6}) EXPECT_LE(apart(far), rounding) << far;
  for (const int64_t near : {0, 1, 2, 3, 7, 8, 9}) EXPECT_GT(apart(near), 100 * rounding) << near;
}

TEST(Nbfnet, AnswersAsTheNodesAreRenumbered) {
  const at::Tensor facts = reference::random_facts(40, kNodes, kRelations, 3);
  const Nbfnet model(options_of(true, false, true), kRelations, results::Stream(5));
  const Asked asked;
  std::vector<int64_t> order(kNodes);
  for (int64_t i = 0; i < kNodes; ++i) order[static_cast<size_t>(i)] = (i * 5 + 2) % kNodes;
  const at::Tensor to = at::tensor(order, at::kLong);
  at::Tensor renumbered = facts.clone();
  for (const int64_t column : {0, 2})
    renumbered.select(1, column).copy_(to.index({facts.select(1, column).to(at::kLong)}));

  const at::Tensor before =
      model.forward(fact_graph(facts, kNodes, kRelations), asked.heads, asked.relations);
  const at::Tensor after = model.forward(
      fact_graph(renumbered, kNodes, kRelations), to.index({asked.heads}), asked.relations);

  // Edges of a node stand in the same order; what differs is where a product cuts its rows.
  EXPECT_LE(reference::distance(after.index_select(1, to), before),
            32 * 0x1p-24 * before.abs().max().item<double>());
}

// By hand: softplus(-0) = softplus(0) = ln 2; the others' weights are 1/2, or 1/4 and 3/4 where
// their scores are 0 and ln 3.
TEST(SampledLoss, IsHalfTheEntropyOfTheTruthAndTheWeightedEntropyOfTheOthers) {
  const double ln2 = std::log(2.), ln3 = std::log(3.), ln4 = std::log(4.);
  const at::Tensor scores = at::tensor({0., 0., ln3}, at::kDouble).view({1, 3});

  EXPECT_NEAR(sampled_loss(scores, 0).item<double>(), (ln2 + .5 * ln2 + .5 * ln4) / 2, 1e-15);
  EXPECT_NEAR(sampled_loss(scores, 1).item<double>(), (ln2 + .25 * ln2 + .75 * ln4) / 2, 1e-15);
}

TEST(SampledLoss, HasNoGradientThroughItsWeights) {
  const at::Tensor scores = at::tensor({.3, -.2, .9}, at::kDouble).view({1, 3}).requires_grad_();
  const at::Tensor weights = at::softmax(scores.detach().narrow(1, 1, 2) / .5, 1);

  sampled_loss(scores, .5).backward();

  const at::Tensor p = at::sigmoid(scores.detach());
  EXPECT_LE(reference::distance(scores.grad().narrow(1, 0, 1), (p.narrow(1, 0, 1) - 1) / 2), 1e-15);
  EXPECT_LE(reference::distance(scores.grad().narrow(1, 1, 2), p.narrow(1, 1, 2) * weights / 2),
            1e-15);
}

// Without gradients a layer works through its rows, here 1300, by blocks.
TEST(NbfnetScorer, GivesTheModelsScoresWithoutGradients) {
  const SharedGraph graph =
      fact_graph(reference::random_facts(40, kNodes, kRelations, 3), kNodes, kRelations);
  const auto model =
      std::make_shared<Nbfnet>(options_of(true, false, false), kRelations, results::Stream(5));
  const at::Tensor heads = at::arange(100).remainder(kNodes),
                   relations = at::arange(100).remainder(2 * kRelations);
  NbfnetScorer scorer(model, graph);

  const at::Tensor scores = scorer.scores(heads, relations);

  EXPECT_FALSE(scores.requires_grad());
  const at::Tensor direct = model->forward(graph, heads, relations);
  EXPECT_LE(reference::distance(scores, direct), 32 * 0x1p-24 * direct.abs().max().item<double>());
}

}  // namespace
}  // namespace saggio::models
