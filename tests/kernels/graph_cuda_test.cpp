// SPDX-License-Identifier: MIT
#include <ATen/ATen.h>

#include <cstring>
#include <limits>
#include <vector>

#include "kernels/cuda/relational_cuda.h"
#include "kernels/cuda/segment_softmax_cuda.h"
#include "kernels/cuda/spmm_cuda.h"
#include "kernels/relational.h"
#include "kernels/segment_softmax.h"
#include "kernels/spmm.h"
#include "tests/kernels/device.h"
#include "tests/kernels/graphs.h"
#include "tests/kernels/noise.h"

namespace saggio::kernels {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr int64_t kRows = 301, kTypes = 5;

struct DeviceCsr {
  OnDeviceCopy row_ptr, col, edge;
  explicit DeviceCsr(const Csr& csr) : row_ptr(csr.row_ptr), col(csr.col), edge(csr.edge) {}
  CsrArrays arrays() const {
    return {row_ptr.as<int64_t>(), col.as<int32_t>(), edge.as<int32_t>()};
  }
};

// Without signs, an error relative to each result bounds itself: n terms, each rounded a few times.
at::Tensor positive(at::IntArrayRef shape, uint64_t key) { return noise(shape, key).abs() + .1; }

void expect_near(const OnDeviceCopy& got, const at::Tensor& expected, int64_t terms) {
  const at::Tensor result = at::empty(expected.sizes());
  got.read_into(result);
  const double bound = static_cast<double>(terms + 8) * kEps;
  EXPECT_LE(((result - expected).abs() - bound * expected.abs()).max().item<double>(), 0);
}

int64_t longest(const Csr& csr) { return csr.row_ptr.diff().max().item<int64_t>(); }

TEST_F(OnDevice, ASparseProductIsThatOfTheReference) {
  const Adjacency a = random_graph(kRows, kRows, 3);
  const DeviceCsr by_row(a.by_row()), by_column(a.by_column());
  for (const int64_t D : {1, 3, 16, 64, 100}) {
    const at::Tensor x = positive({kRows, D}, 1), w = positive({a.edges()}, 2);
    const OnDeviceCopy from(x), weight(w), out(at::zeros({kRows, D})),
        winner(at::zeros({kRows, D}, at::kInt)), dw(at::zeros({a.edges()}));
    SpmmArrays arrays = {by_row.arrays(),
                         weight.as<float>(),
                         nullptr,
                         from.as<float>(),
                         out.as<float>(),
                         winner.as<int32_t>(),
                         D,
                         true};
    check(spmm_sum_launch(arrays, kRows, nullptr));
    expect_near(out, spmm_reference(a, Aggregate::Mean, x, w).out, longest(a.by_row()));

    const SpmmResult max = spmm(a, Aggregate::Max, x, w);
    const at::Tensor won = at::empty({kRows, D}, at::kInt);
    check(spmm_max_launch(arrays, kRows, nullptr));
    expect_near(out, max.out, 0);
    winner.read_into(won);
    EXPECT_TRUE(at::equal(won, max.winner));

    arrays.graph = by_column.arrays();
    check(spmm_max_backward_launch(arrays, kRows, nullptr));
    expect_near(out,
                spmm_backward_x_reference(a, Aggregate::Max, x, w, max.winner),
                longest(a.by_column()));

    check(edge_dot_launch(
        {by_row.arrays(), from.as<float>(), from.as<float>(), nullptr, dw.as<float>(), D, false},
        kRows,
        nullptr));
    expect_near(dw, spmm_backward_weight_reference(a, Aggregate::Sum, x, x), D);
  }
}

// exp() is within 2 ulp on the device, the difference of two scores below 8 within 4 eps.
TEST_F(OnDevice, ASegmentSoftmaxIsThatOfTheReference) {
  const Adjacency a = random_graph(kRows, kRows, 3);
  const DeviceCsr by_row(a.by_row());
  for (const int64_t H : {1, 4, 40}) {
    const at::Tensor s = noise({a.edges(), H}, 1).clamp(-4, 4);
    const at::Tensor alpha = segment_softmax_reference(a, s), dalpha = noise({a.edges(), H}, 2);
    const OnDeviceCopy scores(s), gradient(dalpha), out(at::zeros({a.edges(), H})),
        ds(at::zeros({a.edges(), H}));
    SegmentArrays arrays = {
        by_row.arrays(), scores.as<float>(), gradient.as<float>(), out.as<float>(), nullptr, H};
    check(segment_softmax_launch(arrays, kRows, nullptr));
    expect_near(out, alpha, longest(a.by_row()) + 16);

    arrays.in = out.as<float>();
    arrays.out = ds.as<float>();
    check(segment_softmax_backward_launch(arrays, kRows, nullptr));
    const at::Tensor got = at::empty({a.edges(), H});
    ds.read_into(got);
    const double bound = 2 * dalpha.abs().max().item<double>() *
                         static_cast<double>(longest(a.by_row()) + 24) * 2 * kEps;
    const at::Tensor error = (got - segment_softmax_backward_reference(a, dalpha, alpha)).abs();
    EXPECT_LE((error - bound * alpha).max().item<double>(), 0);
  }
}

RelationalGraph typed_graph() {
  const Adjacency a = random_graph(kRows, kRows, 3);
  return {a, at::arange(a.edges(), at::kInt).remainder(kTypes).to(at::kInt), kTypes};
}

TEST_F(OnDevice, RelationalMessagesAreReducedAsTheReferenceDoes) {
  const RelationalGraph graph = typed_graph();
  const DeviceCsr by_row(graph.adjacency().by_row());
  const OnDeviceCopy type(graph.type());
  for (const Message message : {Message::DistMult, Message::TransE})
    for (const int64_t D : {1, 3, 64, 100}) {
      const at::Tensor x = positive({kRows, D}, 1), r = positive({kTypes, D}, 2),
                       b = positive({kRows, D}, 3);
      const OnDeviceCopy of_x(x), of_r(r), of_b(b), sum(at::zeros({kRows, D})),
          statistics(at::zeros({kRows, 4, D})), winner(at::zeros({kRows, 2, D}, at::kInt));
      RelationalArrays arrays = {by_row.arrays(),
                                 type.as<int32_t>(),
                                 of_x.as<float>(),
                                 of_r.as<float>(),
                                 of_b.as<float>(),
                                 sum.as<float>(),
                                 winner.as<int32_t>(),
                                 D,
                                 message == Message::TransE};
      const int64_t row = longest(graph.adjacency().by_row());
      check(relational_sum_launch(arrays, kRows, nullptr));
      expect_near(sum, relational_sum_reference(graph, message, x, r, b), row);

      const RelationalPna pna = relational_pna(graph, message, x, r, b);
      arrays.out = statistics.as<float>();
      check(relational_pna_launch(arrays, kRows, nullptr));
      const at::Tensor got = at::empty({kRows, 4, D}), won = at::empty({kRows, 2, D}, at::kInt);
      statistics.read_into(got);
      winner.read_into(won);
      const at::Tensor mean = pna.statistics.select(1, 0), std = pna.statistics.select(1, 3);
      const at::Tensor bound = static_cast<double>(row + 9) * kEps *
                               at::stack({mean,
                                          pna.statistics.select(1, 1),
                                          pna.statistics.select(1, 2),
                                          6 * (mean.square() + std.square()) / std},
                                         1);
      EXPECT_LE(((got - pna.statistics).abs() - bound).max().item<double>(), 0);
      EXPECT_TRUE(at::equal(won, pna.winner));
    }
}

TEST_F(OnDevice, GradientsOfMessagesAreThoseOfTheCpu) {
  const RelationalGraph graph = typed_graph();
  const DeviceCsr by_column(graph.adjacency().by_column());
  const auto chunks = static_cast<int64_t>(graph.chunks().size());
  const at::Tensor edges = at::empty({graph.adjacency().edges(), 3}, at::kInt),
                   ranges = at::empty({chunks, 3}, at::kLong),
                   chunk_ptr = at::zeros({kTypes + 1}, at::kLong);
  std::memcpy(edges.mutable_data_ptr(), graph.by_type().data(), edges.nbytes());
  std::memcpy(ranges.mutable_data_ptr(), graph.chunks().data(), ranges.nbytes());
  for (const TypeChunk& chunk : graph.chunks())
    for (int64_t t = chunk.type; t < kTypes; ++t) ++chunk_ptr.mutable_data_ptr<int64_t>()[t + 1];
  const OnDeviceCopy type(graph.type()), of_edges(edges), of_ranges(ranges), of_chunks(chunk_ptr);
  for (const Message message : {Message::DistMult, Message::TransE})
    for (const int64_t D : {1, 64, 100}) {
      const at::Tensor x = positive({kRows, D}, 1), r = positive({kTypes, D}, 2),
                       dout = positive({kRows, D}, 3);
      const OnDeviceCopy of_x(x), of_r(r), gradient(dout), dx(at::zeros({kRows, D})),
          partial(at::zeros({chunks, D})), dr(at::zeros({kTypes, D}));
      GradientArrays arrays = {by_column.arrays(),
                               type.as<int32_t>(),
                               of_edges.as<int32_t>(),
                               of_ranges.as<TypedRange>(),
                               of_x.as<float>(),
                               of_r.as<float>(),
                               gradient.as<float>(),
                               nullptr,
                               dx.as<float>(),
                               D,
                               message == Message::TransE};
      const RelationalGradients expected =
          relational_sum_backward_reference(graph, message, dout, x, r);
      check(sender_gradient_launch(arrays, kRows, nullptr));
      expect_near(dx, expected.x, longest(graph.adjacency().by_column()));
      arrays.out = partial.as<float>();
      check(type_gradient_launch(
          arrays, chunks, of_chunks.as<int64_t>(), kTypes, dr.as<float>(), nullptr));
      expect_near(dr, expected.r, graph.adjacency().edges());
    }
}

}  // namespace
}  // namespace saggio::kernels
