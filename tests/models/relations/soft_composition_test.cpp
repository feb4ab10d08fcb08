// SPDX-License-Identifier: MIT
#include "models/relations/soft_composition.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <functional>
#include <map>

namespace saggio::models {
namespace {

// A table whose pairs make things, and leave some out: [R, R, R], each row sums to less than 1.
at::Tensor some_table(int64_t R, uint64_t key) {
  at::Tensor logits = at::empty({R, R, R + 1});
  results::Stream stream(key);
  stream.fill_normal({logits.mutable_data_ptr<float>(), static_cast<size_t>(logits.numel())});
  return logits.to(at::kDouble).softmax(-1).narrow(-1, 0, R).contiguous();
}

// P before the first round, in double precision, with spare relations up to R.
struct Start {
  at::Tensor cells, source, target, answer;
};
Start start_of(const std::vector<RelationGraph>& graphs, int64_t relations, int64_t R) {
  std::vector<const RelationGraph*> all;
  for (const RelationGraph& graph : graphs) all.push_back(&graph);
  results::Stream names(1);
  const RelationBatch batch = make_batch(all, relations, names);
  return {at::constant_pad_nd(batch.stated.to(at::kDouble), {0, R - relations}),
          batch.source,
          batch.target,
          batch.answer};
}

std::vector<RelationGraph> two_graphs() {
  return {{4, {{0, 1, 0}, {1, 2, 1}, {2, 3, 0}, {1, 0, 1}}, 0, 3, 1},
          {3, {{0, 2, 1}, {0, 2, 0}, {2, 1, 1}}, 0, 1, 0}};
}

// The formulas of the header as loops, all cells in every round.
std::vector<double> by_loops(const at::Tensor& stated,
                             const at::Tensor& table,
                             int64_t source,
                             int64_t target,
                             int64_t rounds) {
  const int64_t N = stated.size(0), R = stated.size(2);
  const auto at_cell = [&](int64_t u, int64_t v, int64_t r) {
    return static_cast<size_t>((u * N + v) * R + r);
  };
  const at::Tensor start = stated.contiguous();
  std::vector<double> P(start.const_data_ptr<double>(),
                        start.const_data_ptr<double>() + start.numel());
  const auto C = table.accessor<double, 3>();
  const auto mass_of = [&](const std::vector<double>& x, int64_t u, int64_t v) {
    double sum = 0;
    for (int64_t r = 0; r < R; ++r) sum += x[at_cell(u, v, r)];
    return sum;
  };
  for (int64_t round = 0; round < rounds; ++round) {
    std::vector<double> M(P.size(), 0);
    for (int64_t u = 0; u < N; ++u)
      for (int64_t v = 0; v < N; ++v)
        for (int64_t w = 0; u != v && w < N; ++w)
          for (int64_t r = 0; r < R; ++r)
            for (int64_t s = 0; s < R; ++s)
              for (int64_t q = 0; q < R; ++q)
                M[at_cell(u, v, q)] += P[at_cell(u, w, r)] * P[at_cell(w, v, s)] * C[r][s][q];
    std::vector<double> next = P;
    for (int64_t u = 0; u < N; ++u)
      for (int64_t v = 0; v < N; ++v)
        for (int64_t q = 0; q < R; ++q)
          next[at_cell(u, v, q)] +=
              (1 - mass_of(P, u, v)) * M[at_cell(u, v, q)] / std::max(1., mass_of(M, u, v));
    P = next;
  }
  std::vector<double> asked;
  for (int64_t r = 0; r < R; ++r) asked.push_back(P[at_cell(source, target, r)]);
  return asked;
}

TEST(SoftComposition, RoundsAreTheFormulasOfTheHeader) {
  constexpr int64_t kR = 3;
  const Start start = start_of(two_graphs(), 2, kR);
  const at::Tensor table = some_table(kR, 1);
  for (const int64_t rounds : {1, 2, 3, 5}) {
    const at::Tensor asked = compose(start.cells, start.source, start.target, table, rounds);
    for (int64_t b = 0; b < 2; ++b) {
      const std::vector<double> known = by_loops(start.cells[b],
                                                 table,
                                                 start.source[b].item<int64_t>(),
                                                 start.target[b].item<int64_t>(),
                                                 rounds);
      // sums of at most N R R products of numbers up to 1, in each round
      const double tolerance = static_cast<double>(rounds) * 4 * kR * kR * 4 * 2.3e-16;
      for (int64_t r = 0; r < kR; ++r)
        EXPECT_NEAR(asked[b][r].item<double>(), known[static_cast<size_t>(r)], tolerance);
    }
  }
}

TEST(SoftComposition, AStatedCellIsNeverOverwritten) {
  const std::vector<RelationGraph> graphs = {{3, {{0, 1, 0}, {1, 2, 1}, {0, 2, 1}}, 0, 2, 1}};

  const Start start = start_of(graphs, 2, 3);
  const at::Tensor asked = compose(start.cells, start.source, start.target, some_table(3, 2), 9);

  EXPECT_EQ(asked[0][0].item<double>(), 0);
  EXPECT_EQ(asked[0][1].item<double>(), 1);
}

// Central differences: with step h = 1e-5 their error is h^2 / 6 times the third derivative, which
// three rounds of products of three numbers up to 1 keep below 1e4, plus rounding 1e-16 / h.
TEST(SoftComposition, GradientsAreThoseOfFiniteDifferences) {
  constexpr int64_t kR = 3;
  const Start start = start_of(two_graphs(), 2, kR);
  const auto loss = [&](const at::Tensor& cells, const at::Tensor& table) {
    const at::Tensor asked = compose(cells, start.source, start.target, table, 3);
    return at::cross_entropy_loss((asked + 1e-4).log(), start.answer);
  };
  at::Tensor stated = (start.cells * .7).requires_grad_(), table = some_table(kR, 3);
  table.requires_grad_();

  loss(stated, table).backward();

  const at::NoGradGuard no_gradients;
  const double h = 1e-5;
  for (const bool of_table : {true, false}) {
    const at::Tensor& value = of_table ? table : stated;
    const at::Tensor gradient = value.grad().contiguous();
    for (int64_t i = 0; i < value.numel(); ++i) {
      const auto moved = [&](double by) {
        at::Tensor other = value.detach().clone();
        other.data_ptr<double>()[i] += by;
        return (of_table ? loss(stated, other) : loss(other, table)).item<double>();
      };
      const double difference = (moved(h) - moved(-h)) / (2 * h);
      EXPECT_NEAR(gradient.const_data_ptr<double>()[i], difference, 2e-7)
          << (of_table ? "table " : "stated ") << i;
    }
  }
}

// Relations 0..4 composed by addition modulo 5.
constexpr int64_t kOrder = 5;
RelationGraph chain(int64_t k, results::Stream& stream) {
  RelationGraph graph{k + 1, {}, 0, k, 0};
  for (int64_t i = 0; i < k; ++i) {
    graph.edges.push_back({i, i + 1, static_cast<int64_t>(stream.below(kOrder))});
    graph.answer = (graph.answer + graph.edges.back().relation) % kOrder;
  }
  return graph;
}

// Learned from chains of two and three.
SoftComposition learned(results::Stream& stream) {
  SoftComposition model({.relations = kOrder, .spare = 1}, results::Stream(6));
  TrainerOptions options{.steps = 200,
                         .optimizer = {.lr = 1e-2, .beta2 = .98, .decay = .01},
                         .schedule = {.warmup = 20, .min_lr_ratio = .02}};
  Trainer trainer(model.parameters(), options, results::Stream(7));
  while (trainer.steps_done() < options.steps) {
    std::vector<RelationGraph> graphs;
    for (int64_t i = 0; i < 32; ++i) graphs.push_back(chain(2 + i % 2, stream));
    std::vector<const RelationGraph*> batch;
    for (const RelationGraph& graph : graphs) batch.push_back(&graph);
    const RelationBatch tensors = make_batch(batch, kOrder, stream);
    EXPECT_TRUE(trainer.step([&] { return loss_of(model, tensors, 2); }).finite);
  }
  return model;
}

TEST(SoftComposition, ATableLearnedFromShortChainsAnswersLongOnesAndTellsHow) {
  results::Stream stream(5);
  const SoftComposition model = learned(stream);
  std::vector<RelationGraph> asked;
  for (int i = 0; i < 100; ++i) asked.push_back(chain(8, stream));

  const auto answers = answers_of(model, asked, kOrder, 7, 30, stream);

  ASSERT_EQ(answers.size(), asked.size());
  for (size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(answers[i].relation, asked[i].answer) << i;
    const auto steps = model.derivation(asked[i], answers[i].relation, 7);
    ASSERT_EQ(steps.size(), 7U) << i;
    EXPECT_EQ(steps.back().relation, asked[i].answer);
    EXPECT_NEAR(steps.back().confidence, answers[i].probability, .02);  // 20 floors of 1e-4, summed
    std::map<std::pair<int64_t, int64_t>, int64_t> known;
    for (const auto& edge : asked[i].edges) known[{edge.from, edge.to}] = edge.relation;
    for (const auto& [from, via, to, first, second, relation, confidence] : steps) {
      EXPECT_EQ((known.at({from, via})), first);  // premises come first
      EXPECT_EQ((known.at({via, to})), second);
      known[{from, to}] = relation;
    }
  }
}

TEST(SoftComposition, WhatIsStatedOrHasNoMassNeedsNoDerivation) {
  const SoftComposition model({.relations = 2, .spare = 0}, results::Stream(1));
  const RelationGraph stated{3, {{0, 1, 1}, {1, 2, 0}}, 0, 1, 1}, unknown{3, {{0, 1, 1}}, 0, 2, 1};

  EXPECT_TRUE(model.derivation(stated, 1, 3).empty());
  EXPECT_TRUE(model.derivation(stated, 0, 3).empty());  // the cell says otherwise, for good
  EXPECT_TRUE(model.derivation(unknown, 1, 3).empty());
}

}  // namespace
}  // namespace saggio::models
