// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/statistics/statistics.h"
#include "results/study_data.h"

// What a full factorial design says beyond its single arms: what each component brings on the
// average over all settings of the others, and how much more it brings where another is on.
// Contrasts are made within a seed, so pairing holds as everywhere else. Where `needs` rules
// combinations out, the average is over those that there are.
namespace saggio::results {

struct Effect {
  std::vector<std::string> components;  // one: its main effect; two: their interaction
  int contexts = 0;                     // settings of the other components that it is averaged over
  int seeds = 0;     // that ran every arm of the contrast, diverged ones included
  int diverged = 0;  // seeds in which an arm of it diverged
  // Of one: mean of (on - off); interaction: (on - off where the other is on) - (on - off where it
  // is off). On the metric's scale, over the finite seeds.
  double difference = 0;
  std::optional<Interval> interval;  // t-interval at 1 - alpha; needs two finite seeds
  double p = 1, p_holm = 1;          // sign-flip over seeds; corrected over all effects
  std::string refused;               // why nothing was computed
  std::vector<std::string> run_ids;
};

// Main effects first, then interactions of two, in the order in which components first appear.
// Empty unless study.factorial. A diverged run counts against the side of the contrast it is on.
std::vector<Effect> factorial_effects(const StudyData& study);

}  // namespace saggio::results
