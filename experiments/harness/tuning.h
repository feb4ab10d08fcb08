// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "experiments/harness/plan.h"

// Equal tuning: every contender of a component (the full system, its alternatives, its off arm)
// gets the same trials on the same tuning seeds. One axis is a grid that grows, for all contenders
// alike, while some contender's best value lies on its edge; several axes are Halton points. A
// diverged trial loses against every other.
namespace saggio::harness {

using AddTrial =
    std::function<std::string(const Values& config, uint64_t seed, const std::string& label)>;

// The trials of one component, and the values chosen once all of them are recorded. `goal` is that
// of the study's metric.
Tuning tune(const Component& component,
            const Values& base,
            results::Goal goal,
            const ModuleInfo& module,
            const Sources& sources,
            const AddTrial& add_trial);

}  // namespace saggio::harness
