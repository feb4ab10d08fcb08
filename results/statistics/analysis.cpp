// SPDX-License-Identifier: MIT
#include "results/statistics/analysis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "results/statistics/reading.h"
#include "results/statistics/resampling.h"

namespace saggio::results {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kEquivalenceLevel = .9;

std::vector<double> finite_values(const Arm& arm, const std::string& metric) {
  std::vector<double> values;
  for (const auto& [seed, run] : by_seed(arm))
    if (const Reading reading = read(*run, metric); reading.state == State::kFinite)
      values.push_back(reading.value);
  return values;
}

// The values of two arms on the seeds that both ran. Divergence is +-infinity, on the bad side of
// the metric.
struct Pairs {
  std::vector<double> arm, baseline;  // finite pairs only
  std::vector<double> differences;    // of the finite pairs, on the metric's scale
  std::vector<double> tested;         // of all pairs, diverged ones as +-infinity (or 0: both)
};

// Not meaningful unless one of the two diverged.
double lost(const Reading& arm, const Reading& baseline, Goal goal) {
  if (arm.state == baseline.state) return 0;
  const double bad = goal == Goal::kMin ? kInfinity : -kInfinity;
  return arm.state == State::kDiverged ? bad : -bad;
}

Pairs make_pairs(const Arm& arm, const Arm& baseline, const Metric& metric) {
  Pairs pairs;
  const auto baseline_runs = by_seed(baseline);
  for (const auto& [seed, run] : by_seed(arm)) {
    const auto other = baseline_runs.find(seed);
    if (other == baseline_runs.end()) continue;
    const Reading a = read(*run, metric.name), b = read(*other->second, metric.name);
    if (!ran(a) || !ran(b)) continue;
    if (a.state == State::kDiverged || b.state == State::kDiverged) {
      pairs.tested.push_back(lost(a, b, metric.goal));
      continue;
    }
    pairs.arm.push_back(a.value);
    pairs.baseline.push_back(b.value);
    pairs.differences.push_back(difference(a.value, b.value, metric.scale));
    pairs.tested.push_back(pairs.differences.back());
  }
  return pairs;
}

bool any_not_positive(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return value <= 0; });
}

// An arm that is the baseline under another name is no comparison, and costs the others nothing.
bool same_runs(const Arm& arm, const Arm& baseline) {
  return !arm.runs.empty() &&
         std::equal(arm.runs.begin(),
                    arm.runs.end(),
                    baseline.runs.begin(),
                    baseline.runs.end(),
                    [](const RunResult& a, const RunResult& b) { return a.id == b.id; });
}

std::string refusal(const StudyData& study, const Metric& metric, const Pairs& pairs) {
  if (study.mixed_code && !study.allow_mixed_code) return "runs of more than one build";
  if (pairs.tested.empty()) return "no seed that both arms ran";
  if (metric.scale == Scale::kLogRatio &&
      (any_not_positive(pairs.arm) || any_not_positive(pairs.baseline)))
    return "a log ratio needs positive values";
  return "";
}

void describe_differences(Comparison& result, const Pairs& pairs) {
  if (pairs.differences.empty()) return;
  result.difference = mean(pairs.differences);
  if (pairs.differences.size() < 2) return;
  result.interval = t_interval(pairs.differences, result.level);
  result.equivalence = t_interval(pairs.differences, kEquivalenceLevel);
  result.effect_size = effect_size(pairs.differences);
  result.correlation = correlation(pairs.arm, pairs.baseline);
  if (result.diverged == 0) result.smallest_equivalence = smallest_equivalence(*result.equivalence);
}

// Which way the tested differences point: > 0 if the arm is better.
double direction(const Pairs& pairs, Goal goal) {
  const double centre = mean(tested_differences(pairs.tested));
  return goal == Goal::kMin ? -centre : centre;
}

struct Judged {
  Comparison comparison;
  double direction = 0;
};

Judged compare_arms(const StudyData& study,
                    const Arm& arm,
                    const Arm& baseline,
                    const Metric& metric,
                    double level) {
  const Pairs pairs = make_pairs(arm, baseline, metric);
  Comparison result;
  result.arm = arm.name, result.baseline = baseline.name;
  result.level = level;
  result.pairs = static_cast<int>(pairs.tested.size());
  result.diverged = result.pairs - static_cast<int>(pairs.differences.size());
  result.refused = same_runs(arm, baseline) ? fmt::format("the same runs as {}", baseline.name)
                                            : refusal(study, metric, pairs);
  if (!result.refused.empty()) return {result};
  describe_differences(result, pairs);
  result.p = result.p_holm = sign_flip_p(pairs.tested);
  return {result, direction(pairs, metric.goal)};
}

Comparison decide(Judged judged, double alpha) {
  Comparison& comparison = judged.comparison;
  const bool significant = comparison.refused.empty() && comparison.p_holm <= alpha;
  comparison.better = significant && judged.direction > 0;
  comparison.worse = significant && judged.direction < 0;
  return comparison;
}

