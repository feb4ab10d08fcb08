// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "kernels/csr_edges.h"
#include "results/random.h"
#include "tests/kernels/graphs.h"

namespace saggio::models {

// The matrix whose entry (i, j) is the sum of the weights of its edges, in double.
inline at::Tensor dense(const kernels::Adjacency& a, const at::Tensor& weight = {}) {
  at::Tensor matrix = at::zeros({a.rows(), a.columns()}, at::kDouble);
  kernels::for_edges(a.by_row(), [&](int64_t index, int64_t i, int64_t j) {
    matrix[i][j] += weight.defined() ? weight[index].item<double>() : 1.;
  });
  return matrix;
}

// Both ways for each edge, a loop at each node in seven and parallel edges: a graph that is its own
// transpose.
inline kernels::Adjacency symmetric_graph(int64_t nodes, int64_t pairs, uint64_t seed) {
  results::Stream stream(seed);
  std::vector<std::pair<int64_t, int64_t>> edges;
  const auto node = [&] { return static_cast<int64_t>(stream.below(uint64_t(nodes))); };
  for (int64_t k = 0; k < pairs; ++k) {
    const int64_t u = node(), v = node();
    if (u == v) continue;
    for (uint64_t copies = 1 + (stream.below(6) == 0); copies > 0; --copies)
      edges.insert(edges.end(), {{u, v}, {v, u}});
  }
  for (int64_t i = 0; i < nodes; i += 7) edges.emplace_back(i, i);
  return kernels::shuffled_graph(nodes, nodes, std::move(edges), seed + 1);
}

}  // namespace saggio::models
