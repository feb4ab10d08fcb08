// SPDX-License-Identifier: MIT
#include "models/knowledge_graph/ultra.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "experiments/data/answers.h"
#include "experiments/data/triples.h"
#include "results/statistics/ranking.h"
#include "tests/models/knowledge_graph/reference.h"

namespace saggio::models {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr int64_t kNodes = 13, kRelations = 3;

struct Asked {
  at::Tensor heads = at::tensor({4, 0, 4, 12}, at::kLong);
  at::Tensor relations = at::tensor({0, 5, 3, 2}, at::kLong);
};

at::Tensor scores_of(const Ultra& model, const at::Tensor& facts) {
  const UltraGraphs graphs = ultra_graphs(facts, kNodes, kRelations);
  const Asked asked;
  return model.forward(graphs.facts,
                       asked.heads,
                       asked.relations,
                       model.relation_vectors(graphs.relations, asked.relations));
}

std::vector<at::Tensor> by_formula(const Ultra& model,
                                   const std::vector<reference::Edge>& edges,
                                   at::ScalarType type) {
  const reference::Weights weights(model.parameters(), type);
  const Asked asked;
  const at::Tensor scores =
      reference::ultra(weights, edges, 2 * kRelations, kNodes, asked.heads, asked.relations);
  scores.square().sum().backward();
  std::vector<at::Tensor> result = {scores};
  for (const NamedTensor& parameter : model.parameters())
    result.push_back(weights[parameter.name].grad());
  return result;
}

TEST(Ultra, HasTheScoresAndGradientsOfItsFormula) {
  const at::Tensor facts = reference::random_facts(40, kNodes, kRelations, 3);
  const Ultra model({.width = 6, .layers = 3}, results::Stream(5));

  const at::Tensor scores = scores_of(model, facts);
  scores.square().sum().backward();

  const std::vector<reference::Edge> edges = reference::edges_of(facts, kRelations);
  const auto exact = by_formula(model, edges, at::kDouble),
             single = by_formula(model, edges, at::kFloat);
  reference::expect_near("scores", scores, single[0], exact[0]);
  for (size_t i = 0; i < model.parameters().size(); ++i)
    reference::expect_near(model.parameters()[i].name,
                           model.parameters()[i].value.grad(),
                           single[i + 1],
                           exact[i + 1]);
}

// The published weights expect tails to send. The other way round is what one would write down
// first; it answers as well, and wrongly.
TEST(Ultra, SendsFromTailsToHeads) {
  const at::Tensor facts = reference::random_facts(40, kNodes, kRelations, 3);
  const Ultra model({.width = 6, .layers = 3}, results::Stream(5));
  std::vector<reference::Edge> edges = reference::edges_of(facts, kRelations);
  const at::Tensor right = by_formula(model, edges, at::kDouble)[0];
  for (reference::Edge& e : edges) std::swap(e.row, e.col);
  const at::Tensor wrong = by_formula(model, edges, at::kDouble)[0];

  const at::Tensor ours = scores_of(model, facts);

  EXPECT_LT(100 * reference::distance(ours, right), reference::distance(ours, wrong));
}

TEST(Ultra, HasTheTensorsOfThePublishedCheckpoints) {
  const Ultra model({}, results::Stream(5));

  int64_t elements = 0;
  for (const NamedTensor& parameter : model.parameters()) elements += parameter.value.numel();
  EXPECT_EQ(model.parameters().size(), 82u);
  EXPECT_EQ(elements, 168705);
}

TEST(UltraScorer, GivesTheModelsScoresWhateverWasAskedBefore) {
  const at::Tensor facts = reference::random_facts(40, kNodes, kRelations, 3);
  const auto model =
      std::make_shared<Ultra>(UltraOptions{.width = 6, .layers = 3}, results::Stream(5));
  const Asked asked;
  UltraScorer scorer(model, ultra_graphs(facts, kNodes, kRelations));

  const at::Tensor first = scorer.scores(asked.heads, asked.relations),
                   again = scorer.scores(asked.heads, asked.relations);

  EXPECT_TRUE(first.equal(again));
  EXPECT_FALSE(first.requires_grad());
  const at::Tensor direct = scores_of(*model, facts);
  EXPECT_LE(reference::distance(first, direct), 64 * 0x1p-24 * direct.abs().max().item<double>());
}

// Needs the public files; the figures are those of tests/peers/ultra_peer.py with PyTorch 2.11.0.
class PublishedUltra : public testing::Test {
 protected:
  void SetUp() override {
    const char* mirror = std::getenv("SAGGIO_MIRROR");
    if (mirror == nullptr)
      GTEST_SKIP() << "set SAGGIO_MIRROR to a folder that has weights/ultra_3g.pth, kg/grail";
    folder_ = mirror;
  }
  results::TorchFile weights() const {
    return results::read_torch_file(folder_ / "weights/ultra_3g.pth");
  }
  // Of all test facts of an inductive split in both directions, filtered by all of its facts.
  double mean_reciprocal_rank(const std::string& split) const;

