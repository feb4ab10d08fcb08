// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/statistics/statistics.h"
#include "results/statistics/verdict.h"
#include "results/study_data.h"

// From runs to numbers: the mean of every arm with its interval, and every arm's paired difference
// to the baseline (protocol: pairs by seed, exact sign-flip p, Holm inside the family of all arms,
// diverged runs counted against their arm). Pure functions of StudyData. An arm with two runs of
// one seed is std::invalid_argument.
namespace saggio::results {

// A run that finished without a finite value has diverged; one that ran out of its time has failed
// to finish; one that was stopped, or finished without the quantity, is missing.
struct Summary {
  int n = 0;                                  // finished runs with a finite value
  int diverged = 0, failed = 0, missing = 0;  // of the planned seeds: never dropped silently
  double mean = 0, deviation = 0;             // sample standard deviation; 0 if n < 2
  std::optional<Interval> interval;           // t-interval of the mean at 1 - alpha; needs n >= 2
  std::vector<std::string> run_ids;           // the runs behind the number
};

struct Comparison {
  std::string arm, baseline;
  int pairs = 0;          // seeds that both arms ran, diverged ones included
  int diverged = 0;       // pairs in which one arm diverged, or both
  double difference = 0;  // mean of arm - baseline, or of ln(arm / baseline), over the finite pairs
  double level = 0;       // confidence of `interval`
  std::optional<Interval> interval;     // t-interval at 1 - alpha; needs two finite pairs
  std::optional<Interval> equivalence;  // 90 % t-interval of the same difference (TOST at 5 %)
  double p = 1, p_holm = 1;             // two-sided sign-flip p, and corrected over the family
  double effect_size = 0;  // difference / standard deviation of the differences (Cohen's d_z)
  double correlation = 0;  // of the paired values; what pairing buys
  std::optional<double>
      smallest_equivalence;  // "no difference" holds for any s above; nothing if a pair diverged
  bool better = false, worse = false;  // p_holm <= alpha, and the direction by the metric's goal
  std::string refused;  // why nothing was computed: "runs of two builds", "a log ratio needs
                        // positive values", "the same runs as full"; it is not in the family then
};

// Throws std::invalid_argument naming the arms there are if this is none.
const Arm& find_arm(const StudyData& study, const std::string& name);

// One entry per arm, in order. `metric` may be any metric or ledger quantity that the runs carry.
std::vector<Summary> summarise(const StudyData& study, const std::string& metric);

// One entry per arm but the first, against the first, on study.metric.
std::vector<Comparison> compare_to_baseline(const StudyData& study);

// Any two arms, without a family (p_holm = p). `level` is the confidence of `interval`. Throws
// std::invalid_argument naming the arms there are if one is unknown.
Comparison compare(const StudyData& study,
                   const std::string& arm,
                   const std::string& baseline,
                   const Metric& metric,
                   double level);

// What a claim is judged by: the gain of a comparison (positive is better by the goal), the mean of
// an arm. Throws std::invalid_argument with the reason if the comparison was refused, or if the arm
// is unknown.
Estimate gain(const Comparison& comparison, Goal goal);
Estimate mean_of(const StudyData& study,
                 const std::string& arm,
                 const std::string& metric,
                 double level);

// The value of a metric or, if there is none of that name, of a ledger quantity in one run; nullopt
// if it has neither or did not finish. Short names: params, flops (train_flops), bytes
// (train_bytes), memory (peak_memory_bytes).
std::optional<double> value(const RunResult& run, const std::string& metric);

}  // namespace saggio::results
