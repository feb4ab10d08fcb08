// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/record.h"

// A study as the statistics, the tables, the plots and the report see it: arms, each with its runs.
// Plain data, filled by the harness from run directories or from a committed evidence file; nothing
// here knows which of the two.
namespace saggio::results {

struct Point {
  int64_t step;
  double value;
};

struct RunResult {
  std::string id;     // the run's identity; every cell of a table can name the runs behind it
  uint64_t seed = 0;  // pairs are made by seed
  Record record;
  std::string code_id;  // which build made it
  std::string folder;   // where its files are; empty if it comes from an evidence file
};

struct Arm {
  std::string name;             // "minus_rotary": for command lines and claims
  std::string label;            // "- rotary": for people
  std::vector<RunResult> runs;  // by seed
  std::vector<std::string>
      notes;  // "same configuration as full", "model.ffn_width = 171 to match params"
  // Which components are off in it; absent if it is about something else (an alternative, a grid).
  std::optional<std::vector<std::string>> off;
};

enum class Goal { kMin, kMax };
enum class Scale {
  kDifference,
  kLogRatio
};  // how two paired values are compared: a - b, or ln(a / b)

struct Metric {
  std::string name;  // "heldout/bits_per_byte"
  Goal goal = Goal::kMin;
  Scale scale = Scale::kDifference;
};

struct StudyData {
  std::string name, question;
  std::string task;    // of a study that has several: `name` says it too
  std::string module;  // "language_model 1"
  Metric metric;
  int64_t planned_seeds = 0;
  double alpha = .05;          // already divided by 2^k after the k-th extension, and by the tasks
  int64_t extensions = 0;      // k
  double smallest_effect = 0;  // 0: not declared, so "no difference" cannot be said
  bool factorial = false;      // the arms hold every combination of components on and off
  std::vector<Arm> arms;       // the first is the baseline that all others are compared with
  std::vector<std::string> notes;  // printed under every table: tuning, mixed code, missing runs
  bool mixed_code = false;  // runs of more than one build: paired tests are refused unless allowed
  bool allow_mixed_code = false;
};

}  // namespace saggio::results
