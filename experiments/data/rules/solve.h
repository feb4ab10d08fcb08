// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "experiments/data/rules/problem.h"
#include "graph/reasoning/closure.h"

// Problems of deduction solved by forward chaining, which is exact: what a model that reads or
// reasons has to reach.
namespace saggio::data {

struct RuleSolution {
  graph::FactBase base;
  graph::Closure closure;               // of the problem's book
  std::vector<size_t> follow;           // the options that follow
  std::optional<size_t> answer;         // the only one that does
  std::vector<graph::FactIndex> proof;  // of the answer: facts, premises first
};
// The individuals are nodes 0, 1, ...
RuleSolution solve(const RuleProblem& problem);
// As `nodes` numbers them, which has one for each: those of a view, so that write_proofs can be
// asked to keep the proof.
RuleSolution solve(const RuleProblem& problem, std::span<const graph::NodeIndex> nodes);

// The only option that a proof of at most so many rules on top of each other gives: what a reader
// says who gives up early.
std::optional<size_t> answer_within(const RuleProblem& problem,
                                    const RuleSolution& solution,
                                    int hops);

// Whether the solution's proof uses the sentences that the published one uses, and no others.
bool has_published_premises(const RuleProblem& problem, const RuleSolution& solution);

}  // namespace saggio::data
