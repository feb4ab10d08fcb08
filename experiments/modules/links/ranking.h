// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "experiments/data/answers.h"
#include "models/triple_scorer.h"
#include "results/statistics/ranking.h"

// Filtered ranking of facts (results/statistics/ranking.h), both directions.
namespace saggio::experiments {

struct RankedFact {
  data::Triple fact;
  results::Standing tail, head;  // of its tail for (head, r, ?), of its head for (?, r, tail)
};

// Asks the scorer every question once, `batch` of them at a time, in the order of their numbers.
// `known` is what does not count against a truth, besides itself.
std::vector<RankedFact> rank_facts(models::TripleScorer& scorer,
                                   std::span<const data::Triple> facts,
                                   const data::Answers& known,
                                   int64_t batch);

// Calls `look` with each question and its scores [nodes]. What rank_facts does, for others.
void for_each_question(models::TripleScorer& scorer,
                       std::span<const data::Query> questions,
                       int64_t batch,
                       const std::function<void(size_t question, std::span<const float>)>& look);

// "mrr", "hits_at_1", "hits_at_3", "hits_at_10", "mean_rank", "hits_at_10_of_50" over both
// directions' questions, and "mrr_tail", "mrr_head" over one's.
std::map<std::string, double> ranking_metrics(std::span<const RankedFact> ranked,
                                              results::Ties ties);

}  // namespace saggio::experiments
