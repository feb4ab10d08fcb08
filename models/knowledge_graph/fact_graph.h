// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "kernels/relational.h"

// A knowledge graph as models of this folder read it: each fact (head, r, tail) is two edges, one
// of type r that its head receives and its tail sends, and the other way round one of the inverse
// type r + relations. That the head receives is ULTRA's convention (its product's rows are the
// heads), and with its published weights the other direction answers wrongly without a sign of it;
// a model that is trained here could have either, since types and inverse types swap.
//
// Letters beside those of named_tensors.h: N nodes, M facts, R relations without inverses, 2R types.
// Facts are [M, 3] i32 rows of head in [0, N), relation in [0, R), tail in [0, N); what is given
// twice is two edges. All throw std::invalid_argument for other types, shapes and values.
namespace saggio::models {

using SharedGraph = std::shared_ptr<const kernels::RelationalGraph>;

// N rows, 2M edges of 2R types; edge m is fact m, edge M + m its inverse. O(M + N).
SharedGraph fact_graph(const at::Tensor& facts, int64_t nodes, int64_t relations);

// What training must not see of the facts that it asks for.
enum class Removal {
  Facts,  // those facts
  Pairs   // every fact between head and tail of one of them, whatever relation and direction
};

// [K, 3] i32: `facts` without `hidden` [H, 3] i32, in order. O((M + H) log H).
at::Tensor without(const at::Tensor& facts, const at::Tensor& hidden, Removal removal);

// How types meet (Galkin et al. 2023, arXiv:2310.04562, section 4.1): 2R nodes, one for each type,
// and an edge of type 0, 1, 2 or 3 from type b to type a (a receives) where some node is head of
// both, tail of both, head of an a and tail of a b, tail of an a and head of a b. Its heads and
// tails are those of fact_graph()'s edges: head is who receives. 4 R^2 bytes besides the result.
SharedGraph relation_graph(const at::Tensor& facts, int64_t nodes, int64_t relations);

}  // namespace saggio::models
