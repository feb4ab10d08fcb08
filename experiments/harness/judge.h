// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "experiments/harness/study.h"
#include "results/statistics/verdict.h"
#include "results/study_data.h"

// From a claim and what its study found to a verdict. The rules are in
// results/statistics/verdict.h; here the numbers that they need are picked out of the study.
namespace saggio::harness {

struct Judgement {
  results::Verdict verdict;
  std::string words;   // one sentence: the verdict, its scale, the numbers, the rule
  std::string advice;  // what would decide it: "11 pairs at this mean and spread"; may be empty
};

// `sharing` is the number of claims that the study is used for: the level is 1 - alpha / sharing.
// Throws std::invalid_argument naming an arm, a metric or a quantity that the study has not.
Judgement judge_claim(const Claim& claim, const results::StudyData& study, int sharing);

}  // namespace saggio::harness
