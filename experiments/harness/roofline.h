// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "experiments/harness/probe.h"

namespace saggio::harness {

// What this machine's CPU cannot exceed, whatever runs on it: all its hardware threads at the
// highest clock, each with two of the widest fused multiply-adds per cycle, and two loads and a
// store of the widest register. Far above what a program reaches, so only a wrong count or a wrong
// clock exceeds it.
Limits limits_of_this_machine();

// The same, derived from the text of /proc/cpuinfo.
Limits limits_of(std::string_view cpuinfo, double highest_hertz, unsigned threads);

}  // namespace saggio::harness
