// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "models/relations/leaves.h"
#include "models/relations/relation_model.h"

// Relations composed by one learned table, over all pairs of people at once. A table says what
// follows from "y is r to x" and "z is s to y"; it is a softmax, so a pair of relations may also make
// nothing. Learned from answers alone, it is used for as many rounds as a question needs.
//
// Letters: B questions, N people, R latent relations (those that are answers, and spare ones).
//   P [B, N, N, R]   P[u, v, r]: v is r to u; the sum over r, the mass, is at most 1
//   C [R, R, R]      C[r, s, q] = softmax over q and "nothing" of
//                      free[r, s] + W2 gelu(W1 [e_r ; e_s] + b1) + b2,   e of `width` numbers
//   round            M[u, v, q] = sum over w, r, s of P[u, w, r] P[w, v, s] C[r, s, q]
//                    M /= max(1, mass(M)),  M[u, u] = 0,  P += (1 - mass(P)) M
// Written once: a filled cell no longer changes, so that further rounds do nothing where all is
// known. A question reads log(P[source, target, q] + 1e-4) over the answers.
// The table is not free logits alone: those fit the training lengths and fall beyond them.
// A round costs 2 B N^3 R^2 + 2 B N^2 R^3 operations.
namespace saggio::models {

struct SoftCompositionOptions {
  int64_t relations = 20;  // that edges state and answers name
  int64_t spare = 4;
  int64_t width = 16;
  int64_t hidden = 128;

  void visit(auto& v) {
    v("spare", spare, "soft: latent relations besides those that are stated", {0, 100});
    v("width", width, "soft: numbers that stand for a relation", {1, 1000});
    v("hidden", hidden, "soft: width of the table's hidden layer", {1, 10000});
  }
};

// One relation made of two.
struct ComposedRelation {
  int64_t from = 0, via = 0, to = 0;            // people
  int64_t first = 0, second = 0, relation = 0;  // via to `from`, `to` to via, `to` to `from`
  double confidence = 0;                        // what the cell holds of it
};

// What the rounds make of P[source, target] -> [B, R]. Differentiable in both; of the last round
// only the cell that is asked for is computed. rounds >= 1
//   cells   [B, N, N, R]   P before the first round
//   table   [R, R, R]      C
at::Tensor compose(const at::Tensor& cells,
                   const at::Tensor& source,
                   const at::Tensor& target,
                   const at::Tensor& table,
                   int64_t rounds);

class SoftComposition : public RelationModel {
 public:
  SoftComposition(const SoftCompositionOptions& options, const results::Stream& init);

  const NamedTensors& parameters() const override { return parameters_; }
  at::Tensor logits(const RelationBatch& batch, int64_t rounds) const override;

  at::Tensor table() const;  // C

  // Where an answer comes from, premises first, the answer last: of what is in a cell the round that
  // brought most of it, of that round the person and the two relations that brought most. Empty if
  // the answer is stated or no mass of it is there.
  std::vector<ComposedRelation> derivation(const RelationGraph& graph,
                                           int64_t answer,
                                           int64_t rounds) const;

 private:
  int64_t latent() const { return options_.relations + options_.spare; }
  at::Tensor stated(const RelationBatch& batch) const;  // [B, N, N, R]

  SoftCompositionOptions options_;
  NamedTensors parameters_;
  at::Tensor free_;       // [R, R, R+1]
  at::Tensor embedding_;  // [R, width]
  Linear first_, second_;
};

}  // namespace saggio::models
