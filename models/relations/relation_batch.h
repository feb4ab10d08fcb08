// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "results/random.h"

// Questions about graphs of stated relations, as tensors that all models of this folder read.
//
// Letters: B questions, N people, M edges, R relations.
namespace saggio::models {

// One question: what is `target` to `source`?
struct RelationGraph {
  struct Edge {
    int64_t from = 0, to = 0, relation = 0;  // `to` is `relation` to `from`
  };
  int64_t people = 0;
  std::vector<Edge> edges;
  int64_t source = 0, target = 0, answer = 0;
};

struct RelationBatch {
  at::Tensor stated;  // [B, N, N, R] f32: parallel edges share the mass of 1
  at::Tensor edges;   // [B, M, 3] i64: from, to, relation; -1 beyond the edges of a graph
  at::Tensor exists;  // [B, N] f32: 0 beyond the people of a graph
  at::Tensor names;   // [B, N] i64 in [0, kNames): different ones, by chance; 0 beyond
  at::Tensor source, target, answer;  // [B] i64

  int64_t size() const { return stated.size(0); }
  int64_t people() const { return stated.size(1); }
};

// Names are marks without a meaning: more than any graph has people.
inline constexpr int64_t kNames = 32;

// N and M are those of the largest graph. Throws std::invalid_argument naming the graph, if there are
// none, or one has more than kNames people, or a person or relation is out of range, or an edge or
// question is about one person alone.
RelationBatch make_batch(std::span<const RelationGraph* const> graphs,
                         int64_t relations,
                         results::Stream& names);

}  // namespace saggio::models
