// SPDX-License-Identifier: MIT
#include "results/statistics/verdict.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <stdexcept>

namespace saggio::results {
namespace {

constexpr int kMostPairs = 1000;
constexpr std::array<std::string_view, 11> kNames = {"untestable",
                                                     "impossible",
                                                     "exploratory",
                                                     "no difference",
                                                     "confirmed",
                                                     "consistent",
                                                     "smaller than claimed",
                                                     "worse",
                                                     "not supported",
                                                     "refuted",
                                                     "inconclusive"};

void require(bool holds, const char* field, double value, const char* allowed) {
  if (!holds)
    throw std::invalid_argument(fmt::format("{} = {}, allowed {}", field, value, allowed));
}

void require_order(const Interval& interval, const char* field) {
  if (!(interval.low <= interval.high))
    throw std::invalid_argument(fmt::format(
        "{} = {} to {}, its ends must be numbers in order", field, interval.low, interval.high));
}

void check(const Estimate& estimate) {
  require_order(estimate.interval, "interval");
  require_order(estimate.equivalence, "equivalence");
  require(estimate.level > 0 && estimate.level < 1, "level", estimate.level, "between 0 and 1");
  require(estimate.n >= 0, "n", estimate.n, "0 or more");
  require(estimate.diverged >= 0 && estimate.diverged <= estimate.n,
          "diverged",
          estimate.diverged,
          "0 to n");
}

void check(const EffectClaim& claim) {
  const double gain = claim.claimed_gain, smallest = claim.smallest_effect;
  require(
      gain >= 0 && std::isfinite(gain), "claimed_gain", gain, "0 (equality) or a positive number");
  require(
      smallest > 0 && std::isfinite(smallest), "smallest_effect", smallest, "a positive number");
  if (gain != 0)
    require(smallest < gain, "smallest_effect", smallest, "less than the claimed gain");
}

void check(const ValueClaim& claim) {
  require(std::isfinite(claim.value), "value", claim.value, "a number");
  require(claim.tolerance > 0 && std::isfinite(claim.tolerance),
          "tolerance",
          claim.tolerance,
          "a positive number");
}

bool inside(const Interval& interval, double low, double high) {
  return interval.low > low && interval.high < high;
}

// Equality and value claims: is the number where it should be, give or take the tolerance?
Verdict judge_place(double centre, double tolerance, const Estimate& estimate) {
  const double low = centre - tolerance, high = centre + tolerance;
  if (estimate.n < kLeastPairs) return Verdict::kExploratory;
  if (estimate.diverged == 0 && inside(estimate.equivalence, low, high)) return Verdict::kConfirmed;
  if (estimate.interval.low >= high || estimate.interval.high <= low) return Verdict::kRefuted;
  return Verdict::kInconclusive;
}

Verdict judge_gain(const EffectClaim& claim, const Estimate& gain) {
  const auto [low, high] = gain.interval;
  const double claimed = claim.claimed_gain, smallest = claim.smallest_effect;
  const bool all_finite = gain.diverged == 0;
  if (gain.n < kLeastPairs) return Verdict::kExploratory;
  if (all_finite && inside(gain.equivalence, -smallest, smallest)) return Verdict::kNoDifference;
  if (all_finite && low >= claimed) return Verdict::kConfirmed;
  if (low > 0 && low < claimed && claimed <= high) return Verdict::kConsistent;
  if (low > 0 && high < claimed) return Verdict::kSmallerThanClaimed;
  if (high < 0) return Verdict::kWorse;
  if (low <= 0 && high < claimed) return Verdict::kNotSupported;
  return Verdict::kInconclusive;
}

bool open(Verdict verdict) {
  return verdict == Verdict::kExploratory || verdict == Verdict::kInconclusive;
}

// The same estimate from n values in all: the 90 % interval tells mean and spread, and both
// intervals shrink with n.
Estimate extended(const Estimate& estimate, int n) {
  const auto [low, high] = estimate.equivalence;
  const double mean = low + (high - low) / 2;
  const double spread = (high - low) / 2 / half_width(1, estimate.n - estimate.diverged, .9);
  const double half = half_width(spread, n - estimate.diverged, estimate.level);
  const double half90 = half_width(spread, n - estimate.diverged, .9);
  return {{mean - half, mean + half},
          {mean - half90, mean + half90},
          estimate.level,
          n,
          estimate.diverged};
}

template <typename Claim>
std::optional<int> more_to_decide(const Claim& claim, const Estimate& estimate) {
  if (!open(judge(claim, estimate))) return std::nullopt;
  const double width = estimate.equivalence.high - estimate.equivalence.low;
  if (estimate.n - estimate.diverged < 2 || !std::isfinite(width))
    return std::nullopt;  // no spread is known
  for (int n = estimate.n + 1; n <= kMostPairs; ++n)
    if (!open(judge(claim, extended(estimate, n)))) return n;
  return std::nullopt;
}

}  // namespace

std::string_view name(Verdict verdict) { return kNames.at(static_cast<size_t>(verdict)); }

Verdict judge(const EffectClaim& claim, const Estimate& gain) {
  check(claim);
  check(gain);
  if (claim.claimed_gain == 0) return judge_place(0, claim.smallest_effect, gain);
  return judge_gain(claim, gain);
}

Verdict judge(const ValueClaim& claim, const Estimate& mean) {
  check(claim);
  check(mean);
  return judge_place(claim.value, claim.tolerance, mean);
}

Verdict judge(const CountClaim& claim, double counted) {
  require(std::isfinite(claim.count), "count", claim.count, "a number");
  require(claim.rounding >= 0 && std::isfinite(claim.rounding),
          "rounding",
          claim.rounding,
          "0 or more");
  require(std::isfinite(counted), "counted", counted, "a number");
  return std::abs(counted - claim.count) <= claim.rounding ? Verdict::kConfirmed
                                                           : Verdict::kRefuted;
}

Verdict judge(const BoundClaim& claim, std::optional<double> measured) {
  require(std::isfinite(claim.rate), "rate", claim.rate, "a number");
  require(std::isfinite(claim.bound), "bound", claim.bound, "a number");
  if (measured)
    require(*measured <= claim.bound,
            "measured",
            *measured,
            "up to the bound; it or its derivation is wrong");
  if (claim.rate > claim.bound) return Verdict::kImpossible;
  if (!measured) return Verdict::kInconclusive;
  return *measured >= claim.rate ? Verdict::kConfirmed : Verdict::kRefuted;
}

std::optional<int> pairs_to_decide(const EffectClaim& claim, const Estimate& gain) {
  return more_to_decide(claim, gain);
}
std::optional<int> pairs_to_decide(const ValueClaim& claim, const Estimate& mean) {
  return more_to_decide(claim, mean);
}

}  // namespace saggio::results
