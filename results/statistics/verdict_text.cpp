// SPDX-License-Identifier: MIT
#include "results/statistics/verdict_text.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

namespace saggio::results {
namespace {

// "Smaller than claimed at 1 M parameters on tiny Shakespeare"
std::string heading(Verdict verdict, const Subject& subject) {
  std::string text(name(verdict));
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return subject.scale.empty() ? text : text + " " + subject.scale;
}

double middle(const Interval& interval) {
  return interval.low + (interval.high - interval.low) / 2;
}

// A gain as people read it: ln(a / b) as the per cent by which a is lower (goal min) or higher
// (goal max) than b.
std::string gain_text(double gain, const Metric& metric) {
  if (metric.scale == Scale::kDifference) return fmt::format("{:.3g}", gain);
  const double share = metric.goal == Goal::kMin ? -std::expm1(-gain) : std::expm1(gain);
  return fmt::format("{:.3g} %", 100 * share);
}

std::string value_text(double value, const Metric&) { return fmt::format("{:.4g}", value); }

using Text = std::string (*)(double, const Metric&);

std::string interval_text(const Interval& interval, double level, Text text, const Metric& metric) {
  return fmt::format("{:.4g} % interval {} to {}",
                     100 * level,
                     text(interval.low, metric),
                     text(interval.high, metric));
}

// "0.021 (95 % interval 0.01 to 0.032, 8 pairs of seeds, 1 of 8 diverged)"
std::string estimate_text(const Estimate& estimate,
                          Text text,
                          const Metric& metric,
                          const char* unit) {
  const std::string diverged =
      estimate.diverged == 0 ? ""
                             : fmt::format(", {} of {} diverged", estimate.diverged, estimate.n);
  if (!std::isfinite(estimate.interval.high - estimate.interval.low))
    return fmt::format(
        "an unknown amount (fewer than two of {} {} are finite{})", estimate.n, unit, diverged);
  return fmt::format("{} ({}, {} {}{})",
                     text(middle(estimate.interval), metric),
                     interval_text(estimate.interval, estimate.level, text, metric),
                     estimate.n,
                     unit,
                     diverged);
}

std::string undecided(const Estimate& estimate, std::optional<int> needed, const char* unit) {
  if (estimate.diverged > 0 && !needed)
    return "where any diverged, neither confirmed nor no difference can be said";
  if (!needed) return fmt::format("at this mean and spread 1,000 {} would not decide", unit);
  return fmt::format("at this mean and spread {} {} would decide", *needed, unit);
}

std::string exploratory(const char* unit) {
  return fmt::format("fewer than {} {} decide nothing", kLeastPairs, unit);
}

std::string reason(Verdict verdict,
                   const EffectClaim& claim,
                   const Estimate& gain,
                   const Metric& metric) {
  const std::string smallest = gain_text(claim.smallest_effect, metric);
  const std::string small = interval_text(gain.equivalence, .9, gain_text, metric);
  const bool equality = claim.claimed_gain == 0;
  switch (verdict) {
    case Verdict::kExploratory:
      return exploratory("pairs");
    case Verdict::kNoDifference:
      return fmt::format("the {} lies within {} of none", small, smallest);
    case Verdict::kConfirmed:
      return equality ? fmt::format("the {} lies within {} of none", small, smallest)
                      : "the whole interval is at least as good";
    case Verdict::kConsistent:
      return "there is a gain, and the claimed size lies inside the interval";
    case Verdict::kSmallerThanClaimed:
      return "there is a gain, and one of the claimed size is excluded";
    case Verdict::kWorse:
      return "it is a loss";
    case Verdict::kNotSupported:
      return "a gain of the claimed size is excluded, and the sign is open";
    case Verdict::kRefuted:
      return fmt::format("the whole interval is a {} of {} or more",
                         gain.interval.low > 0 ? "gain" : "loss",
                         smallest);
    default:
      return undecided(gain, pairs_to_decide(claim, gain), "pairs");
  }
}

std::string reason(Verdict verdict,
                   const ValueClaim& claim,
                   const Estimate& mean,
                   const Metric& metric) {
  switch (verdict) {
    case Verdict::kExploratory:
      return exploratory("runs");
    case Verdict::kConfirmed:
      return fmt::format("the {} lies within the tolerance",
                         interval_text(mean.equivalence, .9, value_text, metric));
    case Verdict::kRefuted:
      return "the whole interval lies outside the tolerance";
    default:
      return undecided(mean, pairs_to_decide(claim, mean), "runs");
  }
}

}  // namespace

std::string in_words(const EffectClaim& claim, const Estimate& gain, const Subject& subject) {
  const Verdict verdict = judge(claim, gain);
  const std::string claimed = claim.claimed_gain == 0
                                  ? "no difference"
                                  : "a gain of " + gain_text(claim.claimed_gain, subject.metric);
  return fmt::format("{}: {} gains {} over {} in {}; {} was claimed; {}.",
                     heading(verdict, subject),
                     subject.arm,
                     estimate_text(gain, gain_text, subject.metric, "pairs of seeds"),
                     subject.baseline,
                     subject.metric.name,
                     claimed,
                     reason(verdict, claim, gain, subject.metric));
}

std::string in_words(const ValueClaim& claim, const Estimate& mean, const Subject& subject) {
  const Verdict verdict = judge(claim, mean);
  return fmt::format("{}: {} reaches {} in {}; {:.4g} +- {:.3g} was claimed; {}.",
                     heading(verdict, subject),
                     subject.arm,
                     estimate_text(mean, value_text, subject.metric, "runs"),
                     subject.metric.name,
                     claim.value,
                     claim.tolerance,
                     reason(verdict, claim, mean, subject.metric));
}

std::string in_words(const CountClaim& claim, double counted, const Subject& subject) {
  return fmt::format("{}: {} has {:.15g} {}; {:.15g} was claimed.",
                     heading(judge(claim, counted), subject),
                     subject.arm,
                     counted,
                     subject.metric.name,
                     claim.count);
}

std::string in_words(const BoundClaim& claim,
                     std::optional<double> measured,
                     std::string_view derivation,
                     const Subject& subject) {
  const Verdict verdict = judge(claim, measured);
  const std::string found =
      measured ? fmt::format("{:.4g} was measured", *measured) : "nothing was measured";
  return fmt::format("{}: {:.4g} {} was claimed for {}; at most {:.4g} is possible ({}); {}.",
                     heading(verdict, subject),
                     claim.rate,
                     subject.metric.name,
                     subject.arm,
                     claim.bound,
                     derivation,
                     found);
}

std::string untestable_in_words(std::string_view reason) {
  return fmt::format("Untestable: {}.", reason);
}

}  // namespace saggio::results
