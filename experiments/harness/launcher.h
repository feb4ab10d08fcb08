// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "experiments/harness/plan.h"
#include "experiments/harness/workspace.h"

// Runs what a plan still lacks, on a pool of workers that each serve many runs. Safe to kill at any
// moment: what was committed stays, what was under way continues from its checkpoint when the same
// command is given again. One launcher per study.
namespace saggio::harness {

struct LaunchOptions {
  int jobs = 1;
  std::vector<std::string> only;  // arm names; empty: all
  bool force = false;             // runs everything again
  double checkpoint_seconds = 30;
};

// What is going on, for the terminal. Called on the launcher's thread.
struct Progress {
  struct Running {
    std::string label;
    double fraction;  // of this run; 0 if unknown
    std::string id;
  };
  size_t total = 0, reused = 0, finished = 0, diverged = 0, over_budget = 0, failed = 0;
  std::vector<Running> running;
  double seconds = 0, seconds_left = -1;  // left: -1 while unknown
};

struct Observer {
  std::function<void(const Progress&)> tick;  // a few times a second
  std::function<void(const RunSpec&, const results::Record&, const Progress&)>
      done;                                           // after each run
  std::function<void(const std::string& line)> note;  // a line worth showing once
};

struct LaunchReport {
  Progress progress;
  bool interrupted = false;  // Ctrl-C, or the study's total time: the same command continues
  std::string why_stopped;   // empty if everything that could run did
  bool device_missing = false;
};

// Another launcher works on this study: try again later.
struct StudyBusy : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// `interrupted` is set by a signal handler; a second value of 2 gives up waiting for checkpoints.
LaunchReport launch(const Study& study,
                    Workspace& workspace,
                    const LaunchOptions& options,
                    const Observer& observer,
                    const std::atomic<int>& interrupted);

}  // namespace saggio::harness
