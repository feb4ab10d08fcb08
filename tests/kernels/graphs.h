// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/csr.h"
#include "results/random.h"

namespace saggio::kernels {

// Edges (row, column) as an Adjacency whose edge indices are shuffled, as those of a graph that is
// walked against its stored direction are.
inline Adjacency shuffled_graph(int64_t rows,
                                int64_t columns,
                                std::vector<std::pair<int64_t, int64_t>> edges,
                                uint64_t seed) {
  std::stable_sort(
      edges.begin(), edges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto M = static_cast<int64_t>(edges.size());
  const Csr csr = {at::zeros({rows + 1}, at::kLong),
                   at::empty({M}, at::kInt),
                   at::arange(M, at::kInt).contiguous()};
  int32_t* index = csr.edge.mutable_data_ptr<int32_t>();
  results::Stream stream(seed);
  for (int64_t e = M - 1; e > 0; --e)
    std::swap(index[e], index[stream.below(static_cast<uint64_t>(e) + 1)]);
  for (int64_t e = 0; e < M; ++e) {
    ++csr.row_ptr.mutable_data_ptr<int64_t>()[edges[static_cast<size_t>(e)].first + 1];
    csr.col.mutable_data_ptr<int32_t>()[e] =
        static_cast<int32_t>(edges[static_cast<size_t>(e)].second);
  }
  return with_transpose({csr.row_ptr.cumsum(0).contiguous(), csr.col, csr.edge}, columns);
}

// Rows of 0 to 60 edges, most short, some empty; each row in seven has a loop, and parallel edges
// are everywhere, since columns repeat.
inline Adjacency random_graph(int64_t rows, int64_t columns, uint64_t seed) {
  results::Stream stream(seed);
  std::vector<std::pair<int64_t, int64_t>> edges;
  for (int64_t i = 0; i < rows; ++i) {
    const uint64_t kind = stream.below(5);
    const uint64_t degree = kind == 0 ? 0 : kind == 1 ? stream.below(61) : stream.below(6);
    for (uint64_t k = 0; k < degree; ++k)
      edges.emplace_back(i, stream.below(static_cast<uint64_t>(columns)));
    if (i % 7 == 1 && i < columns) edges.insert(edges.end(), {{i, i}, {i, i}});
  }
  return shuffled_graph(rows, columns, std::move(edges), seed + 1);
}

}  // namespace saggio::kernels
