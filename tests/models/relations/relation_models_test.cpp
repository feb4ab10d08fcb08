// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>
#include <map>
#include <memory>

#include "models/relations/bellman_ford.h"
#include "models/relations/edge_attention.h"
#include "models/relations/edge_tokens.h"
#include "models/relations/soft_composition.h"

namespace saggio::models {
namespace {

constexpr int64_t kR = 3;

RelationBatch batch_of(const std::vector<RelationGraph>& graphs, uint64_t key = 1) {
  std::vector<const RelationGraph*> all;
  for (const RelationGraph& graph : graphs) all.push_back(&graph);
  results::Stream names(key);
  return make_batch(all, kR, names);
}

RelationGraph four_people() {
  return {4, {{0, 1, 0}, {1, 2, 1}, {2, 3, 2}, {1, 0, 1}, {3, 1, 2}}, 0, 3, 1};
}

std::map<std::string, std::unique_ptr<RelationModel>> all_models(int64_t width = 8) {
  const results::Stream init(3);
  std::map<std::string, std::unique_ptr<RelationModel>> models;
  models["soft"] = std::make_unique<SoftComposition>(
      SoftCompositionOptions{.relations = kR, .spare = 1, .width = 4, .hidden = 8}, init);
  models["bellman_ford"] =
      std::make_unique<BellmanFord>(BellmanFordOptions{.relations = kR, .width = width}, init);
  models["edge_attention"] = std::make_unique<EdgeAttention>(
      EdgeAttentionOptions{.relations = kR, .width = width, .heads = 2}, init);
  models["edge_tokens"] = std::make_unique<EdgeTokens>(
      EdgeTokensOptions{
          .relations = kR, .width = width, .layers = 2, .heads = 2, .ffn_width = width + 4},
      init);
  return models;
}

std::string refusal(const RelationGraph& graph) {
  try {
    batch_of({graph});
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(RelationBatch, StatesEachEdgeAndParallelEdgesShareTheirCell) {
  const RelationBatch batch =
      batch_of({four_people(), {3, {{0, 2, 1}, {0, 2, 0}, {2, 1, 1}}, 0, 1, 0}});

  EXPECT_EQ(batch.stated.sizes(), (std::vector<int64_t>{2, 4, 4, kR}));
  const auto P = batch.stated.accessor<float, 4>();
  EXPECT_EQ(P[0][1][2][1], 1);
  EXPECT_EQ(P[0][2][1][1], 0);  // the other way is not stated
  EXPECT_EQ(P[1][0][2][0], .5);
  EXPECT_EQ(P[1][0][2][1], .5);
  EXPECT_EQ(batch.stated.sum().item<double>(), 7);
  EXPECT_EQ(batch.edges.sizes(), (std::vector<int64_t>{2, 5, 3}));
  EXPECT_EQ(batch.edges[0][4][0].item<int64_t>(), 3);
  EXPECT_EQ(batch.edges[1][2][2].item<int64_t>(), 1);
  EXPECT_EQ(batch.edges[1][3][0].item<int64_t>(), -1);
  EXPECT_EQ(batch.exists.sum(1)[1].item<double>(), 3);
  EXPECT_EQ(batch.target[0].item<int64_t>(), 3);
  EXPECT_EQ(batch.answer[1].item<int64_t>(), 0);
}

TEST(RelationBatch, NamesAreDifferentAndDrawnByTheStream) {
  const std::vector<RelationGraph> graphs(20, four_people());
  const at::Tensor names = batch_of(graphs).names;

  EXPECT_TRUE(at::equal(names, batch_of(graphs).names));
  EXPECT_FALSE(at::equal(names, batch_of(graphs, 2).names));
  for (int64_t b = 0; b < 20; ++b) EXPECT_EQ(std::get<0>(at::_unique2(names[b])).numel(), 4) << b;
  EXPECT_GE(names.min().item<int64_t>(), 0);
  EXPECT_LT(names.max().item<int64_t>(), kNames);
}

TEST(RelationBatch, RefusesWhatIsOutOfRange) {
  EXPECT_NE(refusal({2, {{0, 1, kR}}, 0, 1, 0}).find("edge (0, 1) of relation 3"),
            std::string::npos);
  EXPECT_NE(refusal({2, {{0, 2, 0}}, 0, 1, 0}).find("people in 0..1"), std::string::npos);
  EXPECT_NE(refusal({2, {{1, 1, 0}}, 0, 1, 0}).find("two different people"), std::string::npos);
  EXPECT_NE(refusal({2, {{0, 1, 0}}, 0, -1, 0}).find("question (0, -1)"), std::string::npos);
  EXPECT_EQ(refusal({33, {}, 0, 1, 0}), "graph 0: 33 people, allowed 2..32");
  EXPECT_EQ(refusal({2, {{0, 1, 1}}, 1, 0, 0}), "");
  results::Stream names(1);
  EXPECT_THROW(make_batch({}, kR, names), std::invalid_argument);
}

// Sums of fewer than 100 numbers below 10, in a few layers.
constexpr double kRounding = 100 * 10 * 1.2e-7;

// The same graph with people renumbered and edges in another order.
RelationGraph renumbered(const RelationGraph& graph) {
  const std::vector<int64_t> place = {2, 0, 3, 1};
  RelationGraph other{graph.people, {}, place[graph.source], place[graph.target], graph.answer};
  for (const auto& [from, to, relation] : graph.edges)
    other.edges.insert(other.edges.begin(), {place[from], place[to], relation});
  return other;
}

TEST(RelationModels, NumbersOfPeopleAndTheOrderOfEdgesMeanNothing) {
  const RelationGraph graph = four_people(), other = renumbered(graph);
  for (const auto& [name, model] : all_models()) {
    RelationBatch as_is = batch_of({graph}), moved = batch_of({other});
    moved.names = at::empty_like(as_is.names);  // everybody keeps their name
    for (const auto& [from, to] : std::map<int64_t, int64_t>{{0, 2}, {1, 0}, {2, 3}, {3, 1}})
      moved.names[0][to] = as_is.names[0][from];

    const at::Tensor a = model->logits(as_is, 3), b = model->logits(moved, 3);

    EXPECT_LT((a - b).abs().max().item<double>(), kRounding) << name;
  }
}

TEST(RelationModels, WhatElseIsInTheBatchMeansNothing) {
  const RelationGraph larger{
      6, {{0, 4, 0}, {4, 5, 1}, {5, 1, 2}, {1, 2, 2}, {2, 3, 0}, {3, 4, 1}}, 5, 2, 0};
  for (const auto& [name, model] : all_models()) {
    const at::Tensor alone = model->logits(batch_of({four_people()}), 3),
                     with = model->logits(batch_of({four_people(), larger}), 3);

    EXPECT_LT((alone[0] - with[0]).abs().max().item<double>(), kRounding) << name;
  }
}

TEST(RelationModels, EveryParameterGetsAGradient) {
  for (const auto& [name, model] : all_models()) {
    loss_of(*model, batch_of({four_people(), renumbered(four_people())}), 3).loss.backward();

    for (const NamedTensor& parameter : model->parameters()) {
      ASSERT_TRUE(parameter.value.grad().defined()) << name << " " << parameter.name;
      EXPECT_TRUE(std::isfinite(parameter.value.grad().sum().item<double>()));
      // A bias before a softmax over the middle people moves all of them alike.
      if (name == "edge_attention" && parameter.name == "keys.bias") continue;
      EXPECT_GT(parameter.value.grad().abs().sum().item<double>(), 0)
          << name << " " << parameter.name;
    }
  }
}

TEST(RelationModels, AnswersAreTheLikeliestOnesWhateverTheBatch) {
  const std::vector<RelationGraph> graphs = {
      four_people(), renumbered(four_people()), four_people()};
  for (const auto& [name, model] : all_models()) {
    if (name == "edge_tokens") continue;  // other batches draw other names
    results::Stream names(1);
    const auto one = answers_of(*model, graphs, kR, 3, 1, names);
    const auto two = answers_of(*model, graphs, kR, 3, 2, names);
    ASSERT_EQ(one.size(), 3U);
    const at::Tensor shares = model->logits(batch_of(graphs), 3).softmax(-1);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(one[i].relation, two[i].relation) << name;
      EXPECT_NEAR(one[i].probability, two[i].probability, kRounding);
      EXPECT_EQ(one[i].relation, shares[static_cast<int64_t>(i)].argmax().item<int64_t>());
      EXPECT_NEAR(
          one[i].probability, shares[static_cast<int64_t>(i)].max().item<double>(), kRounding);
    }
  }
}

// Parameters by name, as arrays of doubles.
struct Numbers {
  std::map<std::string, at::Tensor> of;
  explicit Numbers(const RelationModel& model) {
    for (const NamedTensor& parameter : model.parameters())
      of[parameter.name] = parameter.value.detach().to(at::kDouble);
  }
  at::Tensor linear(const std::string& name, const at::Tensor& x) const {
    return of.at(name + ".weight").mv(x) + of.at(name + ".bias");
  }
  at::Tensor norm(const std::string& name, const at::Tensor& x) const {
    const at::Tensor centred = x - x.mean();
    return centred / (centred.square().mean() + 1e-5).sqrt() * of.at(name + ".weight") +
           of.at(name + ".bias");
  }
};

TEST(BellmanFord, RoundsAreTheFormulasOfTheHeader) {
  const RelationGraph graph = four_people();
  const auto models = all_models();
  const Numbers p(*models.at("bellman_ford"));
  const at::Tensor mark = p.of.at("mark");
  std::vector<at::Tensor> start(4, at::zeros_like(mark));
  start[0] = mark;
  std::vector<at::Tensor> h = start;
  for (int round = 0; round < 3; ++round) {
    std::vector<at::Tensor> m = start;
    for (const auto& [from, to, relation] : graph.edges)
      m[to] = m[to] + h[from] * p.of.at("relations")[relation];
    for (size_t v = 0; v < 4; ++v)
      h[v] = h[v] + p.norm("norm", p.linear("update", at::cat({h[v], m[v]}))).relu();
  }
  const at::Tensor known = p.linear("head", p.linear("hidden", at::cat({h[3], mark})).relu());

  const at::Tensor found = models.at("bellman_ford")->logits(batch_of({graph}), 3)[0];

  EXPECT_LT((found - known).abs().max().item<double>(), kRounding);
}

// One round of triangles, one pair and one head at a time; x is [4][4] of D numbers.
using Pairs = std::vector<std::vector<at::Tensor>>;

at::Tensor attended(const Numbers& p, const Pairs& x, size_t u, size_t v, int64_t heads) {
  std::vector<at::Tensor> mixed;
  const auto part = [&](const std::string& name, const at::Tensor& pair, int64_t head) {
    return p.linear(name, p.norm("attention_norm", pair)).chunk(heads)[head];
  };
  for (int64_t head = 0; head < heads; ++head) {
    std::vector<at::Tensor> scores, values;
    for (size_t w = 0; w < x.size(); ++w) {
      const at::Tensor query = part("queries", x[u][w], head);
      scores.push_back(query.dot(part("keys", x[w][v], head)) /
                       std::sqrt(static_cast<double>(query.numel())));
      values.push_back(part("left", x[u][w], head) * part("right", x[w][v], head));
    }
    mixed.push_back(at::stack(scores).softmax(0).matmul(at::stack(values)));
  }
  return p.linear("out", at::cat(mixed));
}

TEST(EdgeAttention, RoundsAreTheFormulasOfTheHeader) {
  const RelationGraph graph = four_people();
  const auto models = all_models();
  const Numbers p(*models.at("edge_attention"));
  Pairs x(4, std::vector<at::Tensor>(4, p.of.at("nothing")));
  for (size_t u = 0; u < 4; ++u) x[u][u] = p.of.at("self");
  for (const auto& [from, to, relation] : graph.edges) x[from][to] = p.of.at("relations")[relation];
  for (int round = 0; round < 2; ++round) {
    Pairs next = x;
    for (size_t u = 0; u < 4; ++u)
      for (size_t v = 0; v < 4; ++v) {
        const at::Tensor heard = x[u][v] + attended(p, x, u, v, 2);
        next[u][v] = heard + p.linear("down", p.linear("up", p.norm("ffn_norm", heard)).relu());
      }
    x = next;
  }
  const at::Tensor known = p.linear("head", p.norm("head_norm", x[0][3]));

  const at::Tensor found = models.at("edge_attention")->logits(batch_of({graph}), 2)[0];

  EXPECT_LT((found - known).abs().max().item<double>(), kRounding);
}

TEST(EdgeTokens, NamesTellEdgesThatTouchFromEdgesThatDoNot) {
  const auto models = all_models();
  const RelationGraph touching{4, {{0, 1, 0}, {1, 3, 1}}, 0, 3, 1},
      apart{4, {{0, 1, 0}, {2, 3, 1}}, 0, 3, 1};

  const at::Tensor a = models.at("edge_tokens")->logits(batch_of({touching}), 0),
                   b = models.at("edge_tokens")->logits(batch_of({apart}), 0);

  EXPECT_GT((a - b).abs().max().item<double>(), kRounding);
}

TEST(EdgeTokens, RefusesHeadsThatDoNotDivideTheWidth) {
  EXPECT_THROW(EdgeTokens({.relations = kR, .width = 9, .heads = 2}, results::Stream(1)),
               std::invalid_argument);
  EXPECT_THROW(EdgeAttention({.relations = kR, .width = 9, .heads = 2}, results::Stream(1)),
               std::invalid_argument);
}

// What tells chains of two apart is learned by each of them: addition modulo 3.
TEST(RelationModels, LearnWhatTheyAreTaught) {
  for (const auto& [name, model] : all_models(32)) {
    std::vector<RelationGraph> graphs;
    for (int64_t a = 0; a < kR; ++a)
      for (int64_t b = 0; b < kR; ++b)
        graphs.push_back({3, {{0, 1, a}, {1, 2, b}}, 0, 2, (a + b) % kR});
    Trainer trainer(
        model->parameters(), {.steps = 300, .optimizer = {.lr = 5e-3}}, results::Stream(1));
    std::vector<const RelationGraph*> all;
    for (const RelationGraph& graph : graphs) all.push_back(&graph);
    results::Stream names(2);
    double loss = std::numeric_limits<double>::infinity();
    while (trainer.steps_done() < 300) {
      const RelationBatch batch = make_batch(all, kR, names);
      loss = trainer.step([&] { return loss_of(*model, batch, 2); }).loss;
    }

    EXPECT_LT(loss, .2) << name;  // knowing nothing costs ln 3 = 1.1
  }
}

}  // namespace
}  // namespace saggio::models
