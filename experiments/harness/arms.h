// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/harness/plan.h"

// The designs: which arms a study has, and what each of them changes.
namespace saggio::harness {

// The full system first. `base` is resolved and tuned; `tuned` holds what tuning found for the
// other contenders, by arm name. Appends to `warnings` what a user should know: arms that were
// skipped, components that change nothing.
std::vector<PlannedArm> make_arms(const Study& study,
                                  const Values& base,
                                  const std::map<std::string, Values>& tuned,
                                  const ModuleInfo& module,
                                  const Sources& sources,
                                  std::vector<std::string>& warnings);

// The same arm as a contender of tuning: `base` with `overrides`, matched if the component asks for
// it.
Values with_overrides(const Values& base, const Values& overrides);

// Solves module.match_by so that `config` has as much of `count` as `reference`, within 1 %. Throws
// std::invalid_argument saying how near the nearest value comes.
Values matched(const Values& config,
               const Values& reference,
               const std::string& count,
               const ModuleInfo& module,
               const Sources& sources,
               const std::string& where);

}  // namespace saggio::harness
