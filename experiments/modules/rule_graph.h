// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "experiments/data/rules/problem.h"
#include "graph/store/store.h"

// What a run thought of problems of deduction, as a reasoning graph.
namespace saggio::experiments {

struct AskedRules {
  const data::RuleProblem* problem = nullptr;
  std::optional<size_t> said;  // an option
  bool is_proved = false;      // rather than guessed
};

// Adds, for each problem, and commits:
//
//   ID/Max       entity                                     an individual
//   fact:...     evidence, claims and steps                 the proof of what is said, if it was
//                                                           proved, as graph::write_proofs keeps it
//   question ID  --mentions--> whom it is about             its options are its qualifiers
//   said ID      --answers--> question ID                   supported if it is right, else refuted;
//                what was proved --supports--> said ID
//   truth ID     --answers--> question ID, --contradicts--> said ID         only where it was wrong
// A fact's source is the sentence that says it: "ID:3" is the third.
void tell(std::span<const AskedRules> asked, uint64_t seed, graph::Store& graph);

}  // namespace saggio::experiments
