// SPDX-License-Identifier: MIT
#include "results/statistics/ranking.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace saggio::results {
namespace {

void check(const Standing& standing) {
  const auto [above, equal, others] = standing;
  if (above < 0 || equal < 0 || others < above || others - above < equal)
    throw std::invalid_argument(fmt::format(
        "a standing has {} above and {} equal of {} others, allowed >= 0 and no more than "
        "the others together",
        above,
        equal,
        others));
}

void check_queries(std::span<const Standing> standings) {
  if (standings.empty()) throw std::invalid_argument("standings has 0 queries, needs one");
  for (const Standing& standing : standings) check(standing);
}

void check_candidate(int64_t candidate, size_t candidates, const char* what) {
  if (candidate < 0 || candidate >= static_cast<int64_t>(candidates))
    throw std::invalid_argument(fmt::format(
        "{} is {}, allowed 0 to {}", what, candidate, static_cast<int64_t>(candidates) - 1));
}

// P(at most k - 1 of n draws hit), each with probability p.
double binomial_below(int64_t k, int64_t n, double p) {
  if (p <= 0) return 1;
  if (p >= 1) return k > n ? 1 : 0;
  double sum = 0;
  const auto trials = static_cast<double>(n);
  for (int64_t i = 0; i < k && i <= n; ++i) {
    const auto hits = static_cast<double>(i);
    const double log_ways =
        std::lgamma(trials + 1) - std::lgamma(hits + 1) - std::lgamma(trials - hits + 1);
    sum += std::exp(log_ways + hits * std::log(p) + (trials - hits) * std::log1p(-p));
  }
  return sum;
}

}  // namespace

Standing filtered_standing(std::span<const float> scores,
                           int64_t truth,
                           std::span<const int32_t> other_truths) {
  check_candidate(truth, scores.size(), "truth");
  std::vector<char> counts(scores.size(), 1);
  counts[static_cast<size_t>(truth)] = 0;
  for (const int32_t other : other_truths) {
    check_candidate(other, scores.size(), "an other truth");
    counts[static_cast<size_t>(other)] = 0;
  }
  const float own = scores[static_cast<size_t>(truth)];
  Standing standing;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i]))
      throw std::invalid_argument(fmt::format("the score of candidate {} is not a number", i));
    if (counts[i] == 0) continue;
    ++standing.others;
    standing.above += scores[i] > own;
    standing.equal += scores[i] == own;
  }
  return standing;
}

double rank(const Standing& standing, Ties ties) {
  check(standing);
  const auto above = static_cast<double>(standing.above),
             equal = static_cast<double>(standing.equal);
  return 1 + above + (ties == Ties::Mean ? equal / 2 : equal);
}

RankSummary rank_summary(std::span<const Standing> standings, Ties ties) {
  check_queries(standings);
  RankSummary summary{.queries = static_cast<int64_t>(standings.size())};
  for (const Standing& standing : standings) {
    summary.mean_rank += rank(standing, ties);
    summary.mean_reciprocal_rank += 1 / rank(standing, ties);
  }
  summary.mean_rank /= static_cast<double>(standings.size());
  summary.mean_reciprocal_rank /= static_cast<double>(standings.size());
  return summary;
}

double hits_at(std::span<const Standing> standings, int64_t k, Ties ties) {
  check_queries(standings);
  if (k < 1) throw std::invalid_argument(fmt::format("k is {}, allowed >= 1", k));
  int64_t hits = 0;
  for (const Standing& standing : standings) hits += rank(standing, ties) <= static_cast<double>(k);
  return static_cast<double>(hits) / static_cast<double>(standings.size());
}

double hits_of_sample(std::span<const Standing> standings, int64_t k, int64_t sample, Ties ties) {
  check_queries(standings);
  if (k < 1 || k > sample)
    throw std::invalid_argument(fmt::format("k is {}, allowed 1 to the sample of {}", k, sample));
  double sum = 0;
  for (const Standing& standing : standings) {
    if (standing.others == 0)
      throw std::invalid_argument("a query has no candidate but the truth, needs one to draw");
    const auto others = static_cast<double>(standing.others);
    const int64_t first = ties == Ties::Mean ? 0 : standing.equal;
    double chance = 0;
    for (int64_t lost = first; lost <= standing.equal; ++lost)
      chance += binomial_below(k, sample - 1, static_cast<double>(standing.above + lost) / others);
    sum += chance / static_cast<double>(standing.equal - first + 1);
  }
  return sum / static_cast<double>(standings.size());
}

}  // namespace saggio::results