  std::filesystem::path folder_;
};

at::Tensor tensor_of(const std::vector<data::Triple>& facts) {
  static_assert(sizeof(data::Triple) == 3 * sizeof(int32_t));
  const at::Tensor result = at::empty({static_cast<int64_t>(facts.size()), 3}, at::kInt);
  std::memcpy(result.mutable_data_ptr(), facts.data(), facts.size() * sizeof(data::Triple));
  return result;
}

data::KnowledgeGraph read(const std::filesystem::path& folder) {
  return data::read_knowledge_graph(data::GraphFiles::in(folder), data::Unseen::Refuse);
}

double PublishedUltra::mean_reciprocal_rank(const std::string& split) const {
  const data::KnowledgeGraph graph = read(folder_ / "kg/grail" / split);
  const data::Answers known(graph.relations.size(), {graph.train, graph.valid, graph.test});
  const auto model = std::make_shared<Ultra>(UltraOptions{}, results::Stream(0));
  model->load(weights());
  UltraScorer scorer(
      model, ultra_graphs(tensor_of(graph.train), graph.entities.size(), graph.relations.size()));
  std::vector<results::Standing> standings;
  const auto ask = [&](const data::Query& query, int32_t truth) {
    const at::Tensor scores = scorer.scores(at::tensor({int64_t{query.node}}, at::kLong),
                                            at::tensor({int64_t{query.relation}}, at::kLong));
    standings.push_back(results::filtered_standing(
        {scores.const_data_ptr<float>(), static_cast<size_t>(scores.numel())},
        truth,
        known.of(query)));
  };
  for (const data::Triple& fact : graph.test) {
    ask(data::tail_query(fact), fact.tail);
    ask(data::head_query(fact, known.relations()), fact.head);
  }
  return results::rank_summary(standings, results::Ties::Worst).mean_reciprocal_rank;
}

// Scores differ in their last bits, so that two that are nearly equal may swap: what one question of
// 376 between ranks 1 and 2 is worth, and no more.
TEST_F(PublishedUltra, RanksWN18RRv1AsPyTorchDoes) {
  EXPECT_NEAR(mean_reciprocal_rank("WN18RR_v1_ind"), .647104, .5 / 376);
}

TEST_F(PublishedUltra, IsRefusedByAModelOfAnotherShape) {
  const auto refuses = [&](const UltraOptions& options, const char* why) {
    Ultra model(options, results::Stream(5));
    const at::Tensor before = model.parameters()[0].value.detach().clone();
    EXPECT_THAT([&] { model.load(weights()); }, ThrowsMessage<std::runtime_error>(HasSubstr(why)));
    EXPECT_TRUE(model.parameters()[0].value.equal(before));
  };

  refuses({.width = 64, .layers = 5}, "layers.5");
  refuses({.width = 64, .layers = 7}, "layers.6");
  refuses({.width = 32, .layers = 6}, "is F32 [64], expected F32 [32]");
}

}  // namespace
}  // namespace saggio::models
