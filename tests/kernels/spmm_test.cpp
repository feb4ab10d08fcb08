// SPDX-License-Identifier: MIT
#include "kernels/spmm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/graph_input.h"
#include "tests/kernels/graphs.h"
#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr Aggregate kAll[] = {Aggregate::Sum, Aggregate::Mean, Aggregate::Max};
constexpr int64_t kWidths[] = {1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 100, 128, 144, 300};

// Entry by entry, `of_magnitudes` being the reference's result for inputs without signs: a sum of n
// rounded products is off by at most (n + 1) eps / 2 of it, and a factor of its own adds two roundings.
void expect_near(const at::Tensor& got,
                 const at::Tensor& expected,
                 const at::Tensor& of_magnitudes,
                 int64_t terms) {
  const at::Tensor error = (got.to(at::kDouble) - expected).abs();
  const at::Tensor excess = error - (static_cast<double>(terms) + 4) * kEps / 2 * of_magnitudes;
  EXPECT_EQ(got.sizes(), expected.sizes());
  if (excess.numel() > 0) {
    EXPECT_LE(excess.max().item<double>(), 0);
  }
}

int64_t longest_row(const Csr& csr) { return csr.row_ptr.diff().max().item<int64_t>(); }

TEST(Spmm, OfAGraphDrawnByHandIsWhatPaperSays) {
  // Row 0: columns 1, 1 (parallel), 0 (a loop); row 1: none; row 2: column 2.
  const Adjacency a = with_transpose(
      {at::tensor({0, 3, 3, 4}, at::kLong), at::tensor({1, 1, 0, 2}, at::kInt), {}}, 3);
  const at::Tensor x = at::tensor({1.F, -1.F, 2.F, -2.F, 4.F, 8.F}).view({3, 2});
  const at::Tensor w = at::tensor({1.F, 2.F, 3.F, .5F});

  EXPECT_TRUE(at::equal(spmm(a, Aggregate::Sum, x, w).out,
                        at::tensor({9.F, -9.F, 0.F, 0.F, 2.F, 4.F}).view({3, 2})));
  EXPECT_TRUE(at::equal(spmm(a, Aggregate::Mean, x, w).out,
                        at::tensor({3.F, -3.F, 0.F, 0.F, 2.F, 4.F}).view({3, 2})));
  const SpmmResult max = spmm(a, Aggregate::Max, x, w);
  EXPECT_TRUE(at::equal(max.out, at::tensor({4.F, -2.F, 0.F, 0.F, 2.F, 4.F}).view({3, 2})));
  EXPECT_TRUE(at::equal(max.winner, at::tensor({1, 0, -1, -1, 3, 3}, at::kInt).view({3, 2})));
}

TEST(Spmm, IsTheReferenceForwardAndBackwardAtEveryWidth) {
  const Adjacency a = random_graph(211, 97, 5);
  const int64_t terms = std::max(longest_row(a.by_row()), longest_row(a.by_column()));
  for (const int64_t D : kWidths)
    for (const Aggregate aggregate : kAll)
      for (const bool weighted : {false, true}) {
        SCOPED_TRACE("width " + std::to_string(D) + ", aggregate " +
                     std::to_string(static_cast<int>(aggregate)));
        const at::Tensor x = coarse_noise({97, D}, 1), dout = noise({211, D}, 2);
        const at::Tensor w = weighted ? coarse_noise({a.edges()}, 3) : at::Tensor();
        const at::Tensor w_size = weighted ? w.abs() : w;
        const auto size_of = [&](const at::Tensor& from) {
          return aggregate == Aggregate::Max ? from.abs() : from;
        };

        const SpmmResult got = spmm(a, aggregate, x, w),
                         expected = spmm_reference(a, aggregate, x, w);
        expect_near(got.out,
                    expected.out,
                    size_of(aggregate == Aggregate::Max
                                ? expected.out
                                : spmm_reference(a, aggregate, x.abs(), w_size).out),
                    terms);
        if (aggregate == Aggregate::Max) {
          EXPECT_TRUE(at::equal(got.winner, expected.winner));
        }
        expect_near(spmm_backward_x(a, aggregate, dout, w, got.winner),
                    spmm_backward_x_reference(a, aggregate, dout, w, got.winner),
                    spmm_backward_x_reference(a, aggregate, dout.abs(), w_size, got.winner),
                    terms);
        expect_near(spmm_backward_weight(a, aggregate, dout, x, got.winner),
                    spmm_backward_weight_reference(a, aggregate, dout, x, got.winner),
                    spmm_backward_weight_reference(a, aggregate, dout.abs(), x.abs(), got.winner),
                    D);
      }
}

