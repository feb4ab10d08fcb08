// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/harness/gates.h"
#include "experiments/harness/plan.h"
#include "experiments/harness/worker_process.h"
#include "results/store/evidence.h"
#include "results/store/index.h"
#include "results/store/run_dir.h"
#include "results/study_data.h"

// The folder `runs/` as one study sees it, joined with the study's committed evidence: which runs
// there are, what they recorded, and the plan that follows. A run counts once, from its directory
// if that is here, else from the evidence.
//
//   runs/index.db          a cache of everything below; delete it at will
//   runs/patches/          code differences, by hash
//   runs/STUDY/looks.json  how many seeds were planned, and each extension
//   runs/STUDY/lock        held by the launcher
//   runs/STUDY/ID/         a run
namespace saggio::harness {

struct Setup {
  std::filesystem::path runs;    // "runs"
  std::filesystem::path worker;  // the worker program
  WorkerInfo info;               // what it holds
  // Where a public data set's file is and what it must hash to; throws std::invalid_argument for an
  // unknown name.
  std::function<Sources::File(const std::string& name)> public_data;
};

class Workspace {
 public:
  Workspace(Study study, const Setup& setup);
  ~Workspace();

  const Study& study() const { return study_; }
  std::filesystem::path study_folder() const;
  results::RunDir run_dir(const std::string& id) const;

  void refresh();  // reads what other processes have committed since
  Plan plan();     // from what is recorded now
  const results::Record* record(const std::string& id) const;

  // Arms with their runs on one task, for tables, plots, reports and verdicts. Reads directories
  // and evidence alike.
  results::StudyData collect(const Plan& plan, const std::string& task = "") const;
  results::Evidence evidence(
      const Plan& plan) const;  // all that is recorded of the plan, to be committed; undated

  // Gate G3 by the module's probe, of each task's arms: one result a task, none if it
  // has no probe. Asked of the worker once per build and plan. Throws if a file is not here.
  std::vector<GateResult> fairness(const Plan& plan);

  // The seeds that were planned first and how often they were extended. `extend` records the
  // study's present number.
  struct Looks {
    int64_t seeds = 0;                                        // 0: never launched
    std::vector<std::pair<int64_t, std::string>> extensions;  // to how many, and when
  };
  Looks looks() const;
  void extend();

  // file key -> where the file lies, of the files that a config names; the config with these places
  // in it. Throws if one is not on this machine.
  std::map<std::string, std::filesystem::path> files(const Values& config) const;
  Values located(Values config) const;
  size_t known_runs() const { return runs_.size(); }  // of any configuration
  // The median; for estimates.
  std::optional<double> seconds_of_past_runs(const RunSpec& spec) const;

  // env.json for runs that start now; keeps the code's patch under runs/patches.
  nlohmann::json environment() const;
  WorkerProcess& helper();  // a worker for questions (counts, gates), started when first asked
  const Setup& setup() const { return setup_; }
  const ModuleInfo& module() const;

 private:
  Sources sources();
  Sources::File file(const std::string& value, const std::filesystem::path& base) const;

  Study study_;
  const Setup& setup_;
  // A run as the index has it; its record is parsed when somebody asks.
  struct Known {
    std::optional<results::RunRow> row;
    std::optional<results::RunResult> run;
  };
  const results::RunResult* find(const std::string& id) const;

  mutable results::Index index_;
  std::optional<results::Evidence> evidence_;  // what was committed earlier
  mutable std::map<std::string, Known> runs_;  // by the name of the run's folder
  std::unique_ptr<WorkerProcess> helper_;
};

// The committed evidence that belongs to a study file: ../evidence/NAME.jsonl beside the study's
// folder.
std::filesystem::path evidence_file(const Study& study);

}  // namespace saggio::harness
