// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/data/relations/question.h"
#include "graph/store/store.h"

// What a run thought of some held-out questions about relations, as a reasoning graph.
namespace saggio::experiments {

struct AskedRelation {
  const data::RelationQuestion* question = nullptr;
  std::optional<int32_t> said;
  double probability = 0;                 // of what is said, by who says it
  std::string method;                     // of the probability: "softmax"
  std::vector<data::MadeRelation> steps;  // premises first, the answer last; none: not told
};

// Adds, for question i, and commits:
//
//   i/NAME  entity                                            somebody of the story
//   i: bob is the father of ann  evidence --mentions--> both  a stated edge
//   a step, which two facts derive, and which derives
//   i: cid is the grandfather of ann  claim                   a made relation, with its confidence
//   question i  --mentions--> whoever it is about; its qualifier "k" says how many facts it needs
//   said i      --answers--> question i                       supported if it is right, else refuted;
//               the last fact --supports--> said i            where steps, or an edge, say so
//   truth i     --answers--> question i, --contradicts--> said i       only where it was wrong
void tell(std::span<const AskedRelation> asked, uint64_t seed, graph::Store& graph);

}  // namespace saggio::experiments
