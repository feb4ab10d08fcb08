// SPDX-License-Identifier: MIT
#include "experiments/harness/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "results/statistics/analysis.h"
#include "results/statistics/verdict_text.h"

namespace saggio::harness {
namespace {

using results::Estimate;
using results::StudyData;

constexpr results::Interval kUnbounded{-std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::infinity()};

std::string scale_of(const StudyData& study) {
  return fmt::format("in the study '{}' ({})", study.name, study.module);
}

std::string advice(const std::optional<int>& pairs) {
  return pairs ? fmt::format("another verdict would need {} seeds at this mean and spread", *pairs)
               : "";
}

results::Interval negated(const results::Interval& interval) {
  return {-interval.high, -interval.low};
}

Judgement judge_effect(const Claim& claim, const StudyData& study, double level) {
  const results::Comparison found =
      results::compare(study, claim.better, claim.worse, claim.metric, level);
  if (!found.refused.empty())
    throw std::invalid_argument(fmt::format("claim '{}': {}", claim.id, found.refused));
  Estimate gain{.interval = found.interval.value_or(kUnbounded),
                .equivalence = found.equivalence.value_or(kUnbounded),
                .level = level,
                .n = found.pairs,
                .diverged = found.diverged};
  if (claim.metric.goal == results::Goal::kMin) {
    gain.interval = negated(gain.interval);
    gain.equivalence = negated(gain.equivalence);
  }
  const results::EffectClaim effect{.claimed_gain = claim.effect,
                                    .smallest_effect = study.smallest_effect};
  const results::Subject subject{claim.better, claim.worse, claim.metric, scale_of(study)};
  return {results::judge(effect, gain),
          results::in_words(effect, gain, subject),
          advice(results::pairs_to_decide(effect, gain))};
}

Judgement judge_value(const Claim& claim, const StudyData& study, double level) {
  const results::Arm& arm = results::find_arm(study, claim.arm);
  std::vector<double> values;
  Estimate mean{.interval = kUnbounded, .equivalence = kUnbounded, .level = level};
  for (const results::RunResult& run : arm.runs) {
    mean.diverged += run.record.outcome == results::Outcome::kDiverged;
    if (const auto value = results::value(run, claim.metric.name)) values.push_back(*value);
  }
  mean.n = static_cast<int>(values.size()) + mean.diverged;
  if (values.size() >= 2) {
    mean.interval = results::t_interval(values, level);
    mean.equivalence = results::t_interval(values, .9);
  }
  const results::ValueClaim value{.value = claim.value, .tolerance = claim.tolerance};
  const results::Subject subject{claim.arm, "", claim.metric, scale_of(study)};
  return {results::judge(value, mean),
          results::in_words(value, mean, subject),
          advice(results::pairs_to_decide(value, mean))};
}

Judgement judge_count(const Claim& claim, const StudyData& study) {
  const results::Arm& arm = results::find_arm(study, claim.arm);
  for (const results::RunResult& run : arm.runs) {
    const auto counted = results::value(run, claim.quantity);
    if (!counted) continue;
    const results::CountClaim count{.count = claim.count, .rounding = claim.rounding};
    const results::Subject subject{claim.arm, "", {.name = claim.quantity}, scale_of(study)};
    return {results::judge(count, *counted), results::in_words(count, *counted, subject), ""};
  }
  throw std::invalid_argument(fmt::format(
      "claim '{}': no run of arm '{}' counted '{}'; type `saggio run` on its study first",
      claim.id,
      claim.arm,
      claim.quantity));
}

}  // namespace

Judgement judge_claim(const Claim& claim, const StudyData& study, int sharing) {
  if (claim.kind == "untestable")
    return {results::Verdict::kUntestable, results::untestable_in_words(claim.reason), ""};
  if (claim.kind == "bound") {
    const results::BoundClaim bound{.rate = claim.rate, .bound = claim.bound};
    return {
        results::judge(bound), results::in_words(bound, std::nullopt, claim.derivation, {}), ""};
  }
  const double level = 1 - study.alpha / std::max(1, sharing);
  if (claim.kind == "effect") return judge_effect(claim, study, level);
  if (claim.kind == "value") return judge_value(claim, study, level);
  return judge_count(claim, study);
}

}  // namespace saggio::harness
