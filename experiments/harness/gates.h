// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "experiments/harness/module.h"
#include "experiments/harness/plan.h"
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

// G3, by what tuning did: every contender of a component has the same trials, and no other arm
// brings its own value of what was tuned for the rest. An arm that is about it says so: `differs`.
GateResult check_equal_trials(const Study& study, const Plan& plan);

// G3, by what training starts from: no arm differs from the first in initial weights (where name
// and shape agree), data order, decay or clipping, except in what it says.
struct ArmStart {
  std::string arm;
  ProbeStart start;
  std::vector<std::string> differs;  // what it says: "init", "data", "decay", "clip", ...
};
GateResult check_optimizer_fairness(const std::vector<ArmStart>& arms);

// The same, by the module's probe of each arm's configuration. Stops at the first that has no
// `start`: not applicable.
struct ArmConfig {
  std::string arm;
  Values config;
  std::vector<std::string> differs;
};
GateResult check_arms(const ModuleEntry& module, const std::vector<ArmConfig>& arms);

// What an arm says it differs in: by its components, and by the streams that the study does not
// share.
std::vector<std::string> said_to_differ(const Study& study, const PlannedArm& arm);

// G6: trained on shuffled labels, over six seeds, the score must be worse each time (sign flips at
// 5 %), and not better than chance.
GateResult check_label_shuffle(const std::optional<ProbeLabels>& labels);

// G8: no recorded rate above the limits. Rates: FLOPs of the ledger per second, `moved_bytes` per
// second, and the metrics .../flops_per_second, .../bytes_per_second, .../tokens_per_second (by
// the ledger's flops_per_token and bytes_per_token).
GateResult check_roofline(const results::Record& record, const Limits& limits);

// G9: a component without which the outputs are the same to the last bit; by the probe, and by the
// recorded runs of a study (every metric of every pair, against the first arm).
GateResult check_module_effect(const Probe& probe);
GateResult check_arm_effects(const results::StudyData& study);

// G12: every path gives what the first gives, within its tolerance.
GateResult check_parity(const std::vector<ProbePath>& paths);

// All that `saggio check` runs on one module: G1, G2, G6, G7, G9, G12 by its probe.
std::vector<GateResult> check_module(const ModuleEntry& module, const Values& config);

// The part of it that is cheap enough for every run: G2 and G7, one line per failure; and what the
// probe knows of its device.
struct CheapGates {
  std::vector<std::string> warnings;
  std::optional<Limits> limits;
};
CheapGates cheap_gates(const ModuleEntry& module, const Values& config);

}  // namespace saggio::harness
