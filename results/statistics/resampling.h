// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "results/random.h"
#include "results/statistics/statistics.h"

// Tests and intervals by resampling. What is drawn and what is computed from the draw are separate
// functions, so that a draw can be stored and the result compared with another package. Errors as
// in statistics.h.
namespace saggio::results {

inline constexpr int kExactPairs = 20;       // up to here all 2^n sign patterns are counted
inline constexpr int kPermutations = 10000;  // drawn beyond

// Two-sided sign-flip test of paired differences: how often a pattern of signs gives a sum at least
// as far from 0, if the two arms of a pair are exchangeable. Exact up to kExactPairs pairs; beyond,
// p = (1 + hits) / (1 + kPermutations), drawn from `stream`. Sums equal up to rounding count as
// equal, and pairs without a difference count in n.
//
// +-infinity stands for a pair in which one arm diverged, NaN is an error. Such a pair counts with
// the largest finite magnitude among the pairs (1 if that is 0 or there is none), against the arm
// that diverged: as bad as the worst that was seen. The magnitude does not depend on which arm it
// was, so the test stays exact. Where both arms diverged the difference to pass is 0.
double sign_flip_p(std::span<const double> differences, Stream stream = Stream(0));

// The differences as the test sees them: infinities replaced.
std::vector<double> tested_differences(std::span<const double> differences);

// `draws` rows of n signs, +1 or -1; and the p-value that given rows lead to.
std::vector<int8_t> draw_signs(size_t n, size_t draws, Stream stream);
double sign_flip_p(std::span<const double> differences, std::span<const int8_t> signs);

// The smallest p that sign_flip_p can give for n >= 1 pairs: 2 / 2^n, and 1 / (1 + kPermutations)
// beyond kExactPairs.
double smallest_sign_flip_p(int n);

// Bootstrap of a mean over items nested in seeds (accuracy on the questions of each run; or paired
// differences of it): seeds are drawn with replacement, then items within each drawn seed. The
// statistic is the mean of the seeds' means.
struct NestedDraw {
  std::vector<uint32_t> seeds;               // as many as there are
  std::vector<std::vector<uint32_t>> items;  // for each drawn seed, as many items as it has
};
using ItemsBySeed = std::span<const std::vector<double>>;

NestedDraw draw_nested(ItemsBySeed items, Stream& stream);
double nested_mean(ItemsBySeed items, const NestedDraw& draw);
Interval nested_bootstrap(ItemsBySeed items,
                          double level,
                          Stream stream,
                          int draws = 10000);  // percentile interval

// The quantile of a sample, with linear interpolation between its values (numpy's and R's default;
// a value beside an infinite one is infinite); and the interval that leaves (1 - level) / 2 of the sample out at each end.
double quantile(std::vector<double> values, double probability);
Interval percentile_interval(std::vector<double> values, double level);

}  // namespace saggio::results
