// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/harness/config.h"
#include "experiments/harness/toml.h"
#include "results/study_data.h"

// A study file, read strictly and checked against its module's schema: what the user declared,
// nothing derived from it (that is the plan). Every override is already of its field's type. A
// claim is a study with one more table.
namespace saggio::harness {

// What modules.json says of one module.
struct ModuleInfo {
  std::string name, version, summary, match_by;
  Schema schema;
  bool has_probe = false;
};
using Modules = std::map<std::string, ModuleInfo>;

// What a worker program holds, as it wrote it into modules.json when it was built.
struct WorkerInfo {
  Modules modules;
  std::map<std::string, std::string>
      versions;  // of the libraries that it loads; part of the code id
};

WorkerInfo read_worker_info(
    const std::filesystem::path& file);  // throws std::runtime_error: build it again
std::string worker_info_json(
    const std::map<std::string, std::string>& versions);  // of this program

// One axis that `tune` searches: a grid from low to high, or listed values.
struct Axis {
  std::string key;
  double low = 0, high = 0;
  bool logarithmic = false;
  std::vector<Value> values;  // if listed: low and high are unused
};

struct Tune {
  std::vector<Axis> space;
  int64_t trials = 0;  // per contender
  int64_t seeds = 1;   // tuning seeds; never reported on
  std::string metric;  // what is selected on; default: the study's metric
};

struct Component {
  std::string name, where;
  Values off;  // empty: cannot be switched off
  std::vector<std::pair<std::string, Values>> alternatives;
  std::string match;  // a count, such as "params"; empty: unmatched
  std::vector<std::string> needs;
  std::vector<std::string> differs;  // what else its arms may differ in: gate G3 asks
  std::optional<Tune> tune;
};

// What all arms are run on: the study's own base, or one of several.
struct Task {
  std::string name;  // empty: the study has but one
  Values values;
};

using Assignments = std::vector<std::pair<std::string, std::vector<Value>>>;

struct Design {
  bool leave_one_out = false, add_one_in = false;  // the full system is always there
  bool factorial = false;                          // every combination of components on and off
  std::vector<std::string> cumulative;  // these switched on one after the other, from none on
  Assignments grid;                     // every combination
  Assignments zip;                      // the first values together, then the second, ...
  std::vector<std::string> skip;
};

struct TableSpec {
  std::string name;
  std::vector<std::string> columns, formats;
};

struct PlotSpec {
  std::string name, kind;    // forest | curve | scatter
  std::string metric, x, y;  // curve: the event's name, its axis in words; scatter: quantities
};

struct Claim {
  std::string id, statement, source, kind, note;
  std::string task;           // of a study that has several, if it needs runs
  results::Metric metric;     // effect, value
  std::string better, worse;  // effect: the arms
  std::string arm;            // value, count
  double effect = 0, value = 0, tolerance = 0, count = 0, rounding = 0, rate = 0, bound = 0;
  std::string quantity, derivation, reason;

  bool needs_runs() const { return kind != "bound" && kind != "untestable"; }
};

struct Study {
  std::string name, question, module;
  std::filesystem::path file;
  results::Metric metric;
  int64_t seeds = 1;
  std::vector<std::string> shared;  // streams that are equal across arms
  int threads = 1;
  std::string device;
  Values base;
  std::vector<Component> components;
  std::vector<Task> tasks = {Task{}};  // at least one
  Design design;
  double smallest_effect = 0, alpha = .05;
  double per_run_seconds = 0, total_seconds = 0;  // 0: no limit
  bool stop_on_failure = false;
  std::vector<TableSpec> tables;
  std::vector<PlotSpec> plots;
  std::optional<Claim> claim;
};

// Reads a study or a claim. `sets` are the command line's KEY=VALUE, which win over [base]. Throws
// std::invalid_argument with file:line, what is allowed and the nearest name.
Study read_study(const std::filesystem::path& file,
                 const Modules& modules,
                 const std::vector<std::string>& sets = {});

// One KEY=VALUE of the command line: the value is TOML where it parses as such, else plain text.
std::pair<std::string, Value> parse_set(const std::string& set, const Schema& schema);

// Only the names, without any check against modules: enough to find a study's runs and evidence.
std::string study_name(const std::filesystem::path& file);

}  // namespace saggio::harness