void correct(std::vector<Judged>& family) {
  std::vector<double> p_values;
  for (const Judged& judged : family)
    if (judged.comparison.refused.empty()) p_values.push_back(judged.comparison.p);
  const std::vector<double> corrected = holm(p_values);
  size_t next = 0;
  for (Judged& judged : family)
    if (judged.comparison.refused.empty()) judged.comparison.p_holm = corrected[next++];
}

}  // namespace

std::optional<double> value(const RunResult& run, const std::string& metric) {
  static const std::map<std::string, std::string> kShort = {{"params", "parameters"},
                                                            {"flops", "train_flops"},
                                                            {"bytes", "train_bytes"},
                                                            {"memory", "peak_memory_bytes"}};
  const Record& record = run.record;
  if (record.outcome != Outcome::kFinished) return std::nullopt;
  if (const auto found = record.metrics.find(metric); found != record.metrics.end())
    return found->second;
  const auto alias = kShort.find(metric);
  const std::string& quantity = alias == kShort.end() ? metric : alias->second;
  if (!record.ledger.has(quantity)) return std::nullopt;
  return record.ledger.total(quantity);
}

const Arm& find_arm(const StudyData& study, const std::string& name) {
  std::vector<std::string> names;
  for (const Arm& arm : study.arms) {
    if (arm.name == name) return arm;
    names.push_back(arm.name);
  }
  throw std::invalid_argument(fmt::format(
      "arm '{}' is not in study '{}', allowed {}", name, study.name, fmt::join(names, ", ")));
}

std::vector<Summary> summarise(const StudyData& study, const std::string& metric) {
  std::vector<Summary> summaries;
  for (const Arm& arm : study.arms) {
    Summary summary;
    for (const auto& [seed, run] : by_seed(arm)) {
      const State state = read(*run, metric).state;
      summary.diverged += state == State::kDiverged;
      summary.failed += state == State::kFailed;
      if (state != State::kMissing) summary.run_ids.push_back(run->id);
    }
    const std::vector<double> values = finite_values(arm, metric);
    summary.n = static_cast<int>(values.size());
    const int planned =
        static_cast<int>(std::max<int64_t>(study.planned_seeds, std::ssize(arm.runs)));
    summary.missing = planned - summary.n - summary.diverged - summary.failed;
    if (summary.n >= 1) summary.mean = mean(values);
    if (summary.n >= 2)
      summary.deviation = deviation(values), summary.interval = t_interval(values, 1 - study.alpha);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

std::vector<Comparison> compare_to_baseline(const StudyData& study) {
  std::vector<Judged> family;
  family.reserve(study.arms.size());
  for (size_t i = 1; i < study.arms.size(); ++i)
    family.push_back(
        compare_arms(study, study.arms[i], study.arms[0], study.metric, 1 - study.alpha));
  correct(family);
  std::vector<Comparison> comparisons;
  comparisons.reserve(family.size());
  for (Judged& judged : family) comparisons.push_back(decide(std::move(judged), study.alpha));
  return comparisons;
}

Comparison compare(const StudyData& study,
                   const std::string& arm,
                   const std::string& baseline,
                   const Metric& metric,
                   double level) {
  return decide(compare_arms(study, find_arm(study, arm), find_arm(study, baseline), metric, level),
                1 - level);
}

Estimate gain(const Comparison& comparison, Goal goal) {
  if (!comparison.refused.empty())
    throw std::invalid_argument(fmt::format("'{}' against '{}' was not compared: {}",
                                            comparison.arm,
                                            comparison.baseline,
                                            comparison.refused));
  const Interval unbounded = {-kInfinity, kInfinity};
  const auto better = [goal](const Interval& i) {
    return goal == Goal::kMin ? Interval{-i.high, -i.low} : i;
  };
  return {better(comparison.interval.value_or(unbounded)),
          better(comparison.equivalence.value_or(unbounded)),
          comparison.level,
          comparison.pairs,
          comparison.diverged};
}

Estimate mean_of(const StudyData& study,
                 const std::string& arm,
                 const std::string& metric,
                 double level) {
  const Arm& found = find_arm(study, arm);
  const std::vector<double> values = finite_values(found, metric);
  int diverged = 0;
  for (const RunResult& run : found.runs) diverged += read(run, metric).state == State::kDiverged;
  Estimate estimate{{-kInfinity, kInfinity}, {-kInfinity, kInfinity}, level};
  if (values.size() >= 2) estimate.interval = t_interval(values, level);
  if (values.size() >= 2) estimate.equivalence = t_interval(values, kEquivalenceLevel);
  estimate.n = static_cast<int>(values.size()) + diverged;
  estimate.diverged = diverged;
  return estimate;
}

}  // namespace saggio::results
