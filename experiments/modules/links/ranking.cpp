// SPDX-License-Identifier: MIT
#include "experiments/modules/links/ranking.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>

namespace saggio::experiments {
namespace {

using data::Query;
using results::Standing;
using results::Ties;

// A question that a fact asks, and where its answer's standing goes.
struct Asked {
  Query query;
  int32_t truth = 0;
  Standing* standing = nullptr;
};

std::vector<Standing> standings(std::span<const RankedFact> ranked, bool tails, bool heads) {
  std::vector<Standing> chosen;
  for (const RankedFact& fact : ranked) {
    if (tails) chosen.push_back(fact.tail);
    if (heads) chosen.push_back(fact.head);
  }
  return chosen;
}

}  // namespace

void for_each_question(models::TripleScorer& scorer,
                       std::span<const Query> questions,
                       int64_t batch,
                       const std::function<void(size_t question, std::span<const float>)>& look) {
  const auto most = static_cast<size_t>(batch);
  for (size_t begin = 0; begin < questions.size(); begin += most) {
    const auto part = questions.subspan(begin, std::min(most, questions.size() - begin));
    std::vector<int64_t> heads, relations;
    for (const Query& query : part) {
      heads.push_back(query.node);
      relations.push_back(query.relation);
    }
    const at::Tensor scores =
        scorer.scores(at::tensor(heads, at::kLong), at::tensor(relations, at::kLong)).contiguous();
    const auto nodes = static_cast<size_t>(scores.size(1));
    for (size_t i = 0; i < part.size(); ++i)
      look(begin + i, std::span<const float>(scores.data_ptr<float>() + i * nodes, nodes));
  }
}

std::vector<RankedFact> rank_facts(models::TripleScorer& scorer,
                                   std::span<const data::Triple> facts,
                                   const data::Answers& known,
                                   int64_t batch) {
  std::vector<RankedFact> ranked;
  for (const data::Triple& fact : facts) ranked.push_back({fact, {}, {}});
  std::vector<Asked> asked;
  for (RankedFact& fact : ranked) {
    asked.push_back({data::tail_query(fact.fact), fact.fact.tail, &fact.tail});
    asked.push_back({data::head_query(fact.fact, known.relations()), fact.fact.head, &fact.head});
  }
  std::sort(asked.begin(), asked.end(), [](const Asked& one, const Asked& other) {
    return one.query < other.query;
  });
  std::vector<Query> questions;
  std::vector<size_t> begins;  // of each question in `asked`
  for (size_t i = 0; i < asked.size(); ++i) {
    if (i > 0 && asked[i].query == asked[i - 1].query) continue;
    questions.push_back(asked[i].query);
    begins.push_back(i);
  }
  begins.push_back(asked.size());
  for_each_question(scorer, questions, batch, [&](size_t question, std::span<const float> scores) {
    for (size_t i = begins[question]; i < begins[question + 1]; ++i)
      *asked[i].standing =
          results::filtered_standing(scores, asked[i].truth, known.of(questions[question]));
  });
  return ranked;
}

std::map<std::string, double> ranking_metrics(std::span<const RankedFact> ranked, Ties ties) {
  const std::vector<Standing> both = standings(ranked, true, true);
  const results::RankSummary summary = results::rank_summary(both, ties);
  std::map<std::string, double> metrics = {
      {"mrr", summary.mean_reciprocal_rank},
      {"mean_rank", summary.mean_rank},
      {"hits_at_10_of_50", results::hits_of_sample(both, 10, 50, ties)}};
  for (const int64_t k : {1, 3, 10})
    metrics[fmt::format("hits_at_{}", k)] = results::hits_at(both, k, ties);
  for (const auto& [name, tails] : {std::pair("mrr_tail", true), std::pair("mrr_head", false)})
    metrics[name] =
        results::rank_summary(standings(ranked, tails, !tails), ties).mean_reciprocal_rank;
  return metrics;
}

}  // namespace saggio::experiments
