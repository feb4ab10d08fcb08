// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "results/statistics/statistics.h"

// A claim, judged: the rules of protocol.md section 3, one enumerator per row. Pure functions of
// the claim and of what was measured: no runs, no files; the sentence that goes with a verdict is
// in verdict_text.h. All throw std::invalid_argument, naming the field, if a number is not one or
// is out of its range.
namespace saggio::results {

enum class Verdict {
  kUntestable,    // nothing was measured, for a reason that the claim states; no function here
                  // returns it
  kImpossible,    // a derived bound is exceeded
  kExploratory,   // fewer than six pairs or runs: decides nothing
  kNoDifference,  // equivalence holds, whichever the sign
  kConfirmed,     // effect: the whole interval is at least as good as claimed; equality, value:
                  // equivalence holds
  kConsistent,    // a gain, and the claimed size lies inside the interval
  kSmallerThanClaimed,  // a gain, and the claimed size is excluded
  kWorse,               // a loss
  kNotSupported,        // the claimed size is excluded, the sign is open
  kRefuted,  // equality, value: the interval lies outside the tolerance; count, bound: another
             // number was measured
  kInconclusive,
};

std::string_view name(Verdict verdict);  // "smaller than claimed"

inline constexpr int kLeastPairs = 6;  // the fewest at which a sign-flip test can reach p < .05

// What a study found out about one number: the gain of one arm over another (positive in the
// claimed direction, n = paired seeds), or the mean of an arm (n = its runs). Where fewer than two
// values are finite, the intervals are unbounded.
struct Estimate {
  Interval interval;     // at `level` = 1 - alpha / m, m = claims that share the study
  Interval equivalence;  // 90 % interval of the same number (TOST at 5 %)
  double level = .95;
  int n = 0;         // diverged ones included
  int diverged = 0;  // any at all: neither confirmed nor no difference
};

// "Arm a beats arm b by this much", or, with a claimed gain of 0, "a is as good as b". Tried in the
// order exploratory, no difference, confirmed, consistent, smaller than claimed, worse, not
// supported, inconclusive; for equality exploratory, confirmed, refuted, inconclusive.
struct EffectClaim {
  double claimed_gain = 0;  // >= 0
  double smallest_effect =
      0;  // differences below it do not matter; > 0, and < claimed_gain unless that is 0
};
Verdict judge(const EffectClaim& claim, const Estimate& gain);

// "This arm reaches this value": exploratory, confirmed, refuted, inconclusive.
struct ValueClaim {
  double value = 0;
  double tolerance = 0;  // > 0
};
Verdict judge(const ValueClaim& claim, const Estimate& mean);

// "It has this many": confirmed or refuted. Counts have no spread, so nothing is estimated.
struct CountClaim {
  double count = 0;
  double rounding = 0;  // half a unit of the last digit that the claim states: 5e5 for "89 M"; 0 =
                        // to the last digit
};
Verdict judge(const CountClaim& claim, double counted);

// "It runs at this rate", against the most that is possible: impossible if the claim exceeds the
// bound, else confirmed or refuted by a measurement. Without one a possible rate is inconclusive:
// that it could be does not show that it is. A measurement beyond the bound is an error, since then
// the measurement or the derivation is wrong.
struct BoundClaim {
  double rate = 0;
  double bound = 0;
};
Verdict judge(const BoundClaim& claim, std::optional<double> measured = std::nullopt);

// Of an exploratory or inconclusive verdict: the smallest number of pairs (or runs) at which, with
// the same mean, spread and number of diverged ones, it would be another. nullopt if it is decided,
// or if that needs more than 1,000.
std::optional<int> pairs_to_decide(const EffectClaim& claim, const Estimate& gain);
std::optional<int> pairs_to_decide(const ValueClaim& claim, const Estimate& mean);

}  // namespace saggio::results
