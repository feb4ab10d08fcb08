// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include "results/pages/table_builder.h"

// A small study by hand, with statistics that were worked out beside it: tables, plots and reports
// are tested on how they show numbers, not on how these are found.
namespace saggio::results {

inline RunResult example_run(const std::string& id, uint64_t seed, double bits, double parameters) {
  RunResult run{.id = id, .seed = seed, .code_id = "c0de", .folder = "runs/first/" + id};
  run.record.metrics["heldout/bits_per_byte"] = bits;
  run.record.ledger.set("", "parameters", parameters);
  run.record.ledger.set("", "seconds", 40 + static_cast<double>(seed));
  return run;
}

// Two arms, `seeds` seeds each: full at 1.10, gate a little worse.
inline StudyData example_study(int seeds = 8) {
  StudyData study{.name = "first",
                  .question = "Does the gate pay?",
                  .module = "language_model 1",
                  .metric = {"heldout/bits_per_byte", Goal::kMin, Scale::kLogRatio},
                  .planned_seeds = seeds,
                  .smallest_effect = .003};
  study.arms = {{.name = "full", .label = "full system"},
                {.name = "minus_gate", .label = "− gate"}};
  for (uint64_t seed = 0; seed < static_cast<uint64_t>(seeds); ++seed) {
    const double drift = .001 * static_cast<double>(seed % 4);
    study.arms[0].runs.push_back(example_run(fmt::format("f{}", seed), seed, 1.10 + drift, 152320));
    study.arms[1].runs.push_back(
        example_run(fmt::format("g{}", seed), seed, 1.12 + 2 * drift, 98304));
  }
  return study;
}

inline Summary example_summary(const Arm& arm, double mean, double half_width) {
  Summary summary{.n = static_cast<int>(arm.runs.size()), .mean = mean, .deviation = half_width};
  if (half_width > 0) summary.interval = Interval{mean - half_width, mean + half_width};
  for (const RunResult& run : arm.runs) summary.run_ids.push_back(run.id);
  return summary;
}

// The gate is worse by ln ratio .0190 ± .0012, shown at eight seeds (p = 2 / 2^8).
inline Comparison example_comparison(const StudyData& study) {
  return {.arm = "minus_gate",
          .baseline = "full",
          .pairs = static_cast<int>(study.planned_seeds),
          .difference = .0190,
          .level = .95,
          .interval = Interval{.0178, .0202},
          .equivalence = Interval{.0180, .0200},
          .p = .0078125,
          .p_holm = .0078125,
          .effect_size = 13.456,
          .correlation = .987,
          .smallest_equivalence = .02,
          .worse = true};
}

inline StudyNumbers example_numbers(const StudyData& study) {
  StudyNumbers numbers;
  numbers.summaries["heldout/bits_per_byte"] = {example_summary(study.arms[0], 1.1015, .00102),
                                                example_summary(study.arms[1], 1.1230, .00204)};
  numbers.summaries["parameters"] = {example_summary(study.arms[0], 152320, 0),
                                     example_summary(study.arms[1], 98304, 0)};
  numbers.summaries["seconds"] = {example_summary(study.arms[0], 43.5, 2),
                                  example_summary(study.arms[1], 43.5, 2)};
  numbers.comparisons = {example_comparison(study)};
  numbers.against_best = numbers.comparisons;
  return numbers;
}

}  // namespace saggio::results
