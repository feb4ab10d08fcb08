// SPDX-License-Identifier: MIT
#include "models/relations/relation_batch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

namespace saggio::models {
namespace {

void check(const RelationGraph& graph, size_t index, int64_t relations) {
  if (!(graph.people >= 2 && graph.people <= kNames))
    throw std::invalid_argument(
        fmt::format("graph {}: {} people, allowed 2..{}", index, graph.people, kNames));
  const auto check_one = [&](std::string_view what, int64_t from, int64_t to, int64_t relation) {
    const auto is_person = [&](int64_t i) { return i >= 0 && i < graph.people; };
    const bool is_relation = relation >= 0 && relation < relations;
    if (is_person(from) && is_person(to) && from != to && is_relation) return;
    throw std::invalid_argument(
        fmt::format("graph {}: {} ({}, {}) of relation {}: allowed are two different people in "
                    "0..{} and relations in 0..{}",
                    index,
                    what,
                    from,
                    to,
                    relation,
                    graph.people - 1,
                    relations - 1));
  };
  for (const auto& [from, to, relation] : graph.edges) check_one("edge", from, to, relation);
  check_one("question", graph.source, graph.target, graph.answer);
}

// Writes one question into row b of all tensors.
void put(const RelationGraph& graph, int64_t b, RelationBatch& batch, results::Stream& names) {
  auto stated = batch.stated.accessor<float, 4>();
  auto edges = batch.edges.accessor<int64_t, 3>();
  int64_t m = 0;
  for (const auto& [from, to, relation] : graph.edges) {
    stated[b][from][to][relation] += 1;
    edges[b][m][0] = from, edges[b][m][1] = to, edges[b][m][2] = relation;
    ++m;
  }
  std::array<int64_t, kNames> drawn;
  std::iota(drawn.begin(), drawn.end(), 0);
  names.shuffle(std::span<int64_t>(drawn));
  for (int64_t i = 0; i < graph.people; ++i) {
    batch.names.accessor<int64_t, 2>()[b][i] = drawn[static_cast<size_t>(i)];
    batch.exists.accessor<float, 2>()[b][i] = 1;
  }
  batch.source.data_ptr<int64_t>()[b] = graph.source;
  batch.target.data_ptr<int64_t>()[b] = graph.target;
  batch.answer.data_ptr<int64_t>()[b] = graph.answer;
}

}  // namespace

RelationBatch make_batch(std::span<const RelationGraph* const> graphs,
                         int64_t relations,
                         results::Stream& names) {
  if (graphs.empty()) throw std::invalid_argument("a batch of no graphs, allowed: one or more");
  const auto B = static_cast<int64_t>(graphs.size());
  int64_t N = 0, M = 0;
  for (size_t b = 0; b < graphs.size(); ++b) {
    check(*graphs[b], b, relations);
    N = std::max(N, graphs[b]->people);
    M = std::max(M, static_cast<int64_t>(graphs[b]->edges.size()));
  }
  RelationBatch batch{at::zeros({B, N, N, relations}),
                      at::full({B, M, 3}, -1, at::kLong),
                      at::zeros({B, N}),
                      at::zeros({B, N}, at::kLong),
                      at::empty({B}, at::kLong),
                      at::empty({B}, at::kLong),
                      at::empty({B}, at::kLong)};
  for (int64_t b = 0; b < B; ++b) put(*graphs[static_cast<size_t>(b)], b, batch, names);
  batch.stated /= batch.stated.sum(-1, /*keepdim=*/true).clamp_min(1);
  return batch;
}

}  // namespace saggio::models
