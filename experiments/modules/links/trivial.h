// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "experiments/modules/links/task.h"
#include "models/triple_scorer.h"

// What a learned model has to beat: scorers that count.
namespace saggio::experiments {

// Knows nothing: every node scores 0, and the mean rank is that of chance.
class ConstantScorer : public models::TripleScorer {
 public:
  explicit ConstantScorer(const LinkTask& task) : nodes_(task.nodes()) {}
  at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) override;

 private:
  int64_t nodes_;
};

// A node scores the number of known facts of the relation that it is the tail of, whatever the head
// is.
class RelationFrequency : public models::TripleScorer {
 public:
  explicit RelationFrequency(const LinkTask& task);
  at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) override;

 private:
  at::Tensor counts_;  // [2 relations, nodes] f32
};

// Rules of one hop, "if (x, q, y) then (x, r, y)", q another relation or any inverse: a node scores
// the largest confidence of the rules whose premise is a known fact, 0 without one. A rule's
// confidence is the share of its premises in the training facts whose conclusion is one as well.
// Inverse and symmetric relations, which once made FB15k and WN18 look solved, are such rules
// (Dettmers et al. 2018, arXiv:1707.01476, section 5).
class OneHopRules : public models::TripleScorer {
 public:
  explicit OneHopRules(const LinkTask& task);
  at::Tensor scores(const at::Tensor& heads, const at::Tensor& relations) override;

 private:
  int64_t nodes_;
  at::Tensor confidence_;  // [2 relations, 2 relations] f32: premise q, conclusion r
  data::Answers known_;
};

}  // namespace saggio::experiments
