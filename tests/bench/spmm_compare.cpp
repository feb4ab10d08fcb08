// SPDX-License-Identifier: MIT
// A sparse matrix times a dense one beside LibTorch's ways to do it, in one process, taking turns: a
// Kronecker graph with a weight on each edge, features of several widths. Milliseconds (least and
// median), bytes per second if every gathered row came from memory (8 + 4 D bytes an edge, 4 D a
// row), the share of a copy's bandwidth, and how many times as long a peer takes.
//
//   spmm_compare [--smoke] [REPETITIONS [THREADS]]      --smoke: a small graph, to see that all runs
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <malloc.h>

#include <cstdlib>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kernels/spmm.h"
#include "tests/bench/contest.h"
#include "tests/graph/algorithms/edge_list.h"

namespace saggio::kernels {
namespace {

struct Graph {
  Adjacency adjacency;
  at::Tensor row, col, weight;  // [M] i64, i64, f32 for the peers, who know no i32 beside i64
};

Graph kronecker_graph(int scale) {
  const graph::EdgeList list = graph::kronecker(scale, 16);
  const auto M = static_cast<int64_t>(list.arcs.size());
  const at::Tensor row = at::empty({M}, at::kLong), col = at::empty({M}, at::kInt);
  for (int64_t e = 0; e < M; ++e) {
    const graph::Arc& arc = list.arcs[static_cast<size_t>(e)];
    row.mutable_data_ptr<int64_t>()[e] = arc.source;
    col.mutable_data_ptr<int32_t>()[e] = arc.target;
  }
  const at::Tensor row_ptr =
      at::searchsorted(row, at::arange(int64_t{list.nodes} + 1, at::kLong)).contiguous();
  return {with_transpose({row_ptr, col, {}}, list.nodes),
          row,
          col.to(at::kLong),
          at::linspace(.5, 1.5, M, at::kFloat)};
}

// Two sums of d products, each in an order of its own, differ by at most (d + 1) eps of the sum of
// their magnitudes.
void check_peer(const std::string& name,
                const Graph& graph,
                const at::Tensor& x,
                const at::Tensor& got) {
  const Adjacency& a = graph.adjacency;
  const at::Tensor ours = spmm(a, Aggregate::Sum, x, graph.weight).out,
                   size = spmm(a, Aggregate::Sum, x.abs(), graph.weight).out,
                   terms = (a.by_row().row_ptr.diff() + 1).to(at::kFloat).unsqueeze(-1);
  const at::Tensor bound = size * terms * std::numeric_limits<float>::epsilon();
  if (!((got - ours).abs() <= bound).all().item<bool>())
    throw std::runtime_error(
        fmt::format("spmm_compare: {} differs from ours by more than rounding", name));
}

std::vector<Contender> peers(const Graph& graph, const at::Tensor& x) {
  const int64_t N = graph.adjacency.rows();
  const at::Tensor csr = at::sparse_csr_tensor(graph.adjacency.by_row().row_ptr,
                                               graph.col,
                                               graph.weight,
                                               {N, N},
                                               graph.weight.options().layout(at::kSparseCsr));
  const at::Tensor coo =
      at::sparse_coo_tensor(at::stack({graph.row, graph.col}), graph.weight, {N, N}).coalesce();
  const auto by_messages = [graph, x, N] {
    return at::zeros({N, x.size(1)})
        .index_add_(0, graph.row, x.index_select(0, graph.col) * graph.weight.unsqueeze(-1));
  };
  check_peer("CSR", graph, x, at::mm(csr, x));
  check_peer("COO", graph, x, at::mm(coo, x));
  check_peer("index_add", graph, x, by_messages());
  return {{"LibTorch CSR", [csr, x] { at::mm(csr, x); }},
          {"LibTorch COO", [coo, x] { at::mm(coo, x); }},
          {"index_select, index_add", [by_messages] { by_messages(); }}};
}

Contest contest(const Graph& graph, int64_t D) {
  const Adjacency& a = graph.adjacency;
  const double bytes = static_cast<double>(a.edges() * (8 + 4 * D) + a.rows() * 4 * D);
  const at::Tensor x = at::linspace(-1, 1, a.columns() * D, at::kFloat).view({-1, D});
  Contest result = {fmt::format("{} rows, {} edges, width {}", a.rows(), a.edges(), D),
                    bytes,
                    {copy_of(bytes), {"ours, sum", [=, &graph] {
                                        spmm(graph.adjacency, Aggregate::Sum, x, graph.weight);
                                      }}}};
  for (Contender& peer : peers(graph, x)) result.contenders.push_back(std::move(peer));
  const at::Tensor winner = spmm(a, Aggregate::Max, x, graph.weight).winner;
  const auto also = [&](const char* name, std::function<void()> run) {
    result.contenders.push_back({name, std::move(run)});
  };
  also("ours, max", [=, &graph] { spmm(graph.adjacency, Aggregate::Max, x, graph.weight); });
  also("ours, sum, gradient of x",
       [=, &graph] { spmm_backward_x(graph.adjacency, Aggregate::Sum, x, graph.weight); });
  also("ours, max, gradient of x",
       [=, &graph] { spmm_backward_x(graph.adjacency, Aggregate::Max, x, graph.weight, winner); });
  also("ours, gradient of weights",
       [=, &graph] { spmm_backward_weight(graph.adjacency, Aggregate::Sum, x, x); });
  return result;
}

void print(const Contest& contest, const std::vector<Times>& times) {
  fmt::print("\n{}\n{:26}{:>10}{:>10}{:>8}{:>9}{:>9}\n",
             contest.title,
             "",
             "least ms",
             "median",
             "GB/s",
             "of copy",
             "/ ours");
  for (size_t i = 0; i < times.size(); ++i)
    fmt::print("{:26}{:10.2f}{:10.2f}{:8.1f}{:8.0f}%{:8.2f}x\n",
               contest.contenders[i].name,
               times[i].least_ms,
               times[i].median_ms,
               contest.bytes / times[i].least_ms / 1e6,
               100 * times[0].least_ms / times[i].least_ms,
               times[i].least_ms / times[1].least_ms);
}

void compare(bool smoke, int repetitions, int threads) {
  at::set_num_threads(threads);
  const Graph graph = kronecker_graph(smoke ? 8 : 18);
  for (const int64_t D : {16, 64, 128}) {
    const Contest one = contest(graph, D);
    print(one, measure(one, repetitions));
  }
}

}  // namespace
}  // namespace saggio::kernels

int main(int argc, char** argv) {
  // For all of them, as in saggio-worker: freed memory is kept, tensors lie on huge pages.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);
  setenv("THP_MEM_ALLOC_ENABLE", "1", /*overwrite=*/0);
  const bool smoke = argc > 1 && std::string(argv[1]) == "--smoke";
  const auto number = [&](int at, int otherwise) {
    return argc > at + smoke ? std::atoi(argv[at + smoke]) : otherwise;
  };
  const int repetitions = number(1, smoke ? 1 : 9), threads = number(2, 2);
  if (repetitions < 1 || threads < 1) {
    fmt::print(
        stderr, "error: {} repetitions on {} threads, allowed 1 and above\n", repetitions, threads);
    return 2;
  }
  saggio::kernels::compare(smoke, repetitions, threads);
  return 0;
}
