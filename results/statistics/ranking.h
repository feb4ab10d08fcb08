// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

// How well scores put the true answer of a query above the others: link prediction's metrics. A
// query is (head, relation, ?) or (?, relation, tail), its candidates all entities; filtered
// (Bordes et al. 2013, "Translating embeddings", section 4.2) means that the other true answers do
// not count. The standing of the truth is counted once; what a tie is worth is decided after that,
// since a scorer that says the same of everything must not look good (Sun et al. 2020,
// arXiv:1911.03903). All throw std::invalid_argument naming the argument.
namespace saggio::results {

// Where the truth stands among the candidates that count.
struct Standing {
  int64_t above = 0;   // candidates with a higher score
  int64_t equal = 0;   // others with the same score
  int64_t others = 0;  // candidates but the truth; >= above + equal

  friend bool operator==(const Standing&, const Standing&) = default;
};

//   scores   of all candidates, higher is better; infinities are numbers here, NaN is refused
//   truth    in [0, scores)
//   other_truths  in [0, scores), in any order; twice, or the truth itself, is fine
// O(scores + other_truths).
Standing filtered_standing(std::span<const float> scores,
                           int64_t truth,
                           std::span<const int32_t> other_truths);

enum class Ties {
  Mean,  // the mean of the best and the worst rank ("realistic", Berrendorf et al. 2020,
         // arXiv:2002.06914; PyKEEN's): 1 + above + equal / 2
  Worst  // every tie is lost, as ULTRA and NBFNet count: 1 + above + equal
};

double rank(const Standing& standing, Ties ties);

struct RankSummary {
  int64_t queries = 0;
  double mean_rank = 0;
  double mean_reciprocal_rank = 0;  // of the rank that `ties` gives
};
// Both directions' standings together, each a query. Needs one.
RankSummary rank_summary(std::span<const Standing> standings, Ties ties);

// The share of ranks <= k, k >= 1.
double hits_at(std::span<const Standing> standings, int64_t k, Ties ties);

// The expected share of ranks <= k if the truth is ranked among `sample` candidates, itself and
// sample - 1 others drawn with replacement (Teru et al. 2020, arXiv:1911.06962, section 4: of
// GraIL's 50 "negatives" the first is the truth). With p the share of others that beat the truth
// this is the sum over i < k of C(n, i) p^i (1-p)^(n-i), n = sample - 1: NBFNet's estimate (Zhu et
// al. 2021, arXiv:2106.06935), without the noise of the draw. Ties::Mean takes the mean over where
// the truth may stand among its equals, Ties::Worst loses them all. 1 <= k <= sample; every query
// has an other.
double hits_of_sample(std::span<const Standing> standings, int64_t k, int64_t sample, Ties ties);

}  // namespace saggio::results