// Sum and mean are linear in x and in the weights, so that central differences of any step are exact
// but for rounding; the maximum is so while nobody overtakes, which steps of 1e-7 see to.
TEST(Spmm, TheReferencesGradientsAreThoseOfFiniteDifferences) {
  const Adjacency a = random_graph(23, 19, 8);
  const double h = 1e-7;
  for (const Aggregate aggregate : kAll) {
    const at::Tensor x = noise({19, 3}, 1).to(at::kDouble),
                     w = noise({a.edges()}, 2).to(at::kDouble),
                     dout = noise({23, 3}, 3).to(at::kDouble);
    const at::Tensor winner = spmm_reference(a, aggregate, x, w).winner;
    const auto loss = [&] {
      return (spmm_reference(a, aggregate, x, w).out * dout).sum().item<double>();
    };
    const auto numeric = [&](const at::Tensor& of) {
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
    };
    const double size = dout.abs().sum().item<double>() * 100;  // bounds every partial sum
    const double rounding = size * std::numeric_limits<double>::epsilon() / h;

    EXPECT_LE((numeric(x) - spmm_backward_x_reference(a, aggregate, dout, w, winner))
                  .abs()
                  .max()
                  .item<double>(),
              rounding);
    EXPECT_LE((numeric(w) - spmm_backward_weight_reference(a, aggregate, dout, x, winner))
                  .abs()
                  .max()
                  .item<double>(),
              rounding);
  }
}

TEST(Spmm, GivesTheSameBitsInEveryInstructionSetAndForAnyNumberOfThreads) {
  const Adjacency a = random_graph(3001, 1999, 9);
  const int before = at::get_num_threads();
  for (const int64_t D : {1, 3, 16, 64, 100}) {
    const at::Tensor x = noise({1999, D}, 1), w = noise({a.edges()}, 2), dout = noise({3001, D}, 3);
    std::vector<at::Tensor> ran[2];
    for (const int threads : {1, 3}) {
      at::set_num_threads(threads);
      const SpmmResult max = spmm(a, Aggregate::Max, x, w);
      ran[threads / 2] = {max.out,
                          max.winner,
                          spmm(a, Aggregate::Mean, x, w).out,
                          spmm_backward_x(a, Aggregate::Max, dout, w, max.winner),
                          spmm_backward_weight(a, Aggregate::Sum, dout, x)};
    }
    for (size_t i = 0; i < ran[0].size(); ++i) EXPECT_TRUE(same_bits(ran[0][i], ran[1][i]));

    for (const Isa isa : {Isa::Plain, Isa::Avx2, Isa::Avx512}) {
      if (!supported(isa)) continue;
      const at::Tensor out = at::empty({3001, D}), winner = at::empty({3001, D}, at::kInt),
                       dx = at::empty({1999, D}), dw = at::empty({a.edges()});
      SpmmArrays arrays = {arrays_of(a.by_row()),
                           w.const_data_ptr<float>(),
                           nullptr,
                           x.const_data_ptr<float>(),
                           out.mutable_data_ptr<float>(),
                           winner.mutable_data_ptr<int32_t>(),
                           D,
                           true};
      loops(isa).spmm_max(arrays, 0, 3001);
      EXPECT_TRUE(same_bits(out, ran[0][0]) && same_bits(winner, ran[0][1]));
      loops(isa).spmm_sum(arrays, 0, 3001);
      EXPECT_TRUE(same_bits(out, ran[0][2]));
      arrays.graph = arrays_of(a.by_column());
      arrays.x = dout.const_data_ptr<float>();
      arrays.out = dx.mutable_data_ptr<float>();
      loops(isa).spmm_max_backward(arrays, 0, 1999);
      EXPECT_TRUE(same_bits(dx, ran[0][3]));
      loops(isa).edge_dot({arrays_of(a.by_row()),
                           dout.const_data_ptr<float>(),
                           x.const_data_ptr<float>(),
                           nullptr,
                           dw.mutable_data_ptr<float>(),
                           D,
                           false},
                          0,
                          3001);
      EXPECT_TRUE(same_bits(dw, ran[0][4]));
    }
  }
  at::set_num_threads(before);
}

