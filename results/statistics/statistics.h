// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

// The arithmetic behind every table and verdict (protocol: means over seeds, differences paired by
// seed). Pure functions of doubles. All throw std::invalid_argument, naming the argument, if a
// number is not finite, a level is not strictly between 0 and 1, or there are too few values.
// Resampling tests and intervals are in resampling.h.
namespace saggio::results {

struct Interval {
  double low, high;  // low <= high
};

double mean(std::span<const double> values);       // exactly the value if all are equal; needs one
double deviation(std::span<const double> values);  // sample standard deviation (n - 1); needs two

// Half the width of the t-interval of a mean of n >= 2 values with this sample deviation.
double half_width(double deviation, int n, double level);
Interval t_interval(std::span<const double> values, double level);  // of the mean; needs two

// Cohen's d_z: mean / deviation of paired differences. Differences that are all equal give 0 if
// they are 0, else +-infinity.
double effect_size(std::span<const double> differences);

// Pearson's, of pairs (a[i], b[i]): how much pairing buys. 0 if one side is constant, since pairing
// then buys nothing.
double correlation(std::span<const double> a, std::span<const double> b);

// Equivalence by two one-sided tests at 5 % (TOST): "no difference" holds if the 90 % interval lies
// inside (-s, s). This is the bound of the s at which it does: it holds for every s above, for none
// up to it.
double smallest_equivalence(const Interval& interval90);

// p-values corrected for their number (Holm 1979): the chance of one false alarm or more stays
// below alpha.
std::vector<double> holm(std::span<const double> p_values);

// Exact two-sided McNemar, of the items on which only the first, or only the second, was right.
double mcnemar_p(int64_t only_first, int64_t only_second);

// Wilson's score interval of a proportion (Wilson 1927); inside [0, 1] and never empty, unlike the
// normal one.
Interval wilson_interval(int64_t successes, int64_t trials, double level);

// The true mean difference, in standard deviations of the paired difference, that a two-sided
// t-test of n >= 2 pairs at `alpha` finds with probability `power` > alpha (noncentral t). Infinite
// if it exceeds 1,000 deviations: so few pairs find nothing at such an alpha.
double detectable_effect(int n, double alpha, double power = .8);

}  // namespace saggio::results
