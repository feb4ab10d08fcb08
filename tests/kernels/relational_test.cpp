// SPDX-License-Identifier: MIT
#include "kernels/relational.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/flop_counter.h"
#include "kernels/graph_input.h"
#include "tests/kernels/graphs.h"
#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr Message kBoth[] = {Message::DistMult, Message::TransE};
constexpr int64_t kWidths[] = {1, 3, 16, 64, 100};

// Types drawn from few, so that parallel edges of one type occur as well as those of several.
RelationalGraph typed_graph(int64_t nodes, int64_t types, uint64_t seed) {
  const Adjacency a = random_graph(nodes, nodes, seed);
  const at::Tensor type = at::empty({a.edges()}, at::kInt);
  results::Stream stream(seed + 7);
  for (int64_t e = 0; e < a.edges(); ++e)
    type.mutable_data_ptr<int32_t>()[e] =
        static_cast<int32_t>(stream.below(static_cast<uint64_t>(types)));
  return RelationalGraph(a, type, types);
}

int64_t longest_row(const Csr& csr) { return csr.row_ptr.diff().max().item<int64_t>(); }

// A sum of n products is off by (n + c) eps / 2 of the sum of their magnitudes, c roundings having
// gone into each; `magnitudes` is the reference's result for inputs without signs.
void expect_near(const at::Tensor& got,
                 const at::Tensor& expected,
                 const at::Tensor& magnitudes,
                 int64_t terms,
                 int64_t roundings) {
  ASSERT_EQ(got.sizes(), expected.sizes());
  const double bound = static_cast<double>(terms + roundings) * kEps / 2;
  EXPECT_LE(((got.to(at::kDouble) - expected).abs() - bound * magnitudes).max().item<double>(), 0);
}

TEST(RelationalSum, OfAGraphDrawnByHandSendsFromColumnsToRows) {
  // Row 0 receives from 1 twice, by types 0 and 1, and from itself; row 1 receives nothing.
  const RelationalGraph graph(
      with_transpose({at::tensor({0, 3, 3}, at::kLong), at::tensor({1, 1, 0}, at::kInt), {}}, 2),
      at::tensor({0, 1, 1}, at::kInt),
      2);
  const at::Tensor x = at::tensor({1.F, 10.F}).view({2, 1}),
                   r = at::tensor({2.F, 3.F}).view({2, 1}),
                   boundary = at::tensor({100.F, 200.F}).view({2, 1});

  EXPECT_TRUE(at::equal(relational_sum(graph, Message::DistMult, x, r, boundary),
                        at::tensor({153.F, 200.F}).view({2, 1})));
  EXPECT_TRUE(at::equal(relational_sum(graph, Message::TransE, x, r),
                        at::tensor({29.F, 0.F}).view({2, 1})));
}

TEST(RelationalSum, IsTheReferenceForwardAndBackwardAtEveryWidth) {
  const RelationalGraph graph = typed_graph(151, 5, 3);
  const int64_t edges = graph.adjacency().edges(), row = longest_row(graph.adjacency().by_row()),
                column = longest_row(graph.adjacency().by_column());
  for (const Message message : kBoth)
    for (const int64_t D : kWidths) {
      SCOPED_TRACE(std::to_string(D));
      const at::Tensor x = noise({151, D}, 1), r = noise({5, D}, 2), b = noise({151, D}, 3),
                       dout = noise({151, D}, 4);

      expect_near(relational_sum(graph, message, x, r, b),
                  relational_sum_reference(graph, message, x, r, b),
                  relational_sum_reference(graph, message, x.abs(), r.abs(), b.abs()),
                  row,
                  3);
      const RelationalGradients got = relational_sum_backward(graph, message, dout, x, r),
                                expected =
                                    relational_sum_backward_reference(graph, message, dout, x, r),
                                size = relational_sum_backward_reference(
                                    graph, message, dout.abs(), x.abs(), r.abs());
      expect_near(got.x, expected.x, size.x, column, 3);
      expect_near(got.r, expected.r, size.r, edges, 3);
      EXPECT_TRUE(same_bits(got.boundary, dout));
    }
}

