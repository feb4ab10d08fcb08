// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/harness/study.h"
#include "results/record.h"

// What a study comes to: arms x seeds as runs, each with its identity, and what is wrong or
// wasteful about them. A plan is pure data and a pure function of the study, of what its data files
// hold and of the records that are there already: tuning makes it in two rounds, first the trials,
// then, once all of them are recorded, the arms with the values found.
namespace saggio::harness {

// One resolved run. Its identity is the SHA-256 of all fields but `label`; files count by their
// content.
struct RunSpec {
  std::string module, version;
  Values config;
  uint64_t seed = 0;
  std::vector<std::string> shared;
  int threads = 1;
  std::string device = "cpu";
  std::map<std::string, std::string> data;  // file key -> SHA-256
  std::string label;                        // "first/minus_gate seed 3": for people
  std::string id;                           // 64 hexadecimal digits
};

std::string identity(const RunSpec& spec, const Schema& schema);
nlohmann::json to_json(const RunSpec& spec);
RunSpec run_spec_from_json(const nlohmann::json& json);
std::string folder_name(const std::string& id);  // the first 16 digits

struct PlannedArm {
  std::string name, label;
  std::string task;                     // on which; empty: the study has but one
  Values config;                        // resolved
  Values difference;                    // to the full system on this task
  std::vector<std::string> notes;       // "model.ffn_width = 171 to match params"
  std::vector<std::string> off;         // the components that are off in it, implied ones too
  std::vector<std::string> components;  // those that it is about; none: full, grid, zip
  std::string same_as;  // an earlier arm with the same configuration, whose runs it shares
  std::vector<std::string> run_ids;  // by seed, from 1
};

std::string full_name(const PlannedArm& arm);  // "minus_gate", or "minus_gate on shakespeare"
// By its name, which it has on each task, or its full name.
bool is_called(const PlannedArm& arm, const std::string& name);

// The search of one component: what was tried and what was found.
struct Tuning {
  std::string component, metric, task;
  struct Trial {
    std::string contender;  // arm name
    Values values;
    std::vector<std::string> run_ids;
    std::optional<double> mean;  // once all its runs are there; infinity if one diverged
  };
  std::vector<Trial> trials;
  std::map<std::string, Values> chosen;  // contender -> values; empty until every trial is recorded
  std::string note;  // how many trials, extensions of the grid, an optimum on an edge; once chosen
};

struct Plan {
  std::vector<PlannedArm> arms;  // the baseline first
  std::vector<RunSpec>
      runs;  // distinct, tuning first, then seed by seed so that all arms progress together
  std::vector<Tuning> tunings;
  bool waiting_for_tuning = false;  // the arms' runs follow once the trials are recorded
  std::vector<std::string> warnings;
};

// What a plan may ask. Every part is a plain function so that tests and `saggio table` need no
// worker.
struct Sources {
  struct File {
    std::filesystem::path path;  // empty: known by name, not on this machine
    std::string sha256;
  };
  // A file field's value: a path, relative to `base`, or "data:NAME" for a public data set.
  std::function<File(const std::string& value, const std::filesystem::path& base)> file;
  std::function<std::map<std::string, double>(const std::string& module, const Values& config)>
      count;
  std::function<const results::Record*(const std::string& id)> record;  // nullptr: not recorded
};

// Throws std::invalid_argument: a condition or component that cannot be applied, no width that
// matches, a missing file.
Plan make_plan(const Study& study, const ModuleInfo& module, const Sources& sources);

// Tuning seeds start here; reporting seeds are 1, 2, ..., n.
inline constexpr uint64_t kFirstTuningSeed = 1'000'001;

}  // namespace saggio::harness
