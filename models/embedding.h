// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "models/named_tensors.h"
#include "models/triple_scorer.h"
#include "results/random.h"

// Facts scored by vectors of their parts alone: one of each node, one of each relation and of each
// inverse. With h, t a node's vector, r a relation's, and D numbers (complex: D pairs) in each:
//
//   transe    - |h + r - t|_1                         Bordes et al. 2013, "Translating embeddings"
//   distmult  sum h r t                               Yang et al. 2015, arXiv:1412.6575
//   complex   Re sum h r conj(t), complex numbers     Trouillon et al. 2016, arXiv:1606.06357
//   rotate    - |h r - t|_2, complex, every |r| = 1   Sun et al. 2019, arXiv:1902.10197, eq. 3; the
//             authors' code adds moduli instead, PyKEEN takes this norm of them as here
//
// No norms are fixed besides rotate's |r|, nothing is regularised: what the papers add to that is
// the trainer's choice. Inverses have vectors of their own (Lacroix et al. 2018, arXiv:1806.07297),
// so a question about a head is one about a tail.
namespace saggio::models {

struct EmbeddingOptions {
  int64_t width = 64;
  double deviation = 0.1;

  void visit(auto& v) {
    v("width", width, "numbers in a vector; complex, rotate: pairs of numbers", {1, 4096});
    v("deviation", deviation, "of the normal initial values", {1e-6, 10});
  }
};

class Embedding : public TripleScorer {
 public:
  // `kind` is transe, distmult, complex or rotate; anything else throws std::invalid_argument.
  Embedding(const std::string& kind,
            const EmbeddingOptions& options,
            int64_t nodes,
            int64_t relations,
            const results::Stream& init);

  at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) override;

  // The same with gradients.
  at::Tensor forward(const at::Tensor& heads, const at::Tensor& relations) const;

  NamedTensors parameters() const;  // share memory
  // Brings rotate's relations back to |r| = 1, after each step; does nothing for the others.
  void constrain();

 private:
  enum class Kind { Transe, Distmult, Complex, Rotate };
  static Kind kind_of(const std::string& name);

  Kind kind_;
  at::Tensor nodes_;      // [nodes, D] or [nodes, 2 D]: real parts, then imaginary ones
  at::Tensor relations_;  // [2 relations, the same]
};

// Mean over questions of the cross-entropy between softmax(scores) and equal shares for all answers
// ("1 vs all"; Lacroix et al. 2018): what PyKEEN's LCWA loop does with its CrossEntropyLoss.
//   scores  [b, nodes] f32
//   truths  [b, nodes] f32    1 where a node answers the question, else 0; one at least
at::Tensor answer_loss(const at::Tensor& scores, const at::Tensor& truths);

}  // namespace saggio::models