// The bound of relational.h for std, the others' by their sums.
at::Tensor pna_bound(const RelationalGraph& graph,
                     const at::Tensor& statistics,
                     const at::Tensor& size) {
  const at::Tensor n =
      (graph.adjacency().by_row().row_ptr.diff() + 1).to(at::kDouble).unsqueeze(-1) + 8;
  const at::Tensor mean_square =
      statistics.select(1, 0).square() + statistics.select(1, 3).square();
  const at::Tensor std = statistics.select(1, 3);
  const at::Tensor most = at::maximum(size.select(1, 1), size.select(1, 2));
  return at::stack({n * size.select(1, 0), 2 * most, 2 * most, 3 * n * mean_square / std + 4 * std},
                   1) *
         kEps / 2;
}

TEST(RelationalPna, IsTheReferenceForwardAndBackwardAtEveryWidth) {
  const RelationalGraph graph = typed_graph(151, 5, 3);
  const int64_t edges = graph.adjacency().edges(),
                column = longest_row(graph.adjacency().by_column());
  for (const Message message : kBoth)
    for (const int64_t D : kWidths) {
      SCOPED_TRACE(std::to_string(D));
      const at::Tensor x = coarse_noise({151, D}, 1), r = coarse_noise({5, D}, 2),
                       b = coarse_noise({151, D}, 3), dout = noise({151, 4, D}, 4);
      const RelationalPna got = relational_pna(graph, message, x, r, b),
                          expected = relational_pna_reference(graph, message, x, r, b),
                          size =
                              relational_pna_reference(graph, message, x.abs(), r.abs(), b.abs());
      const at::Tensor excess = (got.statistics - expected.statistics).abs() -
                                pna_bound(graph, expected.statistics, size.statistics);
      EXPECT_LE(excess.max().item<double>(), 0);
      EXPECT_TRUE(at::equal(got.winner, expected.winner));

      // From the same statistics; with -|mean| all terms of (m - mean) have one sign.
      RelationalPna all_positive = got;
      all_positive.statistics = got.statistics.clone();
      all_positive.statistics.select(1, 0).abs_().neg_();
      const RelationalGradients
          ours = relational_pna_backward(graph, message, dout, x, r, b, got),
          truth = relational_pna_backward_reference(graph, message, dout, x, r, b, got),
          most = relational_pna_backward_reference(
              graph, message, dout.abs(), x.abs(), r.abs(), b.abs(), all_positive);
      expect_near(ours.x, truth.x, most.x, column, 24);
      expect_near(ours.r, truth.r, most.r, edges, 24);
      expect_near(ours.boundary, truth.boundary, most.boundary, 0, 24);
    }
}

TEST(DegreeScalers, AreOfTheLogarithmOverItsMean) {
  // Row 0 has one edge, ln 2 over a mean of ln 2 / 2; row 1 has none.
  EXPECT_TRUE(at::allclose(degree_scalers(shuffled_graph(2, 2, {{0, 1}}, 1)),
                           at::tensor({1., 2., .5, 1., 0., 100.}).view({2, 3})));
  EXPECT_TRUE(at::equal(degree_scalers(shuffled_graph(1, 1, {}, 1)),
                        at::tensor({1., 0., 100.}).view({1, 3})));
}

at::Tensor numeric_gradient(const at::Tensor& of, const std::function<double()>& loss, double h) {
  at::Tensor result = at::empty_like(of);
  for (int64_t i = 0; i < of.numel(); ++i) {
    double& entry = of.mutable_data_ptr<double>()[i];
    const double before = entry;
    entry = before + h;
    const double above = loss();
    entry = before - h;
    result.mutable_data_ptr<double>()[i] = (above - loss()) / (2 * h);
    entry = before;
  }
  return result;
}

