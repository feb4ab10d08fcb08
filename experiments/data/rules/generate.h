// SPDX-License-Identifier: MIT
#pragma once

#include "experiments/data/rules/problem.h"
#include "results/random.h"

// Problems as those of ProntoQA, of any length: somebody is of a kind, kinds are of other kinds, the
// last of a chain has a property or lacks it, and the question is whether somebody has it. Around
// the chain stand rules that lead nowhere: kinds and properties that branch off it, and others of
// whom the opposite of the answer holds. Exactly one of the two options follows, by one proof.
namespace saggio::data {

inline constexpr int kMostHops = 40;
inline constexpr int kMostAside = 80;

// `hops`: rules that the answer needs, 1..kMostHops. `aside`: rules that it does not need,
// 2..kMostAside. Throws std::invalid_argument for others.
RuleProblem generate_problem(const std::string& id, int hops, int aside, results::Stream& stream);

}  // namespace saggio::data
