// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

// What scores facts of a knowledge graph: link prediction asks it for the tails of (head, relation,
// ?) and, by the inverse relation, for the heads of (?, relation, tail). Whatever the model is, its
// evaluation sees this and nothing more.
namespace saggio::models {

class TripleScorer {
 public:
  virtual ~TripleScorer() = default;

  // Scores of every node as the tail of (head, relation, ?), higher is better; relation r +
  // relations is the inverse of r: (?, r, head). Called without gradients, in evaluation mode.
  //   heads      [b] i64 in [0, nodes)
  //   relations  [b] i64 in [0, 2 relations)
  // Returns      [b, nodes] f32
  virtual at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) = 0;
};

}  // namespace saggio::models