// Central differences: rounding of 1e-16 times the loss over h, and h^2 / 6 times a third
// derivative. That of std is bounded by 3 |m'|^3 / (n std^2); with |m'| up to 3
// and std above .02 where it is above its floor, by 1e5 over all rows here.
TEST(Relational, TheReferencesGradientsAreThoseOfFiniteDifferences) {
  const RelationalGraph graph = typed_graph(17, 3, 5);
  const double h = 1e-6;
  const at::Tensor x = noise({17, 2}, 1).to(at::kDouble), r = noise({3, 2}, 2).to(at::kDouble),
                   b = noise({17, 2}, 3).to(at::kDouble),
                   dout = noise({17, 4, 2}, 4).to(at::kDouble);
  const auto expect_close = [&](const at::Tensor& numeric, const at::Tensor& exact, double size) {
    EXPECT_LE((numeric - exact).abs().max().item<double>(), 1e5 * h * h + size * 1e-15 / h);
  };
  for (const Message message : kBoth) {
    const RelationalPna saved = relational_pna_reference(graph, message, x, r, b);
    const RelationalGradients exact =
        relational_pna_backward_reference(graph, message, dout, x, r, b, saved);
    const double size = (saved.statistics * dout).abs().sum().item<double>();
    const auto loss = [&] {
      return (relational_pna_reference(graph, message, x, r, b).statistics * dout)
          .sum()
          .item<double>();
    };
    expect_close(numeric_gradient(x, loss, h), exact.x, size);
    expect_close(numeric_gradient(r, loss, h), exact.r, size);
    expect_close(numeric_gradient(b, loss, h), exact.boundary, size);

    const at::Tensor above = dout.select(1, 0).contiguous();
    const RelationalGradients sum = relational_sum_backward_reference(graph, message, above, x, r);
    const auto sum_loss = [&] {
      return (relational_sum_reference(graph, message, x, r, b) * above).sum().item<double>();
    };
    expect_close(numeric_gradient(x, sum_loss, h), sum.x, size);
    expect_close(numeric_gradient(r, sum_loss, h), sum.r, size);
    expect_close(numeric_gradient(b, sum_loss, h), sum.boundary, size);
  }
}

TEST(RelationalPna, OfARowWithoutEdgesIsItsBoundaryAlone) {
  const RelationalGraph graph(shuffled_graph(2, 2, {{0, 1}}, 1), at::zeros({1}, at::kInt), 1);
  const at::Tensor x = at::tensor({5.F, 3.F}).view({2, 1}), r = at::tensor({2.F}).view({1, 1}),
                   b = at::tensor({0.F, 7.F}).view({2, 1});
  const RelationalPna got = relational_pna(graph, Message::DistMult, x, r, b);

  // Row 0: messages 6 and 0. Row 1: 7 alone.
  EXPECT_TRUE(at::allclose(got.statistics.flatten(),
                           at::tensor({3.F, 6.F, 0.F, 3.F, 7.F, 7.F, 7.F, 1e-3F}),
                           2 * kEps,
                           0));
  EXPECT_TRUE(at::equal(got.winner.flatten(), at::tensor({0, -1, -1, -1}, at::kInt)));
}