TEST(Spmm, EmptyGraphsAndWidthsGiveEmptyResults) {
  const Adjacency none = shuffled_graph(4, 3, {}, 1);

  EXPECT_TRUE(at::equal(spmm(none, Aggregate::Max, at::ones({3, 5})).out, at::zeros({4, 5})));
  EXPECT_EQ(spmm(random_graph(4, 3, 1), Aggregate::Sum, at::ones({3, 0})).out.sizes(),
            (std::vector<int64_t>{4, 0}));
  EXPECT_EQ(spmm_backward_weight(none, Aggregate::Sum, at::ones({4, 5}), at::ones({3, 5})).numel(),
            0);
}

TEST(Spmm, KeepsNanAndInfinity) {
  const Adjacency a = shuffled_graph(1, 3, {{0, 0}, {0, 1}, {0, 2}}, 1);
  const float infinity = std::numeric_limits<float>::infinity();
  const at::Tensor x = at::tensor({1.F, -infinity, NAN, 3.F, -infinity, 2.F}).view({3, 2});

  const at::Tensor max = spmm(a, Aggregate::Max, x).out, sum = spmm(a, Aggregate::Sum, x).out;
  EXPECT_TRUE(std::isnan(max[0][0].item<float>()) && std::isnan(sum[0][0].item<float>()));
  EXPECT_EQ(max[0][1].item<float>(), 3);
  EXPECT_EQ(sum[0][1].item<float>(), -infinity);
}

template <class Call>
std::string message(const Call& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Spmm, RefusesWhatDoesNotFitAndSaysWhat) {
  const Adjacency a = random_graph(5, 4, 1);

  EXPECT_EQ(message([&] {
              spmm(a, Aggregate::Sum, at::ones({5, 2}));
            }),
            "spmm: x is CPUFloatType [5, 2], expected float [4, D] on cpu");
  EXPECT_EQ(message([&] {
              spmm(a, Aggregate::Sum, at::ones({4, 2}), at::ones({1}));
            }),
            "spmm: weight is CPUFloatType [1], expected float [" + std::to_string(a.edges()) +
                "] on cpu");
  EXPECT_NE(message([&] {
              spmm_backward_x(a, Aggregate::Max, at::ones({5, 2}));
            }).find("winner is undefined, expected int [5, 2]"),
            std::string::npos);
}

TEST(Adjacency, IsTheSameEdgesBothWays) {
  const Adjacency a = random_graph(31, 17, 3), b = a.transposed();

  EXPECT_EQ(b.rows(), 17);
  const Adjacency again(a.by_row(), a.by_column());
  EXPECT_EQ(again.edges(), a.edges());
  const at::Tensor x = noise({31, 4}, 1);
  EXPECT_TRUE(same_bits(spmm(b, Aggregate::Sum, x).out, spmm_backward_x(a, Aggregate::Sum, x)));
}

TEST(Adjacency, RefusesArraysThatAreNotAGraph) {
  const auto longs = [](std::vector<int64_t> values) { return at::tensor(values, at::kLong); };
  const auto ints = [](std::vector<int64_t> values) { return at::tensor(values, at::kInt); };
  const auto refused = [&](const Csr& csr) { return message([&] { with_transpose(csr, 3); }); };

  EXPECT_EQ(refused({longs({1, 2}), ints({0}), {}}),
            "csr: row_ptr[0] = 1, expected 0: rows begin with the first edge");
  EXPECT_EQ(refused({longs({0, 2, 1}), ints({0}), {}}),
            "csr: row_ptr[2] = 1 lies below 2 before it");
  EXPECT_EQ(refused({longs({0, 2}), ints({0, 3}), {}}), "csr: col[1] = 3, allowed 0 to 2");
  EXPECT_EQ(refused({longs({0, 2}), ints({0, 1}), ints({0, 0})}),
            "csr: edge 0 stands twice among the rows");
  EXPECT_NE(refused({longs({0, 2}), longs({0, 1}), {}}).find("col is CPULongType [2], expected"),
            std::string::npos);
  const Csr forward = {longs({0, 1, 2}), ints({0, 1}), {}};
  EXPECT_EQ(message([&] {
              Adjacency(forward, {longs({0, 1, 2}), ints({1, 0}), {}});
            }),
            "csr: edge 0 is (1, 0) by column, expected (0, 0) as by row");
}

}  // namespace
}  // namespace saggio::kernels
