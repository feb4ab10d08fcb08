// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "results/statistics/verdict.h"
#include "results/study_data.h"

// A verdict as one sentence for people: the verdict, its scale, the numbers, and the rule that led
// to it. Gains on a log-ratio scale are given in per cent of the value they are compared with.
namespace saggio::results {

struct Subject {
  std::string arm;       // "velvet"
  std::string baseline;  // "adamw"; empty for a value claim
  Metric metric;         // or the ledger quantity of a count claim
  std::string
      scale;  // "at 1 M parameters on tiny Shakespeare": a verdict holds there and nowhere else
};

std::string in_words(const EffectClaim& claim, const Estimate& gain, const Subject& subject);
std::string in_words(const ValueClaim& claim, const Estimate& mean, const Subject& subject);
std::string in_words(const CountClaim& claim, double counted, const Subject& subject);
std::string in_words(const BoundClaim& claim,
                     std::optional<double> measured,
                     std::string_view derivation,
                     const Subject& subject);
std::string untestable_in_words(std::string_view reason);

}  // namespace saggio::results