TEST(Relational, GivesTheSameBitsInEveryInstructionSetAndForAnyNumberOfThreads) {
  const RelationalGraph graph = typed_graph(900, 3, 9);
  const Adjacency& a = graph.adjacency();
  const int before = at::get_num_threads();
  for (const int64_t D : {1, 3, 40, 100}) {
    const at::Tensor x = noise({900, D}, 1), r = noise({3, D}, 2), b = noise({900, D}, 3),
                     dout = noise({900, 4, D}, 4);
    std::vector<at::Tensor> ran[2];
    for (const int threads : {1, 3}) {
      at::set_num_threads(threads);
      const RelationalPna pna = relational_pna(graph, Message::DistMult, x, r, b);
      const RelationalGradients back =
          relational_pna_backward(graph, Message::DistMult, dout, x, r, b, pna);
      ran[threads / 2] = {pna.statistics,
                          pna.winner,
                          back.x,
                          back.r,
                          back.boundary,
                          relational_sum(graph, Message::TransE, x, r, b)};
    }
    for (size_t i = 0; i < ran[0].size(); ++i) EXPECT_TRUE(same_bits(ran[0][i], ran[1][i]));

    for (const Isa isa : {Isa::Plain, Isa::Avx2, Isa::Avx512}) {
      if (!supported(isa)) continue;
      const at::Tensor statistics = at::empty({900, 4, D}),
                       winner = at::empty({900, 2, D}, at::kInt), sum = at::empty({900, D}),
                       dx = at::empty({900, D});
      RelationalArrays arrays = {arrays_of(a.by_row()),
                                 graph.type().const_data_ptr<int32_t>(),
                                 x.const_data_ptr<float>(),
                                 r.const_data_ptr<float>(),
                                 b.const_data_ptr<float>(),
                                 statistics.mutable_data_ptr<float>(),
                                 winner.mutable_data_ptr<int32_t>(),
                                 D,
                                 false};
      loops(isa).relational_pna(arrays, 0, 900);
      EXPECT_TRUE(same_bits(statistics, ran[0][0]) && same_bits(winner, ran[0][1]));
      arrays.out = sum.mutable_data_ptr<float>();
      arrays.add = true;
      loops(isa).relational_sum(arrays, 0, 900);
      EXPECT_TRUE(same_bits(sum, ran[0][5]));
      // Any numbers do as coefficients.
      GradientArrays gradient = {arrays_of(a.by_column()),
                                 graph.type().const_data_ptr<int32_t>(),
                                 nullptr,
                                 nullptr,
                                 x.const_data_ptr<float>(),
                                 r.const_data_ptr<float>(),
                                 dout.const_data_ptr<float>(),
                                 winner.const_data_ptr<int32_t>(),
                                 dx.mutable_data_ptr<float>(),
                                 D,
                                 false};
      loops(isa).sender_gradient(gradient, 0, 900);
      const at::Tensor plain = at::empty({900, D});
      gradient.out = plain.mutable_data_ptr<float>();
      loops(Isa::Plain).sender_gradient(gradient, 0, 900);
      EXPECT_TRUE(same_bits(dx, plain));
    }
  }
  at::set_num_threads(before);
}

// By edge and entry: a message and its sum; each of two gradients a multiply-add.
TEST(Relational, SaysHowManyOperationsItTakes) {
  const RelationalGraph graph = typed_graph(20, 3, 1);
  const at::Tensor x = noise({20, 5}, 2), r = noise({3, 5}, 3);
  const double entries = 5 * static_cast<double>(graph.adjacency().edges());

  const auto flops = [](const std::function<void()>& work) { return count_flops(work).flops; };
  EXPECT_EQ(flops([&] { relational_sum(graph, Message::DistMult, x, r); }), 2 * entries);
  EXPECT_EQ(flops([&] { relational_sum_backward(graph, Message::DistMult, x, x, r); }),
            4 * entries);
  EXPECT_EQ(flops([&] { relational_pna(graph, Message::DistMult, x, r, x); }), 4 * entries);
}

TEST(Relational, RefusesWhatDoesNotFit) {
  const RelationalGraph graph = typed_graph(9, 2, 1);
  const at::Tensor x = at::ones({9, 4}), r = at::ones({2, 4});

  EXPECT_THROW(RelationalGraph(graph.adjacency(), graph.type(), 1), std::invalid_argument);
  EXPECT_THROW(RelationalGraph(graph.adjacency(), graph.type().to(at::kLong), 2),
               std::invalid_argument);
  EXPECT_THROW(RelationalGraph(random_graph(4, 5, 1), graph.type(), 2), std::invalid_argument);
  EXPECT_THROW(relational_sum(graph, Message::TransE, x, at::ones({3, 4})), std::invalid_argument);
  EXPECT_THROW(relational_pna(graph, Message::TransE, x, r, {}), std::invalid_argument);
  EXPECT_THROW(relational_pna_backward(graph, Message::TransE, at::ones({9, 4, 4}), x, r, x, {}),
               std::invalid_argument);
}

TEST(Relational, AGraphWithoutEdgesGivesItsBoundary) {
  const RelationalGraph none(shuffled_graph(3, 3, {}, 1), at::zeros({0}, at::kInt), 2);
  const at::Tensor x = noise({3, 5}, 1), r = noise({2, 5}, 2);

  EXPECT_TRUE(same_bits(relational_sum(none, Message::DistMult, x, r, x), x));
  EXPECT_TRUE(
      same_bits(relational_pna(none, Message::DistMult, x, r, x).statistics.select(1, 1), x));
  EXPECT_TRUE(
      at::equal(relational_sum_backward(none, Message::DistMult, x, x, r).r, at::zeros({2, 5})));
}

}  // namespace
}  // namespace saggio::kernels
