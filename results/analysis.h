// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/statistics.h"
#include "results/study_data.h"

// From runs to numbers: the mean of every arm with its interval, and every arm's paired difference to the baseline
// (protocol: pairs by seed, exact sign-flip p, Holm inside the family of all arms, diverged runs counted against their arm).
// Pure functions of StudyData.
namespace saggio::results {

struct Summary {
  int n = 0;                    // finished runs with a finite value
  int diverged = 0, failed = 0, missing = 0;  // of the planned seeds: never dropped silently
  double mean = 0, deviation = 0;             // sample standard deviation; 0 if n < 2
  std::optional<Interval> interval;           // t-interval of the mean at 1 - alpha; needs n >= 2
  std::vector<std::string> run_ids;           // the runs behind the number
};

struct Comparison {
  std::string arm, baseline;
  int pairs = 0;                 // seeds that both arms ran, diverged ones included
  int diverged = 0;              // pairs in which one arm diverged
  double difference = 0;         // mean of arm - baseline, or of ln(arm / baseline), over the finite pairs
  std::optional<Interval> interval;     // t-interval at 1 - alpha
  std::optional<Interval> equivalence;  // 90 % t-interval of the same difference (TOST at 5 %)
  double p = 1, p_holm = 1;      // two-sided sign-flip p, and corrected over the family
  double effect_size = 0;        // difference / standard deviation of the differences (Cohen's d_z)
  double correlation = 0;        // of the paired values; what pairing buys
  std::optional<double> smallest_equivalence;  // the smallest s at which "no difference" would hold
  bool better = false, worse = false;  // p_holm <= alpha, and the direction by the metric's goal
  std::string refused;           // why nothing was computed: "runs of two builds", "a log ratio needs positive values"
};

// One entry per arm, in order. `metric` may be any metric or ledger quantity that the runs carry.
std::vector<Summary> summarise(const StudyData& study, const std::string& metric);

// One entry per arm but the first, against the first, on study.metric.
std::vector<Comparison> compare_to_baseline(const StudyData& study);

// Any two arms, without a family (p_holm = p). `level` is the confidence of `interval`. Throws std::invalid_argument
// naming the arms there are if one is unknown.
Comparison compare(const StudyData& study, const std::string& arm, const std::string& baseline,
                   const Metric& metric, double level);

// The value of a metric or ledger quantity in one run; nullopt if it has none or did not finish.
std::optional<double> value(const RunResult& run, const std::string& metric);

}  // namespace saggio::results
