// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiments/harness/module.h"
#include "results/study_data.h"

// The honesty gates that look inside one module (through its probe) and at what a study reports.
// Each is tested with a planted fault that it must catch and a clean case that it must pass.
namespace saggio::harness {

struct GateResult {
  enum class Status { kPassed, kFailed, kNotApplicable };
  std::string gate;  // "G1 causality"
  Status status = Status::kPassed;
  std::string message;  // what was found, or why it does not apply
};

GateResult check_causality(
    const Probe& probe);  // G1: changing token t+1 must leave the outputs up to t as they are
GateResult check_gradient_coverage(const std::vector<ProbeParameter>& parameters);  // G2
GateResult check_counts(const std::vector<ProbeParameter>& parameters,
                        const std::map<std::string, double>& claimed);  // G7

// G5: a training metric reported as a result. `metric` is the study's.
GateResult check_held_out(const std::string& metric);

// G4: every summary that a table shows must name the runs behind it.
GateResult check_measured_cells(const results::StudyData& study);

// All that `saggio check` runs on one module: G1, G2, G7 by its probe.
std::vector<GateResult> check_module(const ModuleEntry& module, const Values& config);

// The part of it that is cheap enough for every run: G2 and G7. One line per failure.
std::vector<std::string> cheap_warnings(const ModuleEntry& module, const Values& config);

}  // namespace saggio::harness
